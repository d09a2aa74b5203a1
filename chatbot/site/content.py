"""What the public page shows beside the texts of the campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus

SOURCE: Final = "web"
"""Who comes by the button or the QR code of the page is counted under this name."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A sent broadcast: its posts by language, and when it was sent."""

    posts: Mapping[Language, Post]
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class SiteContent:
    """Everything that may change while the bot runs."""

    bot_link: str
    """`https://t.me/<bot>`."""
    status: PetitionStatus
    signed_here: int
    timeline: Sequence[TimelineEntry] = ()
    """Newest first."""
    address: str | None = None
    """Where people find the page, with a slash at the end. None leaves out what needs it."""
    pictures: Mapping[Language, bytes] = field(default_factory=dict)
    """Pictures for previews, as PNG."""

    @property
    def link(self) -> str:
        """The link that opens the petition in Telegram."""
        return f"{self.bot_link}?start={SOURCE}"

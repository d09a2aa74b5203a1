"""Place: a channel or group that organizers linked, and where the bot may post."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign

PlaceKind = Literal["channel", "group"]
"""A supergroup is a group."""
PlaceTrouble = Literal["rights", "removed", "refused"]
"""Why posts do not arrive: the bot lacks a right, it was removed, or Telegram refused a post for another reason."""

REQUEST_IDS: Final[Mapping[PlaceKind, int]] = {"channel": 1, "group": 2}
"""The numbers of the buttons that share a place with the bot; Telegram repeats them with the answer."""

CARD_ASKED: Final = 0
"""Stands for the message of a card that is on its way; Telegram's numbers begin at 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """A linked channel or group. `code` stays the same for ever; `chat_id` changes if a group becomes a supergroup."""

    code: str
    """The payload of its start link, and so its source in the statistics."""
    chat_id: int
    kind: PlaceKind
    title: str
    language: Language
    """The language of posts there."""
    linked_at: datetime
    is_paused: bool = False
    is_linked: bool = True
    trouble: PlaceTrouble | None = None
    trouble_at: datetime | None = None
    card_message_id: int | None = None
    """The message of the pinned card, or `CARD_ASKED`; None without a card."""

    @property
    def has_card(self) -> bool:
        """Whether a card is there, whose number is kept up to date."""
        return self.card_message_id is not None and not self.gets_card

    @property
    def gets_card(self) -> bool:
        """Whether a card is on its way."""
        return self.card_message_id == CARD_ASKED

    @property
    def takes_posts(self) -> bool:
        """Whether to post there. After a refusal it is tried again: it may have been Telegram's own trouble."""
        return self.is_linked and not self.is_paused and self.trouble in (None, "refused")


def choose_language(broadcast: Broadcast, language: Language, campaign: Campaign) -> Language | None:
    """Return the language of the post for a place: that of readers of its language, whatever the audience."""
    return replace(broadcast, audience=Audience()).choose_language(language, campaign)


def may_go_to_places(broadcast: Broadcast) -> bool:
    """Whether organizers may choose places. A notice about the appeal has buttons for one person each."""
    return broadcast.kind == "update" and broadcast.renews is None

"""What a job handler works with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from markupsafe import Markup

from chatbot.documents.table import Made
from chatbot.i18n import Translator
from chatbot.jobs.private_files import Folder
from chatbot.petition.dates.zones import read_zone
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.storage import Database
from chatbot.storage.organizer import team


class ChatSender(Protocol):
    """Sends things to a chat; implemented in transport.

    Raises `RetryLaterError` if Telegram cannot do it now, `ChatMovedError` for a group with a new id, and the errors by
    which Telegram refuses the whole bot.
    """

    async def show(self, chat_id: int, screen: Screen, message_id: int | None = None) -> int | None:
        """Show `screen` by editing the message, or in a new message if there is none; return its id.

        None if the chat is gone for good.
        """

    async def send_file(
        self,
        chat_id: int,
        path: Path,
        name: str,
        caption: Markup,
        media_kind: Literal["document", "photo"] = "document",
    ) -> str | None:
        """Send the file at `path` as `name`; return its file_id, or None if the chat is gone for good."""

    async def set_menu(self, chat_id: int, menu: Mapping[str | None, tuple[tuple[str, str], ...]]) -> bool:
        """Give a chat its own menu by language, or the public one if it is empty; False if there is no such chat."""

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """Pin a message without a sound. False if the bot may not."""

    async def unpin(self, chat_id: int, message_id: int) -> None:
        """Unpin a message, if the bot may."""


Make = Callable[[ExportRequest, Path], Awaitable[Made]]
"""Makes an export in a private folder, in files small enough for Telegram. Raises `DatabaseUnavailableError`."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What every job handler gets."""

    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    chat_sender: ChatSender
    configured_owners: frozenset[int]
    """Owners named in the settings."""
    folder: Folder
    """Where files are written before they are sent."""
    make: Make
    """Makes an export in a child process."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seals: bool = False
    """Whether names and reasons are sealed, in exports too."""

    async def speak_to(self, person_id: int) -> Translator:
        """Return the translator for a person. Members of the team see hours in their own zone, or the campaign's."""
        reader = await self.database.transact(team.find_reader, person_id)
        _ = self.translators[reader.language or ""]
        is_member = reader.is_member or person_id in self.configured_owners
        return _.in_zone(read_zone(reader.zone) or self.campaign.zone) if is_member else _

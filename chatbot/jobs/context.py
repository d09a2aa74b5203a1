"""What whoever carries out an errand has at hand."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from markupsafe import Markup

from chatbot.documents.table import Made
from chatbot.i18n import Translator
from chatbot.jobs.private_files import Folder
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.storage import Database
from chatbot.storage.people import supporters


class ChatSender(Protocol):
    """Brings things to a chat. Transport has the real one.

    What cannot be done now raises `RetryLaterError`. Beside it, only a refusal of the bot as a whole is raised.
    """

    async def show(self, chat_id: int, screen: Screen, message_id: int | None = None) -> int | None:
        """Show `screen` in place of a message, or in a new one where there is none (any more); its id.

        None where nobody can be shown anything in this chat, and never will be.
        """

    async def send_file(
        self,
        chat_id: int,
        path: Path,
        name: str,
        caption: Markup,
        media_kind: Literal["document", "photo"] = "document",
    ) -> str | None:
        """Send the file at `path` under the name `name`; its file_id, None where nobody can be sent anything."""

    async def set_menu(self, chat_id: int, menu: Mapping[str | None, tuple[tuple[str, str], ...]]) -> bool:
        """Give a chat its own menu by language, or the public one if it is empty; False if there is no such chat."""


Make = Callable[[ExportRequest, Path], Awaitable[Made]]
"""Makes what was ordered in a private folder, in files that Telegram takes. Raises `DatabaseUnavailableError`."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """Everything an errand may need."""

    database: Database
    campaign: Campaign
    translators: Mapping[str, Translator]
    chat_sender: ChatSender
    organizers: frozenset[int]
    """Who is an owner by the settings."""
    folder: Folder
    """Where files are made on their way."""
    make: Make
    """Makes a document, beside everything else that goes on."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seals: bool = False
    """Whether names and reasons are sealed, so that a document holds them sealed."""

    async def speak_to(self, person_id: int) -> Translator:
        """The translator for somebody's language."""
        language = await self.database.transact(supporters.find_language, person_id)
        return self.translators[language or "en"]

"""A job context without Telegram: its chat sender records what it sends and fails on request."""

from collections import deque
from collections.abc import KeysView, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from markupsafe import Markup

from chatbot.documents.make import DocumentContext, make
from chatbot.i18n import Translators
from chatbot.jobs.context import JobContext
from chatbot.jobs.private_files import Folder
from chatbot.jobs.registry import HANDLERS, JobHandler
from chatbot.jobs.runner import Runner
from chatbot.petition.job import Job
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs
from tests.support.cast import HANA, NOW, YUNA
from tests.support.signers import add_signer

OWN_COMMANDS = {"export": "owner", "broadcast": "organizer", "stats": "viewer"}
"""The role that a menu is for, by a command that it has: the first that is found decides."""


class RefusedError(Exception):
    """Telegram does not accept the token."""


class FakeChatSender:
    """Keeps all chats in memory. Each call takes one item from `trouble`: an error to raise, or None."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, str]] = []
        self.silent: list[bool] = []
        """Whether what was shown makes no sound."""
        self.edited: dict[int, list[int]] = {}
        """By person, the messages that were edited."""
        self.files: list[tuple[int, str, bytes, str]] = []
        self.gone: set[int] = set()
        self._message_ids = count(1)
        self.menus: dict[int, str | None] = {}
        self.menu_commands: dict[int, KeysView[str]] = {}
        """In the order of the menu."""
        self.pinned: dict[int, int] = {}
        self.trouble: deque[Exception | None] = deque()

    async def show(self, chat_id: int, screen: Screen, message_id: int | None = None) -> int | None:
        self._meet()
        if chat_id in self.gone:
            return None
        self.shown.append((chat_id, str(screen.text)))
        self.silent.append(screen.silent)
        if message_id is None:
            return next(self._message_ids)
        self.edited.setdefault(chat_id, []).append(message_id)
        return message_id

    async def send_file(
        self, chat_id: int, path: Path, name: str, caption: Markup, media_kind: str = "document"
    ) -> str | None:
        self._meet()
        if chat_id in self.gone:
            return None
        self.files.append((chat_id, name, path.read_bytes(), str(caption)))  # noqa: ASYNC240 - a test may wait for the disk
        return f"file-{len(self.files)}"

    async def set_menu(self, chat_id: int, menu: Mapping[str | None, tuple[tuple[str, str], ...]]) -> bool:
        self._meet()
        if chat_id in self.gone:
            return False
        commands = dict(menu[None]).keys()
        self.menu_commands[chat_id] = commands
        self.menus[chat_id] = next((role for name, role in OWN_COMMANDS.items() if name in commands), None)
        return True

    async def pin(self, chat_id: int, message_id: int) -> bool:
        self._meet()
        self.pinned[chat_id] = message_id
        return chat_id not in self.gone

    async def unpin(self, chat_id: int, message_id: int) -> None:
        self._meet()
        if self.pinned.get(chat_id) == message_id:
            del self.pinned[chat_id]

    def _meet(self) -> None:
        if self.trouble and (error := self.trouble.popleft()) is not None:
            raise error


class JobDriver:
    """Adds and runs jobs; its clock stands still until a test moves it."""

    def __init__(
        self,
        database: Database,
        campaign: Campaign,
        translators: Translators,
        folder: Path,
        named: frozenset[int] = frozenset({YUNA, HANA}),
    ) -> None:
        self.database = database
        self.chat_sender = FakeChatSender()
        self.now = NOW
        words = translators.in_zone(campaign.zone)
        documents = DocumentContext(database, campaign, words, clock=lambda: self.now)
        self.context = JobContext(
            database,
            campaign,
            translators,
            self.chat_sender,
            named,
            Folder(folder),
            partial(make, documents, bounded=True),
            lambda: self.now,
        )

    def runner(self, handlers: Mapping[str, JobHandler] = HANDLERS) -> Runner:
        return Runner(self.context, handlers=handlers, refusals=(RefusedError,))

    async def add(self, kind: str, *, chat_id: int | None = YUNA, **details: Any) -> int:
        return await self.database.transact(jobs.add, kind, details, self.now, chat_id=chat_id)

    async def left(self) -> list[Job]:
        """List all jobs that are not done, due or not."""

        async def work(tx: Transaction) -> list[Job]:
            return await jobs.find_due(tx, self.now + timedelta(days=365), (), 1000)

        return await self.database.transact(work)

    async def sign(self, first: int, last: int, *, country: str = "KR", name: str = "하나", **more: Any) -> None:
        """Sign for these supporters, one after the other; `more` replaces fields of the signatures."""

        async def work(tx: Transaction) -> None:
            for each in range(first, last + 1):
                await add_signer(tx, each, name=name, country=country, now=self.now, **more)

        await self.database.transact(work)

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

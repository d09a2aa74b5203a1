"""Taps the buttons on a member's screens, and finds those that change what is stored."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Final

from chatbot.conversation.steps import TEAM_BUTTONS
from chatbot.screens import callbacks
from tests.support.chat import Chat

_MOST: Final = 12
"""How often a button is tapped in different states, in which it may do something else."""
_IN_ONE_STATE: Final = 2
_DEEPEST: Final = 4
BESIDE: Final = ("processed_updates", "supporters", "confirmations", "followed_messages", "sqlite_")
"""What any turn notes: what it heard, what it asked whom, and which messages show a broadcast."""


def read_kind(action: str) -> str:
    """Return what a button does, without about what: `broadcast:open`."""
    return ":".join(action.split(":")[:2])


class LiveButtons:
    """Taps the team's buttons, and notes which change something, beside those of which that is known."""

    def __init__(self, url: str, known: Collection[str]) -> None:
        self._path = url.removeprefix("sqlite:///")
        self._known = known
        self.tapped: Counter[str] = Counter()
        self.changing: dict[str, list[str]] = {}
        """The data of each button that changed something, and the tables that it changed."""

    @contextmanager
    def putting_back(self) -> Iterator[sqlite3.Connection]:
        """Put back afterwards all that is stored now. Yields a copy of it."""
        with closing(sqlite3.connect(self._path)) as now, closing(sqlite3.connect(":memory:")) as before:
            now.backup(before)
            yield before
            before.backup(now)

    async def explore(self, chat: Chat, seen: Counter[str], depth: int = 0) -> None:
        """Tap the buttons of the screen that a chat shows, and of the screens behind, few of a kind."""
        screen = chat.screen
        for action in chat.actions:
            kind = read_kind(action)
            if (
                callbacks.read(action).verb not in TEAM_BUTTONS
                or seen[kind] >= _IN_ONE_STATE
                or depth > _DEEPEST
                or self.tapped[kind] >= _MOST
            ):
                continue
            seen[kind] += 1
            self.tapped[kind] += 1
            with self.putting_back() as before:
                await chat.presses(action)
                if kind not in self._known and (changed := self._compare(before)):
                    self.changing[action] = changed
                await self.explore(chat, seen, depth + 1)
            chat.screen = screen

    def _compare(self, before: sqlite3.Connection) -> list[str]:
        with closing(sqlite3.connect(self._path)) as now:
            tables = [row[0] for row in now.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept = [f'SELECT * FROM "{table}"' for table in tables if not table.startswith(BESIDE)]
            return [each for each in kept if before.execute(each).fetchall() != now.execute(each).fetchall()]

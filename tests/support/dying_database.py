"""A process that is killed in the middle of a turn."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.storage import Database, Transaction
from chatbot.storage.engine.database import Work
from tests.support.chat import Chat


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of the process runs any more."""


class DyingDatabase:
    """A database in a process that is killed in its next transaction: before the commit, or right after it."""

    def __init__(self, database: Database, *, commits: bool) -> None:
        self._database = database
        self._commits = commits

    async def transact(self, work: Work[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        async def dying(tx: Transaction) -> None:
            await work(tx, *args, **kwargs)
            if not self._commits:
                raise RuntimeError("killed")  # the transaction is rolled back, as after the death of its process

        with suppress(RuntimeError):
            await self._database.transact(dying)
        raise KilledError


async def press_and_die(chat: Chat, action: str, database: Database, *, commits: bool) -> None:
    """Press a button in a process that is killed by it. Telegram then delivers the update to another process."""
    await act_and_die(chat, lambda: chat.presses(action), database, commits=commits)


async def act_and_die(chat: Chat, act: Callable[[], Awaitable[Any]], database: Database, *, commits: bool) -> None:
    """Do something in a process that is killed by it. Telegram then delivers the update to another process."""
    alive = chat.dialog
    chat.dialog = Dialog(
        DyingDatabase(database, commits=commits),  # type: ignore[arg-type]
        alive._campaign,
        alive._translators,
        alive.bot_link,
        alive._clock,
        team=alive._team,
    )
    with pytest.raises(KilledError):
        await act()
    chat.dialog = alive
    await chat.again()

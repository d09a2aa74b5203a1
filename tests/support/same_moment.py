"""Two acts in the same moment: the second begins when the first has done its work, and before that is committed.

Only PostgreSQL runs transactions side by side, so the second reads there what the first is about to change.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import asyncpg

from chatbot.conversation.dialog import Dialog
from chatbot.storage import Database, Transaction
from chatbot.storage.engine.database import Work
from tests.support.chat import Chat
from tests.support.limits import GIVE_UP

Act = Callable[[], Coroutine[Any, Any, Any]]
_IS_WAITING = (
    "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class HeldDatabase:
    """A database whose transactions do all their work, and commit when they are let go."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.has_worked, self.may_commit = asyncio.Event(), asyncio.Event()

    async def transact(self, work: Work[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Hold the commit."""

        async def held(tx: Transaction) -> Any:
            result = await work(tx, *args, **kwargs)
            self.has_worked.set()
            await self.may_commit.wait()
            return result

        return await self._database.transact(held)

    async def purge_deleted(self) -> None:
        """Purge nothing: PostgreSQL does not."""


async def act_at_once(url: str, chat: Chat, first: Act, second: Act) -> None:
    """Do the first act in this chat, and the second, which finds nothing of it committed yet."""
    alive = chat.dialog
    held = HeldDatabase(alive._database)
    chat.dialog = Dialog(
        held,  # type: ignore[arg-type]
        alive._campaign,
        alive._translators,
        alive.bot_link,
        alive._clock,
        team=alive._team,
    )

    async def second_with_all_chats() -> None:
        chat.dialog = alive
        await second()

    await begin_before_commit(url, held, first, second_with_all_chats)
    chat.dialog = alive


async def begin_before_commit(url: str, held: HeldDatabase, first: Act, second: Act) -> None:
    """Begin the second act when the first has done its work in the held database, then let the first commit."""
    async with asyncio.timeout(GIVE_UP):
        doing = asyncio.create_task(first())
        await held.has_worked.wait()
        late = asyncio.create_task(second())
        await _wait_until_it_waits(url, late)
        held.may_commit.set()
        await asyncio.gather(doing, late)


async def _wait_until_it_waits(url: str, late: "asyncio.Task[Any]") -> None:
    """Wait until the second act waits for a lock of the first, or needs none and is done."""
    bystander = await asyncpg.connect(url)
    try:
        while not late.done() and not await bystander.fetchval(_IS_WAITING):  # noqa: ASYNC110 - the server sends no event
            await asyncio.sleep(0.002)
    finally:
        await bystander.close()

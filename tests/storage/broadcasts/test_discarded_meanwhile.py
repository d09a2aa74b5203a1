"""Another process discards a draft after a list has found it and before it is read."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, drafts, lifecycle, waiting
from chatbot.storage.engine.database import Row, Value
from tests.support.broadcasts import draft
from tests.support.campaigns import BUNDLED
from tests.support.cast import SAM, YUNA

AT = timedelta(hours=1)


class DiscardingTransaction(Transaction):
    """A transaction beside which another process discards a draft, after each query."""

    def __init__(self, tx: Transaction, broadcast_id: int) -> None:
        self._tx = tx
        self._broadcast_id = broadcast_id

    async def run(self, sql: str, **values: Value) -> int:
        return await self._tx.run(sql, **values)

    async def one(self, sql: str, **values: Value) -> Row | None:
        row = await self._tx.one(sql, **values)
        await self._discard(sql)
        return row

    async def all(self, sql: str, **values: Value) -> list[Row]:
        rows = await self._tx.all(sql, **values)
        await self._discard(sql)
        return rows

    async def _discard(self, sql: str) -> None:
        if sql.startswith("SELECT"):
            await drafts.discard(self._tx, self._broadcast_id)


Ask = Callable[[Transaction, datetime], Awaitable[Any]]
ASKED: dict[str, Ask] = {
    "scheduled": lambda tx, _now: broadcasts.list_scheduled(tx),
    "under way": lambda tx, _now: broadcasts.list_under_way(tx, YUNA),
    "unreported": lambda tx, _now: lifecycle.list_unreported(tx),
    "to approve": lambda tx, _now: waiting.list_to_approve(tx, SAM, 10),
    "due": lambda tx, now: deliveries.start_due(tx, BUNDLED, now + AT),
}


@pytest.mark.parametrize("what", [*ASKED, "drafts", "draft"])
async def test_draft_discarded_meanwhile_is_left_out(database: Database, now: datetime, what: str) -> None:
    async def work(tx: Transaction) -> None:
        written = await draft(tx, now, ko="소식")
        if what not in ("drafts", "draft"):
            assert await drafts.schedule(tx, written.id, written.revision, now + AT, YUNA)
            scheduled = await broadcasts.get(tx, written.id)
            await approvals.ask(tx, written.id, scheduled.revision, YUNA, now, starts=False)
        if what == "unreported":
            await deliveries.start_due(tx, BUNDLED, now + 3 * AT)
        discarding = DiscardingTransaction(tx, written.id)
        if what == "drafts":
            assert await broadcasts.list_drafts(discarding, YUNA) == []
        elif what == "draft":
            assert await broadcasts.find_draft(discarding, YUNA) is None
        else:
            assert not await ASKED[what](discarding, now)
        assert await broadcasts.find(tx, written.id) is None

    await database.transact(work)

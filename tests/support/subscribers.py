"""Subscribers and the outcomes of their deliveries, without a worker or Telegram."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, NotSent, Result, Sent
from chatbot.petition.languages import Language
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, lifecycle
from tests.support.campaigns import BUNDLED
from tests.support.cast import NOW
from tests.support.stored_broadcasts import gather_all, subscribe


class Mailroom:
    """Works on the database of a dialog. Supporters' ids are also the ids of the messages they get."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.campaign = BUNDLED
        self.now = NOW

    async def subscribe(self, ids: Iterable[int], language: Language = "ko", country: str | None = None) -> None:
        await self.database.transact(subscribe, ids, self.now, language, country)

    async def all(self) -> list[Broadcast]:
        """List all broadcasts, the oldest first."""

        async def work(tx: Transaction) -> list[Broadcast]:
            return [
                await broadcasts.get(tx, row["id"]) for row in await tx.all("SELECT id FROM broadcasts ORDER BY id")
            ]

        return await self.database.transact(work)

    async def newest(self) -> Broadcast:
        return (await self.all())[-1]

    async def deliver(
        self, result: Callable[[Delivery], Result | NotSent] = lambda to: Sent(to.supporter_id), limit: int = 1000
    ) -> list[Delivery]:
        """Send the running broadcast to at most `limit` people, and end it once all were tried; returns those tried."""

        async def work(tx: Transaction) -> list[Delivery]:
            broadcast = await deliveries.find_running(tx)
            if broadcast is None:
                return []
            broadcast = await gather_all(tx, broadcast, self.now, campaign=self.campaign)
            while not await audience.put_back(tx, broadcast, 1000):
                pass
            claim = await deliveries.claim(tx, broadcast, limit)
            results = [(each, found) for each in claim.deliveries if not isinstance(found := result(each), NotSent)]
            await deliveries.record(tx, broadcast.id, results, self.now)
            if not (await deliveries.tally(tx, broadcast.id)).left:
                await lifecycle.end(tx, broadcast.id, "done", self.now)
            return list(claim.deliveries)

        found = await self.database.transact(work)
        self.now += timedelta(seconds=1)
        return found

    async def deliver_all(self, result: Callable[[Delivery], Result] = lambda to: Sent(to.supporter_id)) -> None:
        """Send all running broadcasts completely."""
        while any(each.state is BroadcastState.RUNNING for each in await self.all()):
            await self.deliver(result)

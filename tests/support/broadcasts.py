"""Seeds subscribers and broadcasts, and delivers them without Telegram.

The functions work in a transaction. `BroadcastDriver` does the same on a database, each in one call.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastKind, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, NotSent, Result, Sent
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, drafts, lifecycle
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.engine import timestamps
from chatbot.storage.people import subscriptions, supporters
from tests.support.campaigns import BUNDLED
from tests.support.cast import NOW, YUNA
from tests.support.limits import GIVE_UP
from tests.support.signers import add_signer


async def subscribe(
    tx: Transaction, ids: Iterable[int], now: datetime, language: Language = "ko", country: str | None = None
) -> None:
    """Subscribe these people; with a country, they have signed as well."""
    for each in ids:
        if country:
            await add_signer(tx, each, country=country, language=language, appeal_version="x", first_number=1, now=now)
        else:
            await supporters.meet(tx, each, language=language, now=now)
        await subscriptions.subscribe(tx, each, language, now)


async def draft(
    tx: Transaction, now: datetime, *, kind: BroadcastKind = "update", of: Broadcast | None = None, **words: str
) -> Broadcast:
    """Create 유나's draft with these posts, by language."""
    begun = await drafts.create(tx, YUNA, now, kind=kind, of=of)
    for language, text in words.items():
        assert await drafts.write_post(tx, begun.id, language, Post(Markup(text)))
    return await broadcasts.get(tx, begun.id)


async def start(tx: Transaction, broadcast: Broadcast, now: datetime) -> Broadcast:
    """Start sending a draft in this revision."""
    assert await lifecycle.start(tx, broadcast.id, broadcast.revision, YUNA, now)
    return await broadcasts.get(tx, broadcast.id)


async def gather_all(
    tx: Transaction, broadcast: Broadcast, now: datetime, batch: int = 1000, *, campaign: Campaign = BUNDLED
) -> Broadcast:
    """Make the deliveries of the whole audience."""
    while not await audience.gather(tx, broadcast, campaign, batch, now):
        pass
    return await broadcasts.get(tx, broadcast.id)


async def outcomes(tx: Transaction, broadcast_id: int) -> dict[int, tuple[str, str | None]]:
    """Return the state and reason of each delivery, by supporter."""
    rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
    return {row["supporter_id"]: (row["state"], row["reason"]) for row in rows}


async def states(tx: Transaction, broadcast_id: int) -> dict[int, str]:
    """Return the state of each delivery, by supporter."""
    return {each: state for each, (state, _) in (await outcomes(tx, broadcast_id)).items()}


async def recount(tx: Transaction, broadcast_id: int) -> Tally:
    """Count the deliveries row by row, as the stored counts should be."""
    rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
    counted = Counter(row["language"] for row in rows)
    ended = Counter(
        (row["language"], row["state"], row["reason"] or "")
        for row in rows
        if row["state"] not in ("waiting", "sending")
    )
    mornings = Counter(timestamps.from_text(row["due_at"]) for row in rows if row["due_at"])
    assert all(row["state"] == "waiting" for row in rows if row["due_at"]), "only waiting ones have a morning"
    return Tally(dict(counted), dict(ended), dict(mornings))


class BroadcastDriver:
    """Does what subscribers, organizers and the worker do. Its clock stands still until a test moves it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.campaign = BUNDLED
        self.now = NOW

    async def subscribe(self, ids: Iterable[int], language: Language = "ko", country: str | None = None) -> None:
        await self.database.transact(subscribe, ids, self.now, language, country)

    async def unsubscribe(self, *ids: int) -> None:
        async def work(tx: Transaction) -> None:
            for each in ids:
                await subscriptions.end(tx, each, "asked", self.now)

        await self.database.transact(work)

    async def draft(self, *, kind: BroadcastKind = "update", of: int | None = None, **words: str) -> Broadcast:
        original = await self.get(of) if of else None
        return await self.database.transact(draft, self.now, kind=kind, of=original, **words)

    async def remove_post(self, broadcast_id: int, language: Language) -> None:
        assert await self.database.transact(drafts.remove_post, broadcast_id, language)

    async def schedule(self, draft: Broadcast, at: datetime) -> None:
        assert await self.database.transact(drafts.schedule, draft.id, draft.revision, at)

    async def send(self, broadcast_id: int) -> int:
        """Start sending a draft in its current revision."""
        await self.database.transact(start, await self.get(broadcast_id), self.now)
        return broadcast_id

    async def send_again(self, broadcast_id: int, whose: Literal["failed", "unknown"]) -> None:
        assert await self.database.transact(lifecycle.send_again, broadcast_id, whose)

    async def start(self, *, kind: BroadcastKind = "update", of: int | None = None, **words: str) -> int:
        """Write a broadcast and start sending it; return its id."""
        return await self.send((await self.draft(kind=kind, of=of, **words)).id)

    async def pause(self, broadcast_id: int) -> None:
        assert await self.database.transact(lifecycle.pause, broadcast_id, self.now)

    async def resume(self, broadcast_id: int) -> None:
        assert await self.database.transact(lifecycle.resume, broadcast_id)

    async def cancel(self, broadcast_id: int) -> None:
        assert await self.database.transact(lifecycle.end, broadcast_id, "cancelled", self.now)

    async def get(self, broadcast_id: int) -> Broadcast:
        return await self.database.transact(broadcasts.get, broadcast_id)

    async def list_all(self) -> list[Broadcast]:
        """List all broadcasts, the oldest first."""

        async def work(tx: Transaction) -> list[Broadcast]:
            rows = await tx.all("SELECT id FROM broadcasts ORDER BY id")
            found = [await broadcasts.find(tx, row["id"]) for row in rows]
            # On PostgreSQL, another transaction may discard a draft in between.
            return [each for each in found if each is not None]

        return await self.database.transact(work)

    async def newest(self) -> Broadcast:
        return (await self.list_all())[-1]

    async def tally(self, broadcast_id: int) -> Tally:
        return await self.database.transact(deliveries.tally, broadcast_id)

    async def outcomes(self, broadcast_id: int) -> dict[int, tuple[str, str | None]]:
        """Return the state and reason of each delivery, by supporter."""
        return await self.database.transact(outcomes, broadcast_id)

    async def count_states(self, broadcast_id: int) -> Counter[str]:
        """Count the deliveries in each state."""
        return Counter(state for state, _ in (await self.outcomes(broadcast_id)).values())

    async def deliver(
        self, result: Callable[[Delivery], Result | NotSent] = lambda to: Sent(to.supporter_id), limit: int = 1000
    ) -> list[Delivery]:
        """Send the running broadcast to at most `limit` people, and end it once all were tried; return those tried.

        In quiet hours of `campaign`, a call that returns nobody may have put people off till their morning.
        By default everybody gets it, in a message whose id is the supporter's.
        """

        async def work(tx: Transaction) -> list[Delivery]:
            broadcast = await deliveries.find_running(tx, self.now)
            if broadcast is None:
                return []
            broadcast = await gather_all(tx, broadcast, self.now, campaign=self.campaign)
            while not await audience.put_back(tx, broadcast, 1000):
                pass
            claim = await deliveries.claim(tx, broadcast, limit, ReadersClock(self.campaign, self.now))
            results = [(each, found) for each in claim.deliveries if not isinstance(found := result(each), NotSent)]
            await deliveries.record(tx, broadcast.id, results, self.now)
            has_places = (await broadcasts.get(tx, broadcast.id)).has_open_places
            if not (has_places or (await deliveries.tally(tx, broadcast.id)).left):
                await lifecycle.end(tx, broadcast.id, "done", self.now)
            return list(claim.deliveries)

        found = await self.database.transact(work)
        self.now += timedelta(seconds=1)
        return found

    async def deliver_all(self, result: Callable[[Delivery], Result] = lambda to: Sent(to.supporter_id)) -> None:
        """Send all running broadcasts completely."""
        while any(each.state is BroadcastState.RUNNING for each in await self.list_all()):
            await self.deliver(result)

    async def until(self, broadcast_id: int, moment: str = "reported_at") -> Broadcast:
        """Poll the database until a worker has set this timestamp of the broadcast."""
        async with asyncio.timeout(GIVE_UP):
            while True:
                broadcast = await self.get(broadcast_id)
                if getattr(broadcast, moment) is not None:
                    return broadcast
                await asyncio.sleep(0.01)

    async def until_landed(self, broadcast_id: int, but: Sequence[int] = ()) -> None:
        """Wait until no delivery is in state `sending`, except those to `but`."""
        async with asyncio.timeout(GIVE_UP):
            while True:
                found = await self.outcomes(broadcast_id)
                if not any(state == "sending" and each not in but for each, (state, _) in found.items()):
                    return
                await asyncio.sleep(0.01)

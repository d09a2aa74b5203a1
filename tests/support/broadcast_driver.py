"""Subscribers, broadcasts and the worker that sends them, on one database."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from chatbot.broadcasting.pace import Pacer
from chatbot.broadcasting.worker import Worker
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastKind, Tally
from chatbot.petition.languages import Language
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, lifecycle
from chatbot.storage.people import subscriptions
from tests.support import stored_broadcasts
from tests.support.campaigns import BUNDLED
from tests.support.cast import NOW, YUNA
from tests.support.fake_broadcast_sender import TokenRefusedError
from tests.support.limits import GIVE_UP


class BroadcastDriver:
    """Does what subscribers and organizers do, each in one call."""

    def __init__(self, database: Database, translators: Mapping[str, Translator]) -> None:
        self.database = database
        self.translators = translators
        self.now = NOW

    async def subscribe(self, ids: Iterable[int], language: Language = "ko") -> None:
        await self.database.transact(stored_broadcasts.subscribe, ids, self.now, language)

    async def unsubscribe(self, *ids: int) -> None:
        async def work(tx: Transaction) -> None:
            for each in ids:
                await subscriptions.end(tx, each, "asked", self.now)

        await self.database.transact(work)

    async def draft(self, *, kind: BroadcastKind = "update", of: int | None = None, **words: str) -> Broadcast:
        """A broadcast that says `words`, by language."""
        original = await self.get(of) if of else None
        return await self.database.transact(stored_broadcasts.draft, self.now, kind=kind, of=original, **words)

    async def remove_post(self, broadcast_id: int, language: Language) -> None:
        assert await self.database.transact(drafts.remove_post, broadcast_id, language)

    async def schedule(self, draft: Broadcast, at: datetime) -> None:
        assert await self.database.transact(drafts.schedule, draft.id, draft.revision, at)

    async def send(self, broadcast_id: int) -> int:
        """Start sending a draft in its current revision."""
        await self.database.transact(stored_broadcasts.start, await self.get(broadcast_id), self.now)
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

    async def tally(self, broadcast_id: int) -> Tally:
        return await self.database.transact(deliveries.tally, broadcast_id)

    async def rows(self, broadcast_id: int) -> dict[int, tuple[str, str | None]]:
        """State and reason of each delivery, by supporter."""

        async def work(tx: Transaction) -> dict[int, tuple[str, str | None]]:
            rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
            return {row["supporter_id"]: (row["state"], row["reason"]) for row in rows}

        return await self.database.transact(work)

    async def states(self, broadcast_id: int) -> Counter[str]:
        """Count the deliveries in each state."""
        return Counter(state for state, _ in (await self.rows(broadcast_id)).values())

    async def until(self, broadcast_id: int, moment: str = "reported_at", within: float = GIVE_UP) -> Broadcast:
        """Poll the database until this timestamp of the broadcast is set."""
        async with asyncio.timeout(within):
            while True:
                broadcast = await self.get(broadcast_id)
                if getattr(broadcast, moment) is not None:
                    return broadcast
                await asyncio.sleep(0.01)

    async def until_landed(self, broadcast_id: int, within: float = GIVE_UP, but: Sequence[int] = ()) -> None:
        """Wait until no delivery is in state `sending`, except those to `but`."""
        async with asyncio.timeout(within):
            while True:
                rows = await self.rows(broadcast_id)
                if not any(state == "sending" and each not in but for each, (state, _) in rows.items()):
                    return
                await asyncio.sleep(0.01)

    def worker(self, sender: Any, *, rate: float = 1000, window: int = 30, **more: Any) -> Worker:
        return Worker(
            more.pop("database", self.database),
            sender,
            more.pop("show", None) or sender.show,
            more.pop("pace", None) or Pacer(rate, 1000),
            BUNDLED,
            self.translators,
            more.pop("configured_owners", frozenset({YUNA})),
            window=window,
            refusals=more.pop("refusals", (TokenRefusedError,)),
            back_off=more.pop("back_off", lambda tries: 0.01),
            clock=lambda: self.now,
            **more,
        )


class RunningWorker:
    """`async with RunningWorker(worker)` runs the worker until the block ends or `kill`."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "RunningWorker":
        self.task = asyncio.create_task(self.worker.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Stop the worker gracefully and raise whatever error it failed with."""
        if self.task is not None:
            task, self.task = self.task, None
            self.worker.stop()
            await asyncio.wait_for(task, 6)

    async def kill(self) -> None:
        """Cancel the worker in the middle of its work."""
        if self.task is not None:
            task, self.task = self.task, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

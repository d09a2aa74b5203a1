"""Carries out errands, one of each kind at a time, in one process of all: long ones never hold up a notice.

asked for ─→ begun (a try is noted) ─→ done: the row is gone
   ▲                 ├─→ Later: Telegram asks to wait, or is away
   └─────────────────┴─→ a bug, or a crash: tried again, `TRIES` times in all
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from chatbot.errands import handing_over
from chatbot.errands.kinds import KINDS, Kind
from chatbot.errands.office import Office
from chatbot.logs import report_bug
from chatbot.petition.errand import Errand, Later
from chatbot.storage import DatabaseUnavailable, Transaction, errands

logger = logging.getLogger(__name__)

HOLD: Final = "errands"
IDLE: Final = 0.5
"""Seconds between two looks for something to do; `wake` makes it at once."""
PATIENCE: Final = 1.0
"""Seconds between two tries to become the one that does it, and while the database is away."""
_RECOVERY: Final = 5.0
"""Seconds between two tries after a mistake of ours; whoever asks for something makes it at once."""
TRIES: Final = 5
AGAIN: Final = (5.0, 30.0, 120.0, 600.0)
"""Seconds between the tries of what failed by a mistake of ours."""
LAST_LOOK: Final = 1.0
"""Seconds that looking for errands may still take when it is to stop: the database may be busy for longer."""
GRACE: Final = 2.0
"""Seconds that what is under way gets to finish when the bot stops."""
_LOOKED_AT: Final = 100


class Runner:
    """Carries out errands until `stop`. `refusals` are the errors by which Telegram refuses the bot as a whole."""

    def __init__(
        self, office: Office, *, kinds: Mapping[str, Kind] = KINDS, refusals: tuple[type[Exception], ...] = ()
    ) -> None:
        self._office = office
        self._kinds = kinds
        self._refusals = refusals
        self._stopping = False
        self._limit: asyncio.Timeout | None = None
        self._woken = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._refusal: Exception | None = None
        self._tidy = False

    def wake(self) -> None:
        """Look at once: somebody may have asked for something."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more; `run` returns within `LAST_LOOK + GRACE`. What is not done by then is begun anew."""
        if not self._stopping:
            self._stopping = True
            self._woken.set()
            if self._limit is not None:
                self._limit.reschedule(asyncio.get_running_loop().time() + LAST_LOOK)

    async def run(self) -> None:
        """Work until `stop`. Raises what `refusals` says; errors of one errand are its own."""
        try:
            async with asyncio.timeout(None) as self._limit:
                await self._work()
        except TimeoutError:
            if not self._stopping:
                raise
        finally:
            self._limit = None
            if self._under_way:
                await asyncio.wait(self._under_way.values(), timeout=GRACE)
            await self._drop()

    async def _work(self) -> None:
        failed = False
        while not self._stopping:
            try:
                held = await self._office.database.hold(HOLD)
                if held:
                    await self._tidy_up()
                    await self._begin_due()
                else:
                    await self._drop()  # a lock lost with its connection: another process may be at it by now
            except DatabaseUnavailable:
                held = False
            except Exception as error:
                # A mistake of ours, or of whoever changed the schema: people are answered all the same.
                if not failed:
                    report_bug(logger, "no errand can be begun; it is tried again and again", error)
                held, failed = False, True
            else:
                failed = False
            await self._rest(IDLE if held else _RECOVERY if failed else PATIENCE)
            if self._refusal is not None:
                raise self._refusal

    async def finish(self) -> None:
        """Carry out everything that is due by now, and what it leads to; for tests, beside nothing else."""
        while True:
            await self._begin_due()
            if not self._under_way:
                return
            await asyncio.wait(self._under_way.values())

    async def _begin_due(self) -> None:
        self._under_way = {kind: task for kind, task in self._under_way.items() if not task.done()}
        now = self._office.clock()

        async def find(tx: Transaction) -> list[Errand]:
            return await errands.find_due(tx, now, self._under_way, _LOOKED_AT)

        for errand in await self._office.database.transact(find):
            if errand.kind not in self._under_way and not self._stopping:
                task = asyncio.create_task(self._carry_out(errand.id))
                self._under_way[errand.kind] = task
                task.add_done_callback(lambda _: self.wake())

    async def _tidy_up(self) -> None:
        if not self._tidy:
            await self._office.folder.tidy()
            self._tidy = True

    async def _drop(self) -> None:
        tasks, self._under_way = self._under_way, {}
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)

    async def _rest(self, seconds: float) -> None:
        if not self._stopping:
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                pass
        self._woken.clear()

    async def _carry_out(self, errand_id: int) -> None:
        database = self._office.database
        try:
            errand = await database.transact(lambda tx: errands.begin(tx, errand_id))
            if errand is None:
                return
            try:
                await self._try(errand)
            except asyncio.CancelledError:
                # Stopped by us, which is no try. A crash does not come here.
                await self._postpone(errand, 0.0, excused=True)
                raise
        except DatabaseUnavailable:
            await asyncio.sleep(PATIENCE)  # it stays as it is, and is found again
        except Exception as error:
            report_bug(logger, "an errand could not even be put off", error)
            await asyncio.sleep(PATIENCE)

    async def _try(self, errand: Errand) -> None:
        kind = self._kinds.get(errand.kind)
        if kind is None:
            logger.error("nobody knows how to carry out an errand of the kind %s", errand.kind)
            return await self._remove(errand)
        if errand.tries > TRIES:
            logger.error("an errand (%s) failed or crashed %d times, and is given up", errand.kind, TRIES)
            return await self._give_up(errand)
        try:
            await kind(errand, self._office)
        except self._refusals as refusal:
            self._refusal = refusal
            await self._postpone(errand, PATIENCE, excused=True)
        except DatabaseUnavailable:
            raise
        except Later as later:
            await self._postpone(errand, later.seconds, excused=not later.unsure)
        except Exception as error:
            report_bug(logger, f"an errand ({errand.kind}) failed", error)
            await self._postpone(errand, AGAIN[min(errand.tries, len(AGAIN)) - 1], excused=False)
        else:
            await self._remove(errand)

    async def _postpone(self, errand: Errand, seconds: float, *, excused: bool) -> None:
        due_at = self._office.clock() + timedelta(seconds=seconds)

        async def work(tx: Transaction) -> None:
            await errands.postpone(tx, errand.id, due_at, excused=excused)

        await self._office.database.transact(work)

    async def _give_up(self, errand: Errand) -> None:
        """Remove it, and tell whoever waits for a document that none will come."""
        now = self._office.clock()

        async def work(tx: Transaction) -> None:
            if await errands.remove(tx, errand.id) and errand.kind == handing_over.KIND:
                await errands.add(tx, errands.NOTICE, {"notice": "not_made"}, now, for_id=errand.for_id)

        await self._office.database.transact(work)

    async def _remove(self, errand: Errand) -> None:
        await self._office.database.transact(lambda tx: errands.remove(tx, errand.id))

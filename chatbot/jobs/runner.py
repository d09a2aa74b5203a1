"""Carries out errands, one of each kind at a time, in one process of all: long ones never hold up a notice.

asked for ─→ begun (a try is noted) ─→ done: the row is gone
   ▲                 ├─→ Later: Telegram asks to wait, or is away
   └─────────────────┴─→ a bug, or a crash: tried again, `TRIES` times in all
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chatbot.jobs.context import JobContext
from chatbot.jobs.handlers import documents
from chatbot.jobs.registry import HANDLERS, JobHandler
from chatbot.logs import report_bug
from chatbot.petition.job import Job, RetryLaterError
from chatbot.storage import DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import jobs

logger = logging.getLogger(__name__)

HOLD: Final = "jobs"
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
        self,
        context: JobContext,
        *,
        kinds: Mapping[str, JobHandler] = HANDLERS,
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        self._context = context
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
                held = await self._context.database.try_lock(HOLD)
                if held:
                    await self._tidy_up()
                    await self._begin_due()
                else:
                    await self._drop()  # a lock lost with its connection: another process may be at it by now
            except DatabaseUnavailableError:
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
        now = self._context.clock()
        for job in await self._context.database.transact(jobs.find_due, now, self._under_way, _LOOKED_AT):
            if job.kind not in self._under_way and not self._stopping:
                task = asyncio.create_task(self._carry_out(job.id))
                self._under_way[job.kind] = task
                task.add_done_callback(lambda _: self.wake())

    async def _tidy_up(self) -> None:
        if not self._tidy:
            await self._context.folder.tidy()
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

    async def _carry_out(self, job_id: int) -> None:
        database = self._context.database
        try:
            job = await database.transact(jobs.begin, job_id)
            if job is None:
                return
            try:
                await self._try(job)
            except asyncio.CancelledError:
                # Stopped by us, which is no try. A crash does not come here.
                await self._postpone(job, 0.0, excused=True)
                raise
        except DatabaseUnavailableError:
            await asyncio.sleep(PATIENCE)  # it stays as it is, and is found again
        except Exception as error:
            report_bug(logger, "an errand could not even be put off", error)
            await asyncio.sleep(PATIENCE)

    async def _try(self, job: Job) -> None:
        kind = self._kinds.get(job.kind)
        if kind is None:
            logger.error("nobody knows how to carry out an errand of the kind %s", job.kind)
            return await self._remove(job)
        if job.tries > TRIES:
            logger.error("an errand (%s) failed or crashed %d times, and is given up", job.kind, TRIES)
            return await self._give_up(job)
        try:
            await kind(job, self._context)
        except self._refusals as refusal:
            self._refusal = refusal
            await self._postpone(job, PATIENCE, excused=True)
        except DatabaseUnavailableError:
            raise
        except RetryLaterError as later:
            await self._postpone(job, later.seconds, excused=not later.unsure)
        except Exception as error:
            report_bug(logger, f"an errand ({job.kind}) failed", error)
            await self._postpone(job, AGAIN[min(job.tries, len(AGAIN)) - 1], excused=False)
        else:
            await self._remove(job)

    async def _postpone(self, job: Job, seconds: float, *, excused: bool) -> None:
        due_at = self._context.clock() + timedelta(seconds=seconds)
        await self._context.database.transact(jobs.postpone, job.id, due_at, excused=excused)

    async def _give_up(self, job: Job) -> None:
        """Remove it, and tell whoever waits for a document that none will come."""
        await self._context.database.transact(_give_up, job, self._context.clock())

    async def _remove(self, job: Job) -> None:
        await self._context.database.transact(jobs.remove, job.id)


async def _give_up(tx: Transaction, job: Job, now: datetime) -> None:
    if await jobs.remove(tx, job.id) and job.kind == documents.KIND:
        await jobs.add(tx, jobs.NOTICE, {"notice": "not_made"}, now, for_id=job.for_id)

"""Runs jobs in one process of several, one of each kind at a time, so that a long job never delays a notice.

requested ─→ started (the attempt is counted) ─→ done: the row is deleted
   ▲                 ├─→ RetryLaterError: Telegram asks to wait, or is unreachable
   └─────────────────┴─→ a bug or a crash: tried `TRIES` times in all
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chatbot.jobs.context import JobContext
from chatbot.jobs.handlers import documents
from chatbot.jobs.handlers.places import pinned_cards
from chatbot.jobs.registry import HANDLERS, JobHandler
from chatbot.logs import is_bug, report_bug
from chatbot.petition.exports.chart import PICTURE
from chatbot.petition.exports.links import POSTER, QR_CODE
from chatbot.petition.exports.share_card import SHARE_CARD
from chatbot.petition.job import Job, RetryLaterError
from chatbot.storage import DatabaseUnavailableError, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.places import pinned_cards as stored_cards
from chatbot.storage.privacy import personal_data
from chatbot.waiting import cancel_all, wait_at_most

logger = logging.getLogger(__name__)

HOLD: Final = "jobs"
IDLE: Final = 0.5
"""Seconds between two searches for due jobs; `wake` starts one at once."""
PATIENCE: Final = 1.0
"""Seconds between two attempts to get the lock, and while the database is unavailable."""
_RECOVERY: Final = 5.0
"""Seconds until the next attempt after a bug; `wake` starts one at once."""
TRIES: Final = 5
AGAIN: Final = (5.0, 30.0, 120.0, 600.0)
"""Seconds between the attempts of a job that failed because of a bug."""
SEARCH_LIMIT: Final = 1.0
"""Longest time a search for jobs may take after `stop`, in seconds: the database may be busy for longer."""
GRACE: Final = 2.0
"""Seconds that running jobs get to finish after `stop`."""
_LOOKED_AT: Final = 100
_AWAITED: Final = frozenset({documents.KIND, PICTURE, POSTER, QR_CODE, SHARE_CARD})
"""Jobs that make a file for a member who was told that it is on its way."""


class Runner:
    """Runs jobs until `stop`. `refusals` are the errors by which Telegram refuses the whole bot."""

    def __init__(
        self,
        context: JobContext,
        *,
        handlers: Mapping[str, JobHandler] = HANDLERS,
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        self._context = context
        self._handlers = handlers
        self._refusals = refusals
        self._stopping = False
        self._limit: asyncio.Timeout | None = None
        self._woken = asyncio.Event()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._refusal: Exception | None = None
        self._tidy = False

    def wake(self) -> None:
        """Search for due jobs at once."""
        self._woken.set()

    def stop(self) -> None:
        """Start no more jobs. `run` returns within `SEARCH_LIMIT + GRACE`; the next start repeats unfinished jobs."""
        if not self._stopping:
            self._stopping = True
            self._woken.set()
            if self._limit is not None:
                self._limit.reschedule(asyncio.get_running_loop().time() + SEARCH_LIMIT)

    async def run(self) -> None:
        """Run jobs until `stop`. Raises only `refusals`; the error of one job affects no other."""
        try:
            async with asyncio.timeout(None) as self._limit:
                await self._work()
        except TimeoutError:
            if not self._stopping:
                raise
        finally:
            self._limit = None
            if self._running:
                await asyncio.wait(self._running.values(), timeout=GRACE)
            await self._cancel_running()

    async def _work(self) -> None:
        failed = False
        while not self._stopping:
            try:
                held = await self._context.database.try_lock(HOLD)
                if held:
                    await self._tidy_up()
                    await self._begin_due()
                else:
                    # A lock is lost with its connection: another process may run these jobs by now.
                    await self._cancel_running()
            except DatabaseUnavailableError:
                held = False
            except Exception as error:
                # A bug, or somebody changed the schema. The bot still replies to people.
                if not failed:
                    report_bug(logger, "no job can be started; the runner keeps trying", error)
                held, failed = False, True
            else:
                failed = False
            await self._rest(IDLE if held else _RECOVERY if failed else PATIENCE)
            if self._refusal is not None:
                raise self._refusal

    async def finish(self) -> None:
        """Run all due jobs and the jobs they request; for tests, without `run`."""
        while True:
            await self._begin_due()
            if not self._running:
                return
            await asyncio.wait(self._running.values())

    async def _begin_due(self) -> None:
        self._running = {kind: task for kind, task in self._running.items() if not task.done()}
        now = self._context.clock()
        for job in await self._context.database.transact(jobs.find_due, now, self._running, _LOOKED_AT):
            if job.kind not in self._running and not self._stopping:
                task = asyncio.create_task(self._run_job(job.id))
                self._running[job.kind] = task
                task.add_done_callback(lambda _: self.wake())

    async def _tidy_up(self) -> None:
        if not self._tidy:
            await self._context.folder.tidy()
            self._tidy = True

    async def _cancel_running(self) -> None:
        tasks, self._running = self._running, {}
        await cancel_all(tasks.values())

    async def _rest(self, seconds: float) -> None:
        if not self._stopping:
            await wait_at_most(seconds, self._woken)
        self._woken.clear()

    async def _run_job(self, job_id: int) -> None:
        database = self._context.database
        try:
            job = await database.transact(jobs.begin, job_id)
            if job is None:
                return
            try:
                await self._try(job)
            except asyncio.CancelledError:
                # Stopped by us, which does not count as an attempt. A crash does not get here.
                await self._postpone(job, 0.0, excused=True)
                raise
        except DatabaseUnavailableError:
            await asyncio.sleep(PATIENCE)  # the row is unchanged and will be found again
        except Exception as error:
            report_bug(logger, "a job could not be postponed", error)
            await asyncio.sleep(PATIENCE)

    async def _try(self, job: Job) -> None:
        handle = self._handlers.get(job.kind)
        if handle is None:
            logger.error("there is no handler for a job of the kind %s", job.kind)
            return await self._remove(job)
        if job.tries > TRIES:
            logger.error("a job (%s) failed or crashed %d times and is given up", job.kind, TRIES)
            return await self._give_up(job)
        try:
            await handle(job, self._context)
        except self._refusals as refusal:
            self._refusal = refusal
            await self._postpone(job, PATIENCE, excused=True)
        except DatabaseUnavailableError:
            raise
        except RetryLaterError as later:
            await self._postpone(job, later.seconds, excused=not later.unsure)
        except (Exception, asyncio.CancelledError) as error:
            if not is_bug(error):
                raise
            report_bug(logger, f"a job ({job.kind}) failed", error)
            await self._postpone(job, AGAIN[min(job.tries, len(AGAIN)) - 1], excused=False)
        else:
            await self._remove(job)

    async def _postpone(self, job: Job, seconds: float, *, excused: bool) -> None:
        due_at = self._context.clock() + timedelta(seconds=seconds)
        await self._context.database.transact(jobs.postpone, job.id, due_at, excused=excused)

    async def _give_up(self, job: Job) -> None:
        """Delete the job, and tell the person who waits for it."""
        await self._context.database.transact(_give_up, job, self._context.clock())

    async def _remove(self, job: Job) -> None:
        await self._context.database.transact(jobs.remove, job.id)


async def _give_up(tx: Transaction, job: Job, now: datetime) -> None:
    if job.kind == stored_cards.PIN:
        await pinned_cards.give_up(tx, job, now)
    elif await jobs.remove(tx, job.id):
        if job.kind in _AWAITED:
            await jobs.add(tx, jobs.NOTICE, {"notice": "not_made"}, now, chat_id=job.chat_id)
        if job.kind == personal_data.JOB:
            await jobs.add(tx, personal_data.NOT_MADE, {}, now, chat_id=job.chat_id)

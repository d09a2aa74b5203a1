"""The table of periodic jobs, and the loop that runs each of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Final

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.app.backups.folder import Backups, back_up_nightly, delete_old
from chatbot.app.data_retention import erase_expired
from chatbot.i18n.terminal import list_problem_catalogs
from chatbot.logs import is_bug, report_bug
from chatbot.petition.dates.zones import find_midnight
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import WINDOW
from chatbot.problem import Problem
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database, DatabaseUnavailableError, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import approvals, following
from chatbot.storage.organizer import app_state, human_check, jobs
from chatbot.storage.people import friends, history, processed_updates

logger = logging.getLogger(__name__)

REMEMBERED: Final = timedelta(hours=48)
"""How long update ids are stored: twice as long as Telegram may deliver an update again."""
NIGHT: Final = (18, 30)
"""Hour and minute (UTC) of the nightly check: 3:30 a.m. in Seoul."""
BACKUP: Final = (19, 0)
"""Hour and minute (UTC) of the nightly backup: when the check has rewritten the files."""
_PRUNED_AT_ONCE: Final = 1_000
_FRIENDS_AT_ONCE: Final = 100
_DAY: Final = 86_400.0
_HOUR: Final = 3_600.0
MINUTE: Final = 60.0
_LONGEST_SLEEP: Final = 600.0
"""Seconds after which the clock is read again: somebody may have corrected it."""


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """One row of the table. The log calls the job by its `name`."""

    name: str
    run: Callable[[datetime], Awaitable[object]]
    wait: Callable[[datetime], float]
    """Returns the seconds until the next run."""
    lock: str | None = None
    """Ensures that one process of several runs the job. None where the database itself ensures it."""
    retry: float = MINUTE
    """Longest time until the next attempt, in seconds, while the database is unavailable or another process has the
    lock."""
    at_start: bool = True


def list_periodic_jobs(database: Database, campaign: Campaign, backups: Backups | None = None) -> list[PeriodicJob]:
    """List what every process that talks to people does in the background."""
    erase = partial(erase_expired, database, campaign.retention_days, is_open=campaign.is_open)
    back_up = partial(back_up_nightly, database, backups)
    detect, check = partial(detect_in_new_signatures, database), partial(check_database, database)
    return [
        PeriodicJob("update ids", partial(prune_update_ids, database), every(_HOUR)),
        PeriodicJob("history", partial(write_history, database), _until_next_hour),
        PeriodicJob("approvals", partial(follow_approvals, database), every(MINUTE)),
        PeriodicJob("human check", partial(switch_human_check, database), every(MINUTE)),
        PeriodicJob("signals", detect, every(WINDOW.total_seconds()), lock="watching"),
        PeriodicJob("retention", erase, every(_HOUR), lock="retention"),
        PeriodicJob("friends", partial(count_friends, database, campaign), every(_HOUR), lock="friends"),
        PeriodicJob("nightly check", check, _until(NIGHT), lock="checking", retry=_DAY, at_start=False),
        PeriodicJob("backup", back_up, _until(BACKUP), lock="checking", retry=_DAY, at_start=False),
        # Without a lock: each machine may have backups.
        PeriodicJob("old backups", partial(delete_old, database, backups), every(_HOUR)),
    ]


async def run_periodically(
    database: Database,
    job: PeriodicJob,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    pause: float = MINUTE,
    longest: float = _HOUR,
) -> None:
    """Run a job forever; a bug in it leaves the other jobs running.

    After a bug the next run is at least `pause` seconds away, and twice as long after each further one in a row, up to
    `longest`.
    """
    delay, next_pause = 0.0 if job.at_start else job.wait(clock()), pause
    while True:
        await asyncio.sleep(delay)
        try:
            if job.lock is None or await database.try_lock(job.lock):
                await job.run(clock())
                delay, next_pause = job.wait(clock()), pause
            else:
                delay = min(job.wait(clock()), job.retry)
        except DatabaseUnavailableError as error:
            delay = min(job.wait(clock()), job.retry)
            report_bug(logger, f"{job.name}: the database is unavailable; next try in {delay:.0f} s", error)
        except (Exception, asyncio.CancelledError) as error:
            if not is_bug(error):
                raise
            delay = max(min(job.wait(clock()), job.retry), next_pause)
            report_bug(logger, f"{job.name}: a periodic job failed; next try in {delay:.0f} s", error)
            next_pause = min(2 * next_pause, longest)


async def prune_update_ids(database: Database, now: datetime) -> None:
    """Delete, in batches, the ids of updates that Telegram can no longer deliver again."""
    pruned = _PRUNED_AT_ONCE
    while pruned >= _PRUNED_AT_ONCE:
        pruned = await database.transact(processed_updates.prune, now - REMEMBERED, _PRUNED_AT_ONCE)
    await database.purge_deleted()  # some rows are deleted after their person's, such as a job for their chat


async def write_history(database: Database, now: datetime) -> None:
    """Write the counters of this hour, unless another process did."""
    await database.transact(history.write, now=now)


async def follow_approvals(database: Database, now: datetime) -> None:
    """Remind the team of scheduled broadcasts that nobody has approved, and close requests that were overtaken."""
    await database.transact(approvals.remind, now)
    await database.transact(following.close_requests, now)


async def count_friends(database: Database, campaign: Campaign, now: datetime) -> None:
    """Count the signatures of the days before for the sharers whose links brought them, and write to those sharers."""
    while await database.transact(_count_some_friends, campaign, now):
        pass


async def _count_some_friends(tx: Transaction, campaign: Campaign, now: datetime) -> bool:
    """Count the next signatures; False once all that are due are counted."""
    counted_to = int(await app_state.find(tx, friends.COUNTED_TO) or 0)
    silent_to = int(await app_state.find(tx, friends.SILENT_TO) or 0)
    midnight = find_midnight(now.astimezone(campaign.zone).date(), campaign.zone)
    rows = await friends.list_after(tx, counted_to, _FRIENDS_AT_ONCE)
    due = list(takewhile(lambda row: friends.is_due(row, midnight, now), rows))
    for row in due:
        silent = row["number"] <= silent_to
        if told := await friends.count(tx, row, campaign.at_risk_countries, silent=silent):
            await jobs.add(tx, friends.JOB, {"reached": told[1]}, now, chat_id=told[0])
    if due:
        await app_state.replace(tx, friends.COUNTED_TO, str(due[-1]["number"]))
    return len(due) == _FRIENDS_AT_ONCE


async def switch_human_check(database: Database, now: datetime) -> None:
    """Switch the human check on in a surge and off after it."""
    if await database.transact(human_check.switch_by_surge, now=now):
        logger.info("the human check was switched automatically")


async def check_database(database: Database, now: datetime) -> None:
    """Rewrite the database file, check every count, and tell the team of problems."""
    if not await database.rewrite():
        logger.warning("the database was not rewritten tonight: its files may still hold erased data")
    problems = await find_problems(database)
    logger.info("nightly check: %d problems", len(problems))
    if problems:
        details = {"problems": "\n".join(problems), **_translate(problems)}
        await database.transact(jobs.tell, "problems", details, now)


def _translate(problems: Sequence[Problem]) -> dict[str, str]:
    """Return the lines in each language that has a catalog of problems, as `problems_<language>`."""
    return {
        f"problems_{language}": "\n".join(each.render(catalog.gettext) for each in problems)
        for language, catalog in list_problem_catalogs(BUNDLED_LOCALES).items()
    }


def every(seconds: float) -> Callable[[datetime], float]:
    """Return the `wait` of a job that runs at a fixed interval."""
    return lambda _: seconds


def _until_next_hour(now: datetime) -> float:
    passed = now.minute * 60 + now.second + now.microsecond / 1e6
    return min(_HOUR - passed + 1, _LONGEST_SLEEP)


def _until(moment: tuple[int, int]) -> Callable[[datetime], float]:
    """Return the `wait` of a job that runs at this hour and minute (UTC) of every day."""

    def wait(now: datetime) -> float:
        at = now.replace(hour=moment[0], minute=moment[1], second=0, microsecond=0)
        if at <= now:
            at += timedelta(days=1)
        return (at - now).total_seconds()

    return wait

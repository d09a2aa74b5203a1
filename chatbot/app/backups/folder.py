"""The bot's own backups: before each change of the schema, and every night. The last five are kept."""

import asyncio
import logging
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from chatbot.app.backups.ownership import NAME, Ownership
from chatbot.jobs.private_files import Folder, put_in_place
from chatbot.problem import Problem, ProblemError, describe_cause
from chatbot.settings import Settings, SettingsError
from chatbot.storage import (
    Database,
    DatabaseOrigin,
    DatabaseUnavailableError,
    Transaction,
    UnusableDatabaseError,
    find_file,
    find_origin,
    is_embedded,
)
from chatbot.storage.admin import backup
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.file_systems import ends_with_container
from chatbot.storage.organizer import app_state
from chatbot.storage.privacy.retention import UNCLEAN_BEFORE

logger = logging.getLogger(__name__)

OFF: Final = "off"
KEPT: Final = 5
LONGEST: Final = timedelta(days=5, hours=12)
"""How long a backup is kept at most, if there is a newer one: five nights."""
_ROOM: Final = 2
"""Free space that a copy needs, as a multiple of the database: the bot goes on writing meanwhile."""
_MOMENT: Final = "%Y-%m-%dT%H%M%SZ"


class BackupError(ProblemError):
    """No backup was made; the message says in one line why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that the bot made."""

    file: Path
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Backups:
    """The backups of one database, in one folder, which may have other files."""

    url: str
    folder: Path

    async def make(self, origin: DatabaseOrigin, now: datetime) -> Path:
        """Make one and verify it; returns its file. Raises `BackupError`. Nothing waits for it but the caller."""
        try:
            await asyncio.to_thread(self._prepare)
            parts = Folder(self.folder / ".making")
            await parts.tidy()
            async with parts.open() as part:
                await asyncio.to_thread(backup.copy, self.url, part / "copy")
                return await asyncio.to_thread(self._put, part / "copy", origin, now)
        except (DatabaseUnavailableError, OSError, ValueError) as error:
            raise BackupError(self._describe(error)) from None

    def list(self, origin: DatabaseOrigin, now: datetime) -> list[Backup]:
        """List those of this database, the newest first, also those of before its file was moved or renamed.

        The last ones are those that a wrong clock dated ahead.
        """
        found = []
        with suppress(OSError):
            for file in self.folder.iterdir():
                name = NAME.fullmatch(file.name)
                if name and self._ownership.owns(name, origin) and file.is_file():
                    found.append(Backup(file, datetime.strptime(name["at"], _MOMENT).replace(tzinfo=UTC)))
        soon = now + timedelta(minutes=1)
        return sorted(found, key=lambda each: (each.made_at <= soon, each.made_at, each.file.name), reverse=True)

    def prune(self, origin: DatabaseOrigin, now: datetime, *, unclean_before: datetime | None = None) -> None:
        """Delete all but the newest five, those older than five nights, and those that hold what was erased since.

        The newest one stays in any case.
        """
        for at, each in enumerate(self.list(origin, now)):
            is_unclean = unclean_before is not None and each.made_at <= unclean_before
            if at and (at >= KEPT or each.made_at < now - LONGEST or each.made_at > now + LONGEST or is_unclean):
                with suppress(OSError):
                    each.file.unlink()

    @property
    def _ownership(self) -> Ownership:
        return Ownership(self.url, self.folder)

    def _describe(self, error: Exception) -> Problem:
        if isinstance(error, OSError):
            return Problem("{reason}: {folder}", reason=describe_cause(error), folder=self.folder)
        return error.problems[0] if isinstance(error, ProblemError) else Problem.quote(str(error))

    def _prepare(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            logger.info("made the folder for backups: %s", self.folder)
        if is_embedded(self.url):
            size = sum(_measure(find_file(f"{self.url}{suffix}")) for suffix in ("", "-wal"))
            if shutil.disk_usage(self.folder).free < _ROOM * size:
                problem = Problem(
                    "{folder} has not enough room: {size:,} MB must be free",
                    folder=self.folder,
                    size=_ROOM * size // 1_000_000 + 1,
                )
                raise DatabaseUnavailableError(problem)

    def _put(self, part: Path, origin: DatabaseOrigin, now: datetime) -> Path:
        ending = "db" if is_embedded(self.url) else "dump"
        begin, mark = self._ownership.stem, self._ownership.mark(origin)
        self._ownership.note()
        for second in range(60):  # several processes may make one at once
            at = (now + timedelta(seconds=second)).astimezone(UTC)
            place = self.folder / f"{begin}-{at:{_MOMENT}}-schema{origin.schema}-{mark}.{ending}"
            with suppress(FileExistsError):
                _give_name(part, place)
                _sync(self.folder)
                return place
        raise FileExistsError(17, "too many backups at once")


def find_backups(settings: Settings) -> Backups | None:
    """Return where the backups are; None if they are off. Raises `SettingsError` if `BACKUPS` is no folder."""
    if settings.backups == OFF:
        return None
    if settings.backups is not None:
        folder = Path(settings.backups)
        if folder.exists() and not folder.is_dir():
            raise SettingsError(Problem("BACKUPS: must name a folder, or be off"))
        if settings.volume_required and ends_with_container(folder):
            problem = Problem(
                "BACKUPS: {folder} is in no volume, so the backups would be lost with this container: name a folder in "
                "one, or leave BACKUPS out",
                folder=folder,
            )
            raise SettingsError(problem)
    elif is_embedded(settings.database_url):
        folder = find_file(settings.database_url).parent / "backups"
    else:
        folder = Path("backups")
    return Backups(settings.database_url, folder.absolute())


def warn_of_missing_folder(settings: Settings) -> list[Problem]:
    """Return a warning if `BACKUPS` names a folder that is not there: mistyped, or of a disk that is not."""
    if settings.backups in (None, OFF) or Path(settings.backups or "").is_dir():
        return []
    problem = Problem(
        "BACKUPS: there is no folder {folder}; the first backup makes it. If it belongs to another disk, that disk is "
        "not mounted"
    )
    return [problem.fill(folder=settings.backups)]


async def back_up_before_change(backups: Backups | None, origin: DatabaseOrigin) -> None:
    """Make a backup before the schema changes. Raises `UnusableDatabaseError` if an embedded database has none.

    A server may be backed up elsewhere, and its program need not be installed here.
    """
    if backups is None:
        logger.info("the schema changes without a backup: BACKUPS is off")
        return
    now = datetime.now(UTC)
    try:
        file = await backups.make(origin, now)
    except BackupError as error:
        if is_embedded(backups.url):
            problem = Problem(
                "no backup could be made, and without one the schema does not change ({reason}); "
                "name another folder in BACKUPS, or set BACKUPS=off",
                reason=error.problems[0],
            )
            raise UnusableDatabaseError(problem) from None
        logger.warning("the schema changes without a backup (%s)", error)
        return
    backups.prune(origin, now)
    logger.info("the schema changes; a backup was made before: %s", file)


async def back_up_nightly(database: Database, backups: Backups | None, now: datetime) -> None:
    """Make a backup, note it for the team, and delete old ones."""
    if backups is None:
        return
    try:
        file = await backups.make(await database.transact(find_origin), now)
    except BackupError as error:
        logger.warning("no backup was made (%s)", error)
    else:
        await database.transact(app_state.replace, app_state.BACKUP_MADE_AT, timestamps.to_text(now))
        logger.info("a backup was made: %s", file)
    await delete_old(database, backups, now)


async def delete_old(database: Database, backups: Backups | None, now: datetime) -> None:
    """Delete backups that are older than people were told, and replace those from before an erasure."""
    if backups is None:
        return
    origin, text = await database.transact(_find_bounds)
    unclean_before = timestamps.from_text(text) if text else None
    kept = backups.list(origin, now)
    if unclean_before is not None and kept and kept[0].made_at <= unclean_before:
        try:
            await backups.make(origin, now)
        except BackupError as error:
            logger.warning("backups hold what was erased, and no new one could be made (%s)", error)
    await asyncio.to_thread(backups.prune, origin, now, unclean_before=unclean_before)


async def _find_bounds(tx: Transaction) -> tuple[DatabaseOrigin, str | None]:
    return await find_origin(tx), await app_state.find(tx, UNCLEAN_BEFORE)


def _measure(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _give_name(part: Path, place: Path) -> None:
    """Give a finished file its name, which no other process may have given. Raises `FileExistsError`."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        place.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        put_in_place(part, place)


def _sync(folder: Path) -> None:
    """Make a new name in the folder survive a power cut."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

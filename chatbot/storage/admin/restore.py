"""Brings a copy back in the place of the database, which is kept under another name.

    copy ──▶ staged beside the database, read and migrated ──▶ the database gets a second name ──▶ replaced in one step

Whenever the process is killed, the database is the old one or the restored one, whole.
"""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from chatbot.problem import Problem, ProblemError, describe_cause
from chatbot.storage.broadcasts import restored
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction, UnusableDatabaseError
from chatbot.storage.engine.migrate import DatabaseOrigin, bundled, find_origin, list_statements
from chatbot.storage.engine.schema import find_additions
from chatbot.storage.engine.sqlite_files import find_damage, find_lock, lock
from chatbot.storage.engine.sqlite_restoring import refuse_foreign_log
from chatbot.storage.engine.sqlite_transaction import describe
from chatbot.storage.organizer import invitations, jobs, owner_links

NOTICE: Final = "restored"
"""The notice to the team; see screens/organizer/notices.py."""
HELD_BY_BOTS: Final = ("listening", "broadcasting", "jobs", "errands")
"""The locks of a running bot."""
NO_COPY: Final = Problem("{file}: is no copy of a petition; `backup` makes one, and the bot every night")
FOLDER: Final = Problem("{file}: is a folder; name a backup in it")
NO_FILE: Final = Problem("{file}: is no file but a pipe or a device; name a backup")
BOT_IS_RUNNING: Final = Problem("a bot is running with this database: stop it first")
_KEPT: Final = ".replaced-"
_SQLITE: Final = b"SQLite format 3\0"
_ARCHIVE: Final = b"PGDMP"
_APPLIED: Final = "SELECT number FROM migrations WHERE typeof(number) = 'integer'"
_COUNTS: Final = (
    "SELECT (SELECT count(*) FROM signatures) AS signatures, "
    "(SELECT count(*) FROM subscriptions WHERE ended_at IS NULL) AS subscriptions, "
    "coalesce((SELECT max(last_seen_at) FROM supporters), '') AS last_used_at"
)


class RestoreError(ProblemError):
    """The copy is not restored, and nothing has changed; the message says in one line why, and what to do."""


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """What a person has to know about a database before it is replaced by another."""

    origin: DatabaseOrigin
    signatures: int
    subscriptions: int
    last_used_at: str
    """When somebody last wrote, as stored; empty if nobody ever did."""


def find_kind(file: Path) -> str:
    """Return the engine that a copy belongs to: `sqlite` or `postgresql`. Raises `RestoreError` for another file."""
    try:
        if not stat.S_ISREG(mode := file.stat().st_mode):
            raise RestoreError((FOLDER if stat.S_ISDIR(mode) else NO_FILE).fill(file=file))
        with file.open("rb") as opened:
            begin = opened.read(len(_SQLITE))
    except FileNotFoundError:
        problem = Problem("{file}: there is no such file; name a backup, such as one in the folder backups", file=file)
        raise RestoreError(problem) from None
    except OSError as error:
        problem = Problem("{file}: cannot be read ({reason})", file=file, reason=describe_cause(error))
        raise RestoreError(problem) from None
    if begin == _SQLITE:
        return "sqlite"
    if begin.startswith(_ARCHIVE):
        return "postgresql"
    raise RestoreError(NO_COPY.fill(file=file))


def refuse_damaged(file: Path) -> None:
    """Raise `RestoreError` if SQLite finds damage in the copy."""
    if damage := find_damage(file.absolute()):
        raise RestoreError(Problem("{file}: {problem}; take another backup", file=file, problem=damage[0]))


def refuse_additions(copy: Path, staged: Path) -> None:
    """Raise `RestoreError` if what was staged has triggers, views or other things that the bot did not make.

    A copy from elsewhere may have a trigger that changes what is written. It would run from the first migration on.
    """
    with closing(sqlite3.connect(f"{staged.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        try:
            applied = {row[0] for row in connection.execute(_APPLIED)}
        except sqlite3.OperationalError:  # no petition, as opening it will say
            return
        if not applied or max(applied) > bundled()[-1].number:  # of a newer version, as opening it will say
            return
        added = find_additions(connection, list_statements(applied))
    if added:
        problem = Problem(
            "{file}: has what the bot did not make ({what}); if you made it, drop it in the copy, as with "
            "sqlite3 {file} 'DROP TRIGGER …'; otherwise take another backup"
        )
        raise RestoreError(problem.fill(file=copy, what=", ".join(map(ascii, added[:3]))))


async def read_contents(tx: Transaction) -> DatabaseContents:
    """Read what a migrated database holds."""
    row = await tx.one(_COUNTS)
    assert row is not None
    return DatabaseContents(await find_origin(tx), row["signatures"], row["subscriptions"], row["last_used_at"])


async def stop_what_was_under_way(tx: Transaction, last_used_at: str, now: datetime) -> None:
    """Stop broadcasts that may have gone on after the copy was made, and tell the team what has happened.

    Links into the team are void: since the copy was made, they may have been used, revoked or replaced.
    """
    await restored.hold(tx, now)
    await owner_links.drop(tx)
    for invitation in await invitations.list_open(tx, now):
        await invitations.revoke(tx, invitation.id, now)
    await jobs.tell(tx, NOTICE, {"last_used_at": last_used_at or timestamps.to_text(now)}, now)


def read_file(file: Path) -> DatabaseContents | None:
    """Read what a SQLite file of any version holds; None if it is damaged or no petition."""
    try:
        refuse_foreign_log(file)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            schema, begun_at = connection.execute("SELECT max(number), min(applied_at) FROM migrations").fetchone()
            contents = DatabaseContents(DatabaseOrigin(schema, begun_at), *connection.execute(_COUNTS).fetchone())
        with closing(sqlite3.connect(file)) as connection:  # removes the empty log that reading has made
            connection.execute("SELECT count(*) FROM migrations").fetchone()
    except (sqlite3.Error, UnusableDatabaseError, OSError):
        return None
    return contents


def settle(staged: Path) -> None:
    """Write everything into the staged file itself, so that it needs no file beside it."""
    with closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    with staged.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def keep_bots_away(file: Path) -> Iterator[None]:
    """Hold the locks of a bot. Raises `RestoreError` if one is running."""
    with ExitStack() as stack:
        for name in HELD_BY_BOTS:
            if not find_lock(file, name).exists():  # made here by root, it would keep the bot's own user out
                continue
            held = lock(file, name)
            if held is None:
                raise RestoreError(BOT_IS_RUNNING)
            stack.callback(held.close)
        yield


def replace(file: Path, staged: Path, *, is_readable: bool) -> Path | None:
    """Put `staged` in the place of `file`; returns the name under which the old one is kept, None without one.

    Raises `RestoreError` if another process uses it.
    """
    _remove_second_names(file)
    if is_readable:  # of a damaged file everything stays as it is
        _empty_log(file)
    kept = _keep(file) if file.exists() else None
    _give_to(staged, owner_of=file if kept is not None else file.parent)
    staged.replace(file)
    for suffix in ("-wal", "-shm"):  # kept as well; the restored file has none, so a start would refuse them
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    _sync(file.parent)
    return kept


def _keep(file: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    kept = file.with_name(f"{file.name}{_KEPT}{stamp}")
    for suffix in ("-wal", ""):  # the file last: the name that is told stands for both
        beside = file.with_name(file.name + suffix)
        if beside.exists():
            _give_second_name(beside, kept.with_name(kept.name + suffix))
    _sync(file.parent)
    return kept


def _empty_log(file: Path) -> None:
    """Write the log into the file, and make sure that nobody else has it open."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise RestoreError(Problem("another process uses this database: stop it first")) from None
        problem = Problem("the present database cannot be closed ({reason})", reason=describe(error))
        raise RestoreError(problem) from None


def _give_second_name(file: Path, name: Path) -> None:
    try:
        name.hardlink_to(file)
    except OSError:  # a file system without them
        shutil.copy2(file, name)


def _remove_second_names(file: Path) -> None:
    """Remove the second name that a killed run gave to the file that is still in use."""
    for name in file.parent.glob(f"{file.name}{_KEPT}*"):
        with suppress(OSError):
            if name.samefile(file):
                name.unlink()


def _give_to(file: Path, owner_of: Path) -> None:
    """Give the file to who had it before: root may run the command, and the bot as another user."""
    owner = owner_of.stat()
    with suppress(OSError, AttributeError):  # somebody else's files stay theirs; Windows has no such owners
        os.chown(file, owner.st_uid, owner.st_gid)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # not every system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def refuse_other(file: Path, restored: DatabaseContents, current: DatabaseContents | None) -> None:
    """Raise `RestoreError` if the copy is one of another petition."""
    if current is not None and restored.origin.begun_at != current.origin.begun_at:
        problem = Problem(
            "{file}: is a copy of another petition, begun on {day}, and this one on {own}; to start that one here, "
            "name a new file in DATABASE_URL"
        )
        days = restored.origin.begun_at[:10], current.origin.begun_at[:10]
        raise RestoreError(problem.fill(file=file, day=days[0], own=days[1]))

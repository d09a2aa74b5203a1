"""Rewrites the SQLite file, so that it keeps no copy of an erased row.

`secure_delete` overwrites deleted rows. It does not overwrite the copies that SQLite leaves in the unused part of a
page when it moves rows to another page. Only VACUUM removes those: it writes the remaining rows into fresh pages.
Nothing else can be written meanwhile, so it runs rarely, and in a quiet moment if there is one.

    asked ──▶ pause since the last one is over ──▶ a quiet second, or the longest wait is over ──▶ rewritten
"""

import asyncio
import logging
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

BOUND: Final = 3_600.0
"""Seconds from an erasure until the files hold no copy, if rewriting takes five minutes at most."""

SHARE: Final = 300
"""The pause after a rewriting, as a multiple of its duration: people wait for a 300th of the time."""

_REST_AT_MOST: Final = 1_500.0
"""The longest pause between two rewritings, and the longest wait for a quiet moment, in seconds."""

_QUIET: Final = 1.0
"""Seconds without a write that count as a quiet moment."""

_AGAIN: Final = 30.0
"""Seconds until a failed rewriting is tried again."""

_SPEED: Final = 20_000_000
"""Bytes rewritten in a second, until this process has measured it."""

_WHEN_CLOSING: Final = 1.0
"""The longest rewriting at closing, in seconds: a stopped bot has to end soon."""


class Rewriting:
    """Decides when the file is rewritten. `rewrite` does it, and returns False if it could not."""

    def __init__(self, file: Path, rewrite: Callable[[], Awaitable[bool]], *, share: float = SHARE) -> None:
        self._file = file
        self._rewrite = rewrite
        self._share = share
        self._speed: float = _SPEED
        self._rested_at = 0.0
        self._written_at = 0.0
        self._asked_at: float | None = None
        self._logged_at: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._under_way = False
        self._closed = False

    def ask(self) -> None:
        """Ask for a rewriting after an erasure."""
        if self._asked_at is None:
            self._asked_at = time.monotonic()
        if self._task is None and not self._closed:
            self._task = asyncio.create_task(self._go_on())

    def note_write(self) -> None:
        """Note a write: this is no quiet moment."""
        self._written_at = time.monotonic()

    async def now(self) -> bool:
        """Rewrite at once. False if that failed."""
        asked_at, self._asked_at = self._asked_at, None
        began_at = time.monotonic()
        size = self._measure()
        done = False
        self._under_way = True
        try:
            done = await self._rewrite()
        finally:
            self._under_way = False
            if not done:
                self._asked_at = asked_at or began_at
        took = time.monotonic() - began_at
        if done:
            self._speed = max(size / max(took, 0.001), 1.0)
        self._rested_at = time.monotonic() + (self._rest(took) if done else _AGAIN)
        return done

    async def close(self) -> None:
        """Rewrite once more if something was erased since, and if that is quick."""
        self._closed = True
        if self._task is not None:
            if not self._under_way:
                self._task.cancel()
            await asyncio.wait([self._task])
        if self._asked_at is not None and self._measure() / self._speed <= _WHEN_CLOSING:
            await self.now()

    async def _go_on(self) -> None:
        try:
            while self._asked_at is not None and not self._closed:
                await asyncio.sleep(max(self._rested_at - time.monotonic(), 0.0))
                await self._wait_for_quiet(self._rest(self._measure() / self._speed))
                if not await self.now():
                    self._warn()
        finally:
            self._task = None

    async def _wait_for_quiet(self, at_most: float) -> None:
        deadline = time.monotonic() + at_most
        while (left := min(self._written_at + _QUIET, deadline) - time.monotonic()) > 0:  # noqa: ASYNC110 - it says when
            await asyncio.sleep(left)

    def _rest(self, took: float) -> float:
        return min(took * self._share, _REST_AT_MOST)

    def _measure(self) -> int:
        with suppress(OSError):
            return self._file.stat().st_size
        return 0

    def _warn(self) -> None:
        """Log a line when the promise of docs/privacy.md is broken, then one an hour."""
        now = time.monotonic()
        if self._asked_at is None or now < (self._logged_at or self._asked_at) + BOUND:
            return
        self._logged_at = now
        logger.error("what was erased an hour ago may still be found in the file: is there room on its disk?")


def rewrite(connection: sqlite3.Connection, file: Path, run: Callable[[str], None]) -> bool:
    """Rewrite the database through its connection. False if that is impossible now; then nothing has changed.

    `run` runs a statement that needs a lock.
    """
    try:
        # The pages go through a temporary file and the write-ahead log; a full disk would stop all signing.
        if shutil.disk_usage(file.parent).free < 3 * file.stat().st_size:
            return False
        # Not in memory, where it would need the size of the file. On POSIX the temporary file has no name, so a crash
        # leaves nothing behind; `SQLITE_TMPDIR` puts it on the disk of the database.
        connection.execute("PRAGMA temp_store=FILE")
        try:
            run("VACUUM")
        finally:
            connection.execute("PRAGMA temp_store=MEMORY")
    except (sqlite3.Error, OSError):
        return False
    return True


def cut_log(connection: sqlite3.Connection) -> bool:
    """Write the write-ahead log into the file and empty it. False while a reader needs it."""
    try:
        [[busy, _, _]] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        return False
    return not busy

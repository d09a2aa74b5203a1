"""The bot with a profile of its CPU time by package: `python -m tests.benchmarks.profiled FILE web`.

Each time the main thread has used a few milliseconds of CPU time, the innermost frame of a known package is recorded.
Time in the standard library and Babel counts for the caller. In the database's thread, where turns run, the clock of
that thread separates statements and commits from our code between them. Unlike cProfile this adds almost nothing to
small functions, and it leaves out all waiting. Linux and SQLite only. SIGUSR1 starts over; at the end the profile is
written to FILE, as JSON.
"""

import ctypes
import json
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from chatbot.__main__ import main
from chatbot.storage.engine import sqlite
from chatbot.storage.engine.sqlite_transaction import SqliteTransaction

EVERY = 0.004
"""CPU seconds of the main thread between two samples."""
OURS, DATABASE = "ours", "database"
PLACES = (
    ("/chatbot/storage/engine/", DATABASE),  # our adapter around the driver
    ("/site-packages/aiosqlite/", DATABASE),
    ("/chatbot/", OURS),
    ("/site-packages/telegram/", "python-telegram-bot"),
    ("/site-packages/aiohttp/", "aiohttp"),
    ("/asyncio/", "asyncio"),
)
"""Parts of paths, and the package of the code there; the first match counts."""


class Account:
    """CPU seconds by package, and the places where the main thread was sampled."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.spent = {"turns": 0.0, "statements": 0.0}
        self.began = (0.0, 0.0)

    def begin(self, *_: object) -> None:
        """Discard everything recorded so far."""
        self.seen.clear()
        self.places.clear()
        self.spent.update(turns=0.0, statements=0.0)
        self.began = (time.thread_time(), time.process_time())

    def look(self, _signal: int, frame: FrameType | None) -> None:
        """Record where the main thread is."""
        while frame is not None:
            file = frame.f_code.co_filename
            if whose := next((name for part, name in PLACES if part in file), None):
                self.seen[whose] += 1
                self.places[f"{whose}: {'/'.join(file.rsplit('/', 2)[1:])} {frame.f_code.co_name}"] += 1
                return
            frame = frame.f_back
        self.seen["the rest"] += 1

    def timed(self, what: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap `call` so that the CPU time of its thread is recorded."""

        def timed(*arguments: Any) -> Any:
            began = time.thread_time()
            try:
                return call(*arguments)
            finally:
                self.spent[what] += time.thread_time() - began

        return timed

    def close(self) -> dict[str, Any]:
        """Return the seconds by package, and the share of samples by place."""
        main_thread = time.thread_time() - self.began[0]
        other = time.process_time() - self.began[1] - main_thread
        looks = max(1, self.seen.total())
        groups = Counter({whose: main_thread * seen / looks for whose, seen in self.seen.items()})
        ours = self.spent["turns"] - self.spent["statements"]
        groups[OURS] += ours
        groups[DATABASE] += other - ours
        return {"groups": groups, "places": {place: n / looks for place, n in self.places.most_common(30)}}


class _Event(ctypes.Structure):
    """Linux's `struct sigevent`, for a signal to one thread."""

    _fields_ = (
        ("value", ctypes.c_void_p),
        ("signal", ctypes.c_int),
        ("notify", ctypes.c_int),
        ("thread", ctypes.c_int),
        ("padding", ctypes.c_char * 44),
    )


def signal_by_own_time(number: int, seconds: float) -> None:
    """Send this thread the signal each time it has used this many seconds of CPU time."""
    to_this_thread = 4  # SIGEV_THREAD_ID
    clib = ctypes.CDLL(None, use_errno=True)
    timer = ctypes.c_void_p()
    event = _Event(None, number, to_this_thread, threading.get_native_id())
    pause = (ctypes.c_long * 4)(0, int(seconds * 1e9), 0, int(seconds * 1e9))
    if clib.timer_create(time.CLOCK_THREAD_CPUTIME_ID, ctypes.byref(event), ctypes.byref(timer)):
        raise OSError(ctypes.get_errno(), "timer_create")
    if clib.timer_settime(timer, 0, ctypes.byref(pause), None):
        raise OSError(ctypes.get_errno(), "timer_settime")


if __name__ == "__main__":
    target, *command = sys.argv[1:]
    account = Account()
    signal.signal(signal.SIGUSR1, account.begin)
    signal.signal(signal.SIGPROF, account.look)
    sqlite.carry_out = account.timed("turns", sqlite.carry_out)
    SqliteTransaction._carry_out = account.timed("statements", SqliteTransaction._carry_out)  # type: ignore[method-assign]
    signal_by_own_time(signal.SIGPROF, EVERY)
    code = main(command)
    Path(target).write_text(json.dumps(account.close()))
    sys.exit(code)

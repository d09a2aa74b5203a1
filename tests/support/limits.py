"""How long tests wait for an event."""

from contextlib import suppress
from pathlib import Path
from typing import Final

GIVE_UP: Final = 60.0
"""Seconds until a wait fails: far more than a busy machine needs. A passing test waits only until the event."""

SOON: Final = 20.0
"""Seconds for something that must not wait for the end of a long poll, which takes longer."""


def read_run_delay(pid: int | None = None) -> float:
    """Return the seconds that the threads of a process, by default this one, waited for a core; 0 without Linux."""
    nanoseconds = 0
    for file in (Path("/proc") / str(pid or "self") / "task").glob("*/schedstat"):
        with suppress(FileNotFoundError):  # the thread has ended
            nanoseconds += int(file.read_text().split()[1])
    return nanoseconds / 1e9

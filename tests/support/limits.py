"""How long tests wait for an event."""

from pathlib import Path
from typing import Final

GIVE_UP: Final = 60.0
"""Seconds until a wait fails: far more than a busy machine needs. A passing test waits only until the event."""

SOON: Final = 20.0
"""Seconds for something that must not wait for the end of a long poll, which takes longer."""


def read_run_delay() -> float:
    """Return the seconds that the threads of this process have waited for a core; 0 on other systems than Linux."""
    return sum(int(file.read_text().split()[1]) for file in Path("/proc/self/task").glob("*/schedstat")) / 1e9

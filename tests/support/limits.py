"""How long tests wait for an event."""

from pathlib import Path
from typing import Final

GIVE_UP: Final = 60.0
"""Seconds after which it never comes: far more than a busy machine needs, and a passing test does not wait for it."""

SOON: Final = 20.0
"""Seconds for what must not wait for a long poll, which takes longer."""


def read_run_delay() -> float:
    """Seconds that the threads of this process have waited for a core, as Linux counts them; 0 elsewhere."""
    return sum(int(file.read_text().split()[1]) for file in Path("/proc/self/task").glob("*/schedstat")) / 1e9

"""How long tests wait for what has to come."""

from typing import Final

GIVE_UP: Final = 60.0
"""Seconds after which it never comes: far more than a machine with other work needs, and no test waits for it."""

"""What the bot says of its own chores when they meet the trouble that a test makes: they begin again, by themselves."""

import re
from typing import Final

CHORES: Final = (
    "and will (be )?(in|at|tomorrow)|it goes on in a minute|the database is away: nothing is sent until it is back"
)
"""These lines are right, and may or may not stand beside the one that a test is about: that is a matter of moments."""


def leave_out(troubles: list[str], *others: str) -> list[str]:
    """The troubles that are of no chore, and have none of these words."""
    known = re.compile("|".join([CHORES, *map(re.escape, others)]))
    return [line for line in troubles if not known.search(line)]

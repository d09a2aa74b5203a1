"""Filters log lines of background jobs that fail and announce a retry while a test disturbs the bot."""

import re
from typing import Final

RETRY_LINES: Final = "|".join(
    [
        "and will be at the next start",
        "the database is unavailable; next try in",
        "the database is unavailable: nothing is sent until it is back",
    ]
)
"""These lines are expected. Timing decides whether they appear beside the line a test checks."""


def drop_retry_lines(troubles: list[str], *others: str) -> list[str]:
    """Return the lines that announce no retry and contain none of these words."""
    known = re.compile("|".join([RETRY_LINES, *map(re.escape, others)]))
    return [line for line in troubles if not known.search(line)]

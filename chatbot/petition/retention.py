"""How long things about people are kept."""

from datetime import datetime, timedelta
from typing import Final

DAYS: Final = 180
"""Days after closing, where the settings say nothing else."""
NOTICE: Final = timedelta(days=7)
"""So long before it the team is told."""
VISITORS: Final = timedelta(days=30)
"""Since somebody was last seen who never signed nor subscribed."""
DRAFTS: Final = timedelta(days=1)
"""Since the last answer on the way to a signature."""

CLOCK_TOLERANCE: Final = timedelta(days=1)
"""What is dated so far ahead was written while the clock was wrong."""
FORMER_MEMBERS: Final = timedelta(days=30)
"""Since somebody left the team: so long what they did stands under their name, also where they want to be forgotten."""


def find_due(closed_at: datetime, days: int) -> datetime:
    """When names and ids are erased, where the team was told in time."""
    return closed_at + timedelta(days=days)


def find_earliest(told_at: datetime, days: int) -> datetime:
    """Until when the team has time, from when it was told: a week, or all there is where that is less."""
    return told_at + min(NOTICE, timedelta(days=days))

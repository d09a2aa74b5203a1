"""Retention times of personal data."""

from datetime import datetime, timedelta
from typing import Final

DAYS: Final = 180
"""Default number of days after closing."""
NOTICE: Final = timedelta(days=7)
"""The team is told this long before the erasure."""
VISITORS: Final = timedelta(days=30)
"""Since the last visit of a person who neither signed nor subscribed."""
DRAFTS: Final = timedelta(days=1)
"""Since the last answer while signing, or the last change of a signature, which can be undone as long."""
QUESTIONS: Final = timedelta(hours=1)
"""How long a signer who is asked for a change may take to answer."""

CLOCK_TOLERANCE: Final = timedelta(days=1)
"""A moment further in the future was written while the clock was wrong."""
FORMER_MEMBERS: Final = timedelta(days=30)
"""Since a member left the team. Until then the audit log names them, even if they asked to be erased."""


def is_recent(at: int, now: datetime, limit: timedelta) -> bool:
    """Whether a moment, in seconds since 1970, is at most `limit` ago, or as little ahead: clocks differ."""
    return abs(now.timestamp() - at) <= limit.total_seconds()


def find_due(closed_at: datetime, days: int) -> datetime:
    """Return when names and ids are erased, if the team was told in time."""
    return closed_at + timedelta(days=days)


def find_earliest(told_at: datetime, days: int) -> datetime:
    """Return the earliest erasure after the notice at `told_at`: a week later, or `days` if that is less."""
    return told_at + min(NOTICE, timedelta(days=days))

"""A deed: what one of the team did, as the journal keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

EntryDetails = Mapping[str, str | int | None]
"""What it was about, and what it changed. Never a supporter's name or id."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the journal, which nobody changes any more."""

    number: int
    member_id: int
    """Telegram's id of whoever of the team did it."""
    what: str
    """`<kind>.<deed>`, as in broadcast.started."""
    details: EntryDetails
    done_at: datetime
    hash: str
    """Over this line and the hash of the one before."""

    @property
    def kind(self) -> str:
        """What part of the work it belongs to."""
        return self.what.partition(".")[0]

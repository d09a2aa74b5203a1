"""Approval of a large broadcast by a second organizer."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A requested approval of one revision: open, given or declined."""

    revision: int
    asked_by: int
    asked_at: datetime
    starts: bool
    """Whether approval starts the broadcast. Otherwise it waits for its scheduled time."""
    approved_by: int | None
    declined_by: int | None
    reason: str
    """Why it was declined; empty without a reason."""

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.approved_by is None and self.declined_by is None

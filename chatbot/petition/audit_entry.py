"""Audit entry: one action of a team member."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

EntryDetails = Mapping[str, str | int | None]
"""Subject and changes of the action; never a supporter's name or id."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log. It is never edited."""

    number: int
    member_id: int
    """Telegram id of the member who acted."""
    action: str
    """`<kind>.<verb>`, such as `broadcast.started`."""
    details: EntryDetails
    done_at: datetime
    hash: str
    """Covers this line and the hash of the previous one."""

    @property
    def kind(self) -> str:
        """The part before the dot in `action`."""
        return self.action.partition(".")[0]

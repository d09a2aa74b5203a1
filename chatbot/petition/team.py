"""The team of a petition: who may do what at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Role = Literal["viewer", "organizer", "owner"]
"""A viewer sees the numbers, an organizer runs the campaign, an owner decides about the team and the signatures."""
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""Each may do everything that those before it may."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team."""

    id: int
    """Telegram's id of the account."""
    name: str
    """As Telegram showed it when they joined; empty for somebody named in the settings who has never written."""
    role: Role
    is_named: bool
    """Named in the settings, and so an owner whatever is decided in the chat."""
    invited_by: int | None
    joined_at: datetime | None
    """None for somebody named in the settings who has never written."""


CLOCK_TOLERANCE: Final = timedelta(hours=2)
"""An invitation from further in the future was made while the clock was wrong, and would hold for too long."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way into the team, by a link that works once."""

    id: int
    role: Role
    invited_by: int
    made_at: datetime
    until: datetime
    used_by: int | None = None
    is_closed: bool = False
    """Used, or taken back."""

    def is_valid(self, now: datetime) -> bool:
        """Whether somebody can still follow it."""
        return not self.is_closed and now < self.until and self.made_at < now + CLOCK_TOLERANCE


def read_role(text: str) -> Role | None:
    """The role that a word names."""
    return next((role for role in ROLES if role == text), None)


def is_at_least(role: Role | None, needed: Role) -> bool:
    """Whether somebody in this role may do what needs `needed`; None is nobody of the team."""
    return role is not None and ROLES.index(role) >= ROLES.index(needed)


def list_at_least(members: Iterable[Member], needed: Role, *, but: int | None = None) -> list[Member]:
    """Those of the team who may do what needs `needed`, `but` one."""
    return [member for member in members if is_at_least(member.role, needed) and member.id != but]

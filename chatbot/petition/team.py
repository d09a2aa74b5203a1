"""Team of a petition: members, roles and invitations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Role = Literal["viewer", "organizer", "owner"]
"""A viewer sees the numbers, an organizer runs the campaign, an owner decides about the team and the signatures."""
ROLES: Final[tuple[Role, ...]] = get_args(Role)
"""In ascending order: each role includes the permissions of those before it."""

Notices = Literal["all", "own"]
"""Of what a member is told: what colleagues do with every broadcast, or with their own."""


@dataclass(frozen=True, slots=True)
class Member:
    """An account with a role, by invitation or by the setting `ORGANIZERS`."""

    id: int
    """Telegram id of the account."""
    name: str
    """Name in Telegram when they joined; empty for an organizer of the settings who has never written."""
    role: Role
    is_configured: bool
    """Listed in the settings, and therefore an owner whatever the team decides in the chat."""
    invited_by: int | None
    joined_at: datetime | None
    """None for an organizer of the settings who has never written."""
    notices: Notices = "all"


CLOCK_TOLERANCE: Final = timedelta(hours=2)
"""An invitation from further in the future was made while the clock was wrong, and would be valid for too long."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to the team: a link that works once."""

    id: int
    role: Role
    invited_by: int
    made_at: datetime
    until: datetime
    used_by: int | None = None
    is_closed: bool = False
    """Used or revoked."""

    def is_valid(self, now: datetime) -> bool:
        """Whether it can still be redeemed."""
        return not self.is_closed and now < self.until and self.made_at < now + CLOCK_TOLERANCE


def read_role(text: str) -> Role | None:
    """Return the role of this name; None for any other text."""
    return next((role for role in ROLES if role == text), None)


def is_at_least(role: Role | None, needed: Role) -> bool:
    """Whether the role includes `needed`; None means no member of the team."""
    return role is not None and ROLES.index(role) >= ROLES.index(needed)


def list_at_least(members: Iterable[Member], needed: Role, *, but: int | None = None) -> list[Member]:
    """List the members whose role includes `needed`, without the member `but`."""
    return [member for member in members if is_at_least(member.role, needed) and member.id != but]


@dataclass(frozen=True, slots=True)
class TeamAccess:
    """What team members work with. Only their turns have it."""

    configured_owners: frozenset[int]
    """Telegram ids from the settings. They are owners, whatever is decided in the chat."""
    rate: float
    """Messages a second that a broadcast may send."""
    paid: bool
    """Whether messages beyond Telegram's free 30 a second are paid for, in Stars."""
    role: Role = "owner"
    """The role of the person whose turn it is."""

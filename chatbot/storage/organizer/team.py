"""Stores the members of the team beside the owners in the settings, and what the team agreed on.

A role is a row of `members`, which `supporters.meet` reads along with the supporter. It is no column of `supporters`:
two owners who change each other's role at once would lock each other's rows and wait for each other.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, NamedTuple

from chatbot.petition.languages import Language
from chatbot.petition.team import Member, Notices, Role, is_at_least
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction

TABLE: Final = StoredTable(name="members", key=("id",), person=("id",), member=("invited_by",))
AGREEMENTS: Final = StoredTable(name="agreements", key=("name",))
MENU: Final = "menu"
"""The kind of job that updates the menu in a chat after a change of role."""

MembershipOutcome = Literal["done", "no_owner", "last_owner", "changed", "configured"]
"""The outcome of a change of role: `no_owner` if the actor is no owner, `last_owner` if none would remain, `changed` if
the role was changed before, `configured` if the settings make the member an owner."""


async def find_members(tx: Transaction, configured_owners: Collection[int] = ()) -> list[Member]:
    """List the team: first the owners in the settings, whatever role is stored for them."""
    rows = await tx.all("SELECT id, name, role, invited_by, joined_at, notices FROM members ORDER BY joined_at, id")
    known = {row["id"]: row for row in rows}
    first = [_read(known.get(each), each, "owner", is_configured=True) for each in sorted(configured_owners)]
    others = [row for row in rows if row["role"] is not None and row["id"] not in set(configured_owners)]
    return first + [_read(row, row["id"], row["role"], is_configured=False) for row in others]


async def find_names(tx: Transaction) -> dict[int, str]:
    """Return the names of all present and former members."""
    return {row["id"]: row["name"] for row in await tx.all("SELECT id, name FROM members")}


class Reader(NamedTuple):
    """How a person is spoken to."""

    language: Language | None
    """None for somebody unknown."""
    is_member: bool
    """Whether they have a role that was given in the chat."""
    zone: str | None
    """The time zone that they chose as a member."""


async def find_reader(tx: Transaction, person_id: int) -> Reader:
    """Find how a person is spoken to, whether they belong to the team or not."""
    row = await tx.one(
        "SELECT supporters.language, members.role, members.zone FROM supporters "
        "LEFT JOIN members ON members.id = supporters.id WHERE supporters.id = :id",
        id=person_id,
    )
    return Reader(row["language"], row["role"] is not None, row["zone"]) if row else Reader(None, False, None)


async def list_zones(tx: Transaction) -> list[str]:
    """List the time zones that members chose."""
    rows = await tx.all("SELECT DISTINCT zone FROM members WHERE zone IS NOT NULL ORDER BY zone")
    return [row["zone"] for row in rows]


async def choose_zone(tx: Transaction, member_id: int, zone: str | None) -> None:
    """Store the time zone that a member sees hours in; None is the campaign's."""
    await tx.run("UPDATE members SET zone = :zone WHERE id = :id", id=member_id, zone=zone)


async def introduce(tx: Transaction, member_id: int, name: str, now: datetime) -> None:
    """Store the name of an owner by the settings, for the audit log; the first time counts."""
    await tx.run(
        "INSERT INTO members (id, name, joined_at) VALUES (:id, :name, :now) ON CONFLICT (id) DO NOTHING",
        id=member_id,
        name=name,
        now=timestamps.to_text(now),
    )


async def add_member(
    tx: Transaction, member_id: int, name: str, role: Role, invited_by: int | None, now: datetime
) -> None:
    """Add a member, or give a member a higher role."""
    await lock(tx)
    await tx.run(
        "INSERT INTO members (id, name, role, invited_by, joined_at) VALUES (:id, :name, :role, :invited_by, :now) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, "
        "invited_by = excluded.invited_by, joined_at = excluded.joined_at, left_at = NULL, anonymise_at = NULL",
        id=member_id,
        name=name,
        role=role,
        invited_by=invited_by,
        now=timestamps.to_text(now),
    )


async def change_role(
    tx: Transaction,
    member_id: int,
    *,
    before: Role,
    after: Role | None,
    actor_id: int,
    configured_owners: Collection[int],
    now: datetime | None = None,
) -> MembershipOutcome:
    """Give a member another role, or none, if the actor is an owner. Changes of the team come one after the other.

    A member without a role has left the team `now`.
    """
    await lock(tx)
    members = {member.id: member for member in await find_members(tx, configured_owners)}
    actor, member = members.get(actor_id), members.get(member_id)
    if actor is None or not is_at_least(actor.role, "owner"):
        return "no_owner"
    if member is None or member.role != before:
        return "changed"
    if member.is_configured:
        return "configured"
    # An id in the settings that has never written to the bot may belong to no account.
    owners = {each.id for each in members.values() if each.role == "owner" and each.joined_at is not None}
    if owners == {member_id} and after != "owner":
        return "last_owner"
    left_at = timestamps.to_text(now) if now and after is None else None
    await tx.run(
        "UPDATE members SET role = :role, left_at = :left, zone = CASE WHEN :stays = 1 THEN zone END WHERE id = :id",
        id=member_id,
        role=after,
        left=left_at,
        stays=int(after is not None),
    )
    return "done"


async def hand_over(tx: Transaction, member_id: int, to: int) -> None:
    """Hand the scheduled and running broadcasts of a leaving member over to another one.

    Requests for approval are dropped: the broadcast would go out in the name of the leaving member.
    """
    await tx.run("DELETE FROM approvals WHERE asked_by = :id AND approved_by IS NULL", id=member_id)
    await tx.run("DELETE FROM followed_messages WHERE member_id = :id", id=member_id)
    await tx.run(
        "UPDATE broadcasts SET organizer_id = :to, progress_message_id = NULL WHERE organizer_id = :id "
        "AND reported_at IS NULL AND (started_at IS NOT NULL OR scheduled_for IS NOT NULL)",
        id=member_id,
        to=to,
    )


async def set_notices(tx: Transaction, member_id: int, notices: Notices) -> None:
    """Set of what a member is told."""
    await tx.run("UPDATE members SET notices = :notices WHERE id = :id", id=member_id, notices=notices)


async def lock(tx: Transaction) -> None:
    """Lock the team: changes of it come one after the other."""
    await tx.run(
        "INSERT INTO agreements (name, value) VALUES ('revision', 1) "
        "ON CONFLICT (name) DO UPDATE SET value = agreements.value + 1"
    )


async def find_threshold(tx: Transaction) -> int | None:
    """Return the audience above which a broadcast needs a second organizer's approval; None if none does."""
    row = await tx.one("SELECT value FROM agreements WHERE name = 'approval_above'")
    return row["value"] if row else None


async def set_threshold(tx: Transaction, people: int | None, before: int | None) -> bool:
    """Replace the threshold `before`. False if it was changed first."""
    await lock(tx)
    if await find_threshold(tx) != before:
        return False
    if people is None:
        await tx.run("DELETE FROM agreements WHERE name = 'approval_above'")
    else:
        await tx.run(
            "INSERT INTO agreements (name, value) VALUES ('approval_above', :people) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            people=people,
        )
    return True


def _read(row: Row | None, member_id: int, role: Role, *, is_configured: bool) -> Member:
    return Member(
        id=member_id,
        name=row["name"] if row else "",
        role=role,
        is_configured=is_configured,
        invited_by=row["invited_by"] if row else None,
        joined_at=timestamps.from_text(row["joined_at"]) if row else None,
        notices=row["notices"] if row else "all",
    )

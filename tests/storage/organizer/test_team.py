"""The team: its members, and concurrent changes that never leave it without an owner."""

import asyncio
from datetime import datetime

import pytest

from chatbot.petition.team import Role
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.organizer import team
from chatbot.storage.organizer.team import MembershipOutcome
from chatbot.storage.people import supporters
from tests.support.cast import HANA, SAM, YUNA


async def fill(database: Database, now: datetime, **roles: Role) -> None:
    ids = {"yuna": YUNA, "hana": HANA, "sam": SAM}

    async def work(tx: Transaction) -> None:
        for name, role in roles.items():
            await team.add_member(tx, ids[name], name, role, YUNA, now)

    await database.transact(work)


async def roles(database: Database, *configured_owners: int) -> dict[int, Role]:
    members = await database.transact(team.find_members, configured_owners)
    return {member.id: member.role for member in members}


async def change(
    database: Database, member_id: int, before: Role, after: Role | None, actor_id: int, *configured_owners: int
) -> MembershipOutcome:
    return await database.transact(
        team.change_role, member_id, before=before, after=after, actor_id=actor_id, configured_owners=configured_owners
    )


async def test_supporter_is_read_with_the_role(database: Database, now: datetime) -> None:
    async def meet(tx: Transaction) -> list[tuple[Role | None, bool]]:
        met = [await supporters.meet(tx, each, language="ko", now=now) for each in (YUNA, HANA, SAM)]
        return [(supporter.role, supporter.known_to_team) for supporter in met]

    await fill(database, now, hana="viewer")
    await database.transact(team.introduce, YUNA, "유나", now)
    assert await database.transact(meet) == [(None, True), ("viewer", True), (None, False)]
    assert await database.transact(meet) == [(None, True), ("viewer", True), (None, False)]


async def test_configured_owner_is_owner_whatever_is_stored(database: Database, now: datetime) -> None:
    await fill(database, now, hana="viewer", sam="organizer")
    assert await roles(database) == {HANA: "viewer", SAM: "organizer"}
    assert await roles(database, YUNA, HANA) == {HANA: "owner", YUNA: "owner", SAM: "organizer"}
    assert await change(database, HANA, "owner", "viewer", YUNA, YUNA, HANA) == "configured"
    members = await database.transact(team.find_members, (YUNA,))
    assert (members[0].name, members[0].joined_at, members[0].is_configured) == ("", None, True)


async def test_only_owners_change_roles(database: Database, now: datetime) -> None:
    await fill(database, now, yuna="owner", hana="organizer", sam="viewer")
    assert await change(database, SAM, "viewer", "organizer", HANA) == "no_owner"
    assert await change(database, SAM, "viewer", "organizer", YUNA) == "done"
    assert await change(database, SAM, "viewer", "owner", YUNA) == "changed"
    assert await change(database, SAM, "organizer", None, YUNA) == "done"
    assert await roles(database) == {YUNA: "owner", HANA: "organizer"}
    assert await change(database, SAM, "organizer", None, YUNA) == "changed"
    assert (await database.transact(team.find_names))[SAM] == "sam"


async def test_last_owner_stays(database: Database, now: datetime) -> None:
    await fill(database, now, yuna="owner", hana="organizer")
    assert await change(database, YUNA, "owner", None, YUNA) == "last_owner"
    assert await change(database, YUNA, "owner", "viewer", YUNA) == "last_owner"
    # An id in the settings may be mistyped until that person has written to the bot.
    assert await change(database, YUNA, "owner", "viewer", YUNA, SAM) == "last_owner"
    await database.transact(team.introduce, SAM, "Sam", now)
    assert await change(database, YUNA, "owner", "viewer", YUNA, SAM) == "done"


@pytest.mark.parametrize("times", range(4))
async def test_owners_who_demote_each_other_leave_one(url: str, now: datetime, times: int) -> None:
    first, second = await open_database(url), await open_database(url)
    await fill(first, now, yuna="owner", hana="owner")

    async def demote(database: Database, member_id: int, actor_id: int) -> MembershipOutcome:
        async def turn(tx: Transaction) -> MembershipOutcome:
            await supporters.meet(tx, actor_id, language="ko", now=now)
            return await team.change_role(
                tx, member_id, before="owner", after="viewer", actor_id=actor_id, configured_owners=()
            )

        return await database.transact(turn)

    outcomes = await asyncio.gather(demote(first, HANA, YUNA), demote(second, YUNA, HANA))
    assert sorted(outcomes) == ["done", "no_owner"]
    assert sorted((await roles(first)).values()) == ["owner", "viewer"]
    await first.close()
    await second.close()


async def test_approval_threshold_changes_by_compare_and_set(database: Database) -> None:
    assert await database.transact(team.find_threshold) is None
    assert await database.transact(team.set_threshold, 1000, None)
    assert await database.transact(team.set_threshold, 500, 1000)
    assert not await database.transact(team.set_threshold, 2000, 1000), "somebody else was first"
    assert await database.transact(team.find_threshold) == 500
    assert await database.transact(team.set_threshold, None, 500)
    assert await database.transact(team.find_threshold) is None


async def test_zone_of_a_member_is_read_with_them_until_they_leave(database: Database, now: datetime) -> None:
    await fill(database, now, yuna="owner", hana="organizer")
    for member_id in (HANA, SAM):
        await database.transact(supporters.meet, member_id, language="ko", now=now)
    await database.transact(team.choose_zone, HANA, "Europe/Berlin")
    await database.transact(team.choose_zone, SAM, "Europe/Paris")
    assert (await database.transact(supporters.meet, HANA, language="ko", now=now)).zone == "Europe/Berlin"
    assert await database.transact(team.find_reader, HANA) == ("ko", True, "Europe/Berlin")
    assert await database.transact(team.find_reader, SAM) == ("ko", False, None), (
        "somebody outside the team has no zone"
    )
    assert await database.transact(team.find_reader, 4004) == (None, False, None)
    assert await database.transact(team.list_zones) == ["Europe/Berlin"]
    await change(database, HANA, "organizer", "owner", YUNA)
    assert (await database.transact(team.find_reader, HANA)).zone == "Europe/Berlin"
    await change(database, HANA, "owner", None, YUNA)
    assert await database.transact(team.find_reader, HANA) == ("ko", False, None)

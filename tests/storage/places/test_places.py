"""Linked channels and groups, on both engines."""

import asyncio
from datetime import timedelta

from chatbot.petition.broadcasts.place import Place, PlaceTrouble
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.people import counters, signatures, sources
from chatbot.storage.places import pinned_cards, places, refusals
from tests.storage.conftest import Sign
from tests.support.cast import NOW, YUNA

CHANNEL, GROUP = -1_002_000_000_001, -4_000_000_001
DAY = timedelta(days=1)


async def link(database: Database, chat_id: int = CHANNEL, title: str = "광장") -> Place:
    kind = "group" if chat_id == GROUP else "channel"
    place = await database.transact(places.link, chat_id, kind, title, "ko", YUNA, NOW)
    assert place is not None
    return place


async def find(database: Database, code: str) -> Place:
    place = await database.transact(places.find, code)
    assert place is not None
    return place


async def list_notices(database: Database) -> list[str]:
    """List the notices to the team so far, oldest first."""

    async def work(tx: Transaction) -> list[str]:
        due = await jobs.find_due(tx, NOW + timedelta(days=30), (refusals.JOB,), 100)
        return [str(job.details["notice"]) for job in due]

    return await database.transact(work)


async def test_organizers_who_link_one_channel_at_once_link_it_once(database: Database) -> None:
    async def one(member_id: int) -> Place | None:
        return await database.transact(places.link, CHANNEL, "channel", "광장", "ko", member_id, NOW)

    linked = [place for place in await asyncio.gather(one(1), one(2), one(3)) if place]
    assert len(linked) == 1
    assert await database.transact(places.list_linked) == linked


async def test_place_keeps_its_code_when_it_is_linked_again(database: Database) -> None:
    first = await link(database)
    assert await database.transact(places.pause, first.code, NOW)
    assert not await database.transact(places.pause, first.code, NOW)
    assert await database.transact(pinned_cards.ask, first.code)
    assert not await database.transact(pinned_cards.ask, first.code), "two organizers who ask get one card"
    assert await database.transact(pinned_cards.keep, first.code, 7)
    assert await database.transact(places.unlink, first.code, NOW)
    assert not await database.transact(places.unlink, first.code, NOW)
    assert await database.transact(places.find_by_chat, CHANNEL) is None
    assert await database.transact(places.list_titles) == {first.code: "광장"}, "the source keeps its title"
    again = await link(database, title="Square")
    assert again.code == first.code
    assert (again.title, again.is_paused, again.card_message_id) == ("Square", False, None)


async def test_supergroup_replaces_its_group(database: Database) -> None:
    group = await link(database, GROUP)
    await database.transact(pinned_cards.ask, group.code)
    await database.transact(pinned_cards.keep, group.code, 7)
    assert [place.code for place in await database.transact(pinned_cards.list_pinned)] == [group.code]
    assert await database.transact(places.migrate_chat, GROUP, CHANNEL, NOW)
    assert not await database.transact(places.migrate_chat, GROUP, CHANNEL, NOW), (
        "both chats report it, and the second report changes nothing"
    )
    found = await database.transact(places.find_by_chat, CHANNEL)
    assert found is not None
    assert (found.code, found.card_message_id) == (group.code, None)
    other = await link(database, GROUP)
    assert await database.transact(places.migrate_chat, GROUP, CHANNEL, NOW)
    assert not (await find(database, other.code)).is_linked, "the supergroup was linked already"


async def test_team_is_told_once_of_rights_lost_and_given_back(database: Database) -> None:
    place = await link(database)
    told: tuple[PlaceTrouble | None, ...] = ("rights", "rights", "removed", None, None)
    for trouble in told:
        await database.transact(refusals.note_rights, CHANNEL, trouble, NOW)
    assert sorted(await list_notices(database)) == ["place_back", "place_removed", "place_rights"]
    assert (await find(database, place.code)).takes_posts
    await database.transact(refusals.note_rights, GROUP, "removed", NOW)
    assert len(await list_notices(database)) == 3, "the team is not told about a chat that is not linked"


async def test_second_refusal_on_another_day_unlinks_a_place(database: Database) -> None:
    place, other = await link(database), await link(database, GROUP)
    late = NOW.replace(hour=23, minute=59)
    for moment in (late, late + timedelta(minutes=2), late + timedelta(hours=11)):
        await database.transact(refusals.note_refusal, place.code, moment)
    assert (await find(database, place.code)).takes_posts, (
        "refusals within twelve hours count as one, even around midnight"
    )
    await database.transact(refusals.tell_if_it_lasts, place.code, late + refusals.LASTS)
    await database.transact(refusals.note_refusal, place.code, late + DAY)
    await database.transact(refusals.note_refusal, place.code, late + DAY)
    assert not (await find(database, place.code)).is_linked
    assert sorted(await list_notices(database)) == ["place_refused", "place_unlinked"]
    await database.transact(refusals.note_refusal, other.code, NOW)
    await database.transact(refusals.note_accepted, other.code, NOW)
    await database.transact(refusals.tell_if_it_lasts, other.code, NOW + refusals.LASTS)
    await database.transact(refusals.note_refusal, other.code, NOW + 2 * DAY)
    assert (await find(database, other.code)).is_linked, "an accepted post clears the refusals before it"


async def test_team_is_told_once_if_every_place_is_refused(database: Database) -> None:
    both = await link(database), await link(database, GROUP)
    for hours in (0, 2, 4):
        moment = NOW + timedelta(hours=hours)
        for place in both:
            await database.transact(refusals.note_refusal, place.code, moment)
        for place in both:
            await database.transact(refusals.tell_if_it_lasts, place.code, moment + refusals.LASTS)
        for place in both:
            await database.transact(refusals.note_accepted, place.code, moment + refusals.LASTS)
    assert await list_notices(database) == ["places_refused"], "accepted and refused by turns, it is one trouble"
    for moment in (NOW + DAY, NOW + 2 * DAY):
        for place in both:
            await database.transact(refusals.note_refusal, place.code, moment)
    await database.transact(refusals.tell_if_it_lasts, both[0].code, NOW + DAY + refusals.LASTS)
    assert await list_notices(database) == ["places_refused"] * 2, "another day, another trouble"
    assert len(await database.transact(places.list_linked)) == 2, (
        "no place is unlinked while Telegram refuses all of them"
    )


async def test_place_is_a_source_even_if_no_other_link_gets_a_counter(database: Database, sign: Sign) -> None:
    place = await link(database)

    async def work(tx: Transaction) -> None:
        for nth in range(sources.MOST):
            await tx.run(
                "INSERT INTO sources (name, admitted_at) VALUES (:name, :day)", name=f"made-up-{nth}", day="2026"
            )
        await sign(tx, 7, source=place.code)
        await sign(tx, 8, source="church")

    await database.transact(work)
    counted = await database.transact(counters.read_all, counters.SOURCES)
    assert counted == {place.code: 1, sources.OTHER: 1}
    assert await database.transact(signatures.find, 7)

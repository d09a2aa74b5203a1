"""Attack: the clock jumps forward or back. No data is lost, and nothing waits or stays valid for too long."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.app.data_retention import erase_expired
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.documents.signatures import read
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.filter import ReviewFilter
from chatbot.petition.signing.human_check import HumanCheck
from chatbot.petition.signing.picture_question import PictureQuestion
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import heartbeats, human_check, invitations, jobs, petition_status
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import confirmations, counters, history, listing, signatures, supporters
from chatbot.storage.people.listing import Count, Selection
from tests.support.broadcasts import draft, gather_all, start, states, subscribe
from tests.support.cast import SAM
from tests.support.chat import Chat
from tests.support.signature_history import read_history
from tests.support.signers import add_signer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
JUMPS = {"an hour back": (-HOUR, 0 * HOUR), "two days back": (-2 * DAY, 0 * HOUR), "40 days on": (40 * DAY, -40 * DAY)}
"""How far the clock jumps, and how far it jumps later when it is corrected."""
jumps = pytest.mark.parametrize("jump", JUMPS)


async def sign(database: Database, ids: range, at: Callable[[int], datetime], **fields: Any) -> None:
    async def work(tx: Transaction) -> None:
        for nth, each in enumerate(ids):
            await add_signer(tx, each, now=at(nth), first_number=1, **fields)

    await database.transact(work)


async def read_numbers(database: Database, choice: Selection) -> list[int]:
    return [row["number"] async for rows in read(database, choice) for row in rows]


async def read_moments(database: Database) -> list[tuple[int, datetime]]:
    rows = await database.transact(lambda tx: tx.all("SELECT number, signed_at FROM signatures ORDER BY number"))
    return [(row["number"], datetime.fromisoformat(row["signed_at"])) for row in rows]


async def sign_around(database: Database, jump: str) -> None:
    """Let thirty people sign at each of four times: before midnight, after it, after the jump, after the correction."""
    first, second = JUMPS[jump]
    wrong = MIDNIGHT + HOUR + first
    right = wrong + HOUR + second
    for nth, begin in enumerate((MIDNIGHT - HOUR, MIDNIGHT + HOUR / 2, wrong - 25 * MINUTE, right - 20 * MINUTE)):
        await sign(database, range(30 * nth, 30 * nth + 30), lambda each, begin=begin: begin + each * MINUTE / 2)  # type: ignore[misc]


@jumps
async def test_file_of_a_day_has_all_its_signatures(database: Database, jump: str) -> None:
    await sign_around(database, jump)
    kept = await read_moments(database)
    assert len(kept) == 120
    found = 0
    for days in range(-3, 45):
        choice = Selection(MIDNIGHT + days * DAY, MIDNIGHT + (days + 1) * DAY)
        expected = [number for number, at in kept if choice.since <= at < choice.before]  # type: ignore[operator]
        found += len(expected)
        assert await read_numbers(database, choice) == expected
        counted = await database.transact(listing.count, choice)
        assert counted == Count(len(expected), at_most=False)
    assert found == 120
    assert await read_numbers(database, Selection(since=MIDNIGHT)) == [number for number, at in kept if at >= MIDNIGHT]
    assert await find_problems(database) == []


@jumps
async def test_set_aside_of_a_day_includes_all_its_signatures(database: Database, jump: str) -> None:
    await sign_around(database, jump)
    kept = await read_moments(database)
    review_filter = ReviewFilter(MIDNIGHT, MIDNIGHT + DAY)

    async def work(tx: Transaction) -> int:
        one = await set_asides.create(tx, 9, review_filter, NOW)
        await set_asides.note_count(tx, one.id, 1)
        await set_asides.give_reason(tx, one.id, "the clock")
        assert await set_asides.change_state(tx, one.id, ["counted"], "running")
        period = await set_asides.find_range(tx, review_filter)
        after = await set_asides.set_aside_some(tx, one.id, *period)
        while after is not None and after.state == "running":
            after = await set_asides.set_aside_some(tx, one.id, *period)
        assert after is not None
        return after.done

    assert await database.transact(work) == sum(MIDNIGHT <= at < MIDNIGHT + DAY for _, at in kept)


async def test_file_finds_signatures_whose_moments_were_rounded(database: Database) -> None:
    """Retention rounds moments to the hour, in order of id. If the petition reopens, only some are rounded."""
    await sign(database, range(120), lambda nth: MIDNIGHT - HOUR + nth * MINUTE)
    await database.transact(
        lambda tx: tx.run("UPDATE signatures SET signed_at = '2026-03-02T00:00:00.000000Z' WHERE number IN (81, 110)")
    )
    assert await read_numbers(database, Selection(since=MIDNIGHT, before=MIDNIGHT + MINUTE)) == [61, 81, 110]


@jumps
async def test_broadcast_includes_subscribers_of_a_wrong_clock(database: Database, jump: str) -> None:
    first, second = JUMPS[jump]
    moments = (NOW, NOW + first + MINUTE, NOW + first + second + 2 * MINUTE)
    for person, at in enumerate(moments, start=1):
        await sign(database, range(person, person + 1), lambda _, at=at: at)  # type: ignore[misc]
        await database.transact(subscribe, [person], at)
    now = moments[-1] + MINUTE

    async def work(tx: Transaction) -> dict[int, str]:
        broadcast = await start(tx, await draft(tx, now, ko="소식"), now)
        await subscribe(tx, [4], now + MINUTE / 60)  # after the start, so not in the audience
        await gather_all(tx, broadcast, now + MINUTE)
        return await states(tx, broadcast.id)

    assert await database.transact(work) == dict.fromkeys((1, 2, 3), "waiting")


async def test_job_does_not_wait_for_a_wrong_time(database: Database) -> None:
    async def work(tx: Transaction) -> tuple[list[str], list[str]]:
        await jobs.add(tx, "added", {}, NOW + HOUR, chat_id=1)
        put_off = await jobs.add(tx, "far", {}, NOW, chat_id=1)
        await jobs.postpone(tx, put_off, NOW + 40 * DAY, excused=True)
        soon = await jobs.add(tx, "soon", {}, NOW + HOUR, chat_id=1)
        await jobs.postpone(tx, soon, NOW + 5 * MINUTE, excused=True)
        early = await jobs.find_due(tx, NOW, (), 10)
        late = await jobs.find_due(tx, NOW + 5 * MINUTE, (), 10)
        return sorted(each.kind for each in early), sorted(each.kind for each in late)

    assert await database.transact(work) == (["added", "far"], ["added", "far", "soon"])


@pytest.mark.parametrize("jump", [365 * DAY, DAY, HOUR])
async def test_heartbeat_of_a_wrong_clock_hides_no_newer_one(database: Database, jump: timedelta) -> None:
    await database.transact(heartbeats.beat, "killed", "run", "here", None, NOW + jump)
    await database.transact(heartbeats.beat, "new", "run", "here", None, NOW)
    [newest] = await database.transact(heartbeats.list_newest, "here")
    assert newest.beat_at == NOW, "the heartbeat from the future is deleted"
    await database.transact(heartbeats.beat, "new", "run", "here", None, NOW + jump)
    [newest] = await database.transact(heartbeats.list_newest, "here")
    assert newest.beat_at == NOW + jump


async def test_human_check_goes_off_when_the_clock_is_corrected(database: Database) -> None:
    await database.transact(human_check.switch, 0, "auto", 30, 9)
    wrong = NOW + 40 * DAY
    await sign(database, range(40), lambda nth: wrong + nth * MINUTE / 60)
    assert await database.transact(human_check.switch_by_surge, wrong + MINUTE)
    on = (await database.transact(petition_status.find)).human
    assert on.asks(wrong + 2 * MINUTE)
    assert not on.asks(NOW)
    assert await database.transact(human_check.switch_by_surge, NOW)  # off again, and the team is told
    assert not await database.transact(human_check.switch_by_surge, NOW + MINUTE)
    assert (await database.transact(petition_status.find)).human == HumanCheck("auto", 30, None, on.revision, 9)


def test_wrong_pictures_make_a_person_wait_half_a_minute_at_most() -> None:
    picture_question = PictureQuestion.draw()
    for _ in range(3):
        picture_question = picture_question.ask_again(NOW)
    assert picture_question.is_resting(NOW + timedelta(seconds=29))
    assert not picture_question.is_resting(NOW + timedelta(seconds=30))
    assert not picture_question.is_resting(NOW - HOUR)


async def test_questions_and_invitations_expire_in_time(database: Database) -> None:
    async def work(tx: Transaction) -> list[bool]:
        wrong = NOW + 40 * DAY
        yes = await confirmations.ask(tx, 1, "forget", wrong)
        way_in = await invitations.add(tx, "secret", "organizer", 9, wrong)
        near = await invitations.add(tx, "another", "organizer", 9, NOW + HOUR)
        return [
            await confirmations.take(tx, yes, 1, "forget", NOW),
            way_in.is_valid(NOW),
            await invitations.redeem(tx, way_in.id, 2, NOW),
            near.is_valid(NOW),
            await invitations.redeem(tx, near.id, 2, NOW),
        ]

    assert await database.transact(work) == [False, False, False, True, True]


async def test_signal_of_a_wrong_clock_does_not_suppress_a_later_one(database: Database) -> None:
    """The filter of each signal fits its signatures."""
    await detect_in_new_signatures(database, NOW)
    found = []
    for nth, at in enumerate((NOW + 40 * DAY, NOW + 10 * MINUTE)):
        await sign(database, range(100 * nth, 100 * nth + 60), lambda each, at=at: at + each * MINUTE / 60, source="x")  # type: ignore[misc]
        await detect_in_new_signatures(database, at + 10 * MINUTE)
        rows = await database.transact(signals.list_since, NOW - DAY, 10)
        found.append([each for each in rows if each.kind == "source"])
    assert [len(each) for each in found] == [1, 2]
    every = [signatures.read_row(row) for row in await database.transact(lambda tx: tx.all("SELECT * FROM signatures"))]
    for signal in found[1]:
        assert sum(signal.review_filter.fits(each) for each in every) >= 60


@jumps
async def test_retention_erases_people_of_a_wrong_clock_in_time(database: Database, jump: str) -> None:
    """A visitor, a signer and the closing have the date of a wrong clock."""
    first, second = JUMPS[jump]
    wrong = NOW + first
    right = NOW + first + second
    await database.transact(supporters.meet, 1, language="ko", now=wrong)
    await sign(database, range(2, 3), lambda _: wrong + 300 * DAY)
    await close(database, wrong)
    for days in range(31):
        await erase_expired(database, 20, right + days * DAY, is_open=True)  # type: ignore[misc]
    rows = await database.transact(lambda tx: tx.all("SELECT supporter_id, name FROM signatures"))
    assert [(row["supporter_id"] < 0, row["name"]) for row in rows] == [(True, "")]
    people = await database.transact(lambda tx: tx.all("SELECT id FROM supporters WHERE id > 0"))
    assert people == []
    assert await find_problems(database) == []


async def close(database: Database, at: datetime) -> None:
    async def work(tx: Transaction) -> None:
        await petition_status.create(tx)
        text = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        await tx.run("UPDATE petition_status SET ending = 'closed', ended_at = :at", at=text)

    await database.transact(work)


@jumps
async def test_history_grows_and_ends_with_the_true_count(database: Database, jump: str) -> None:
    first, second = JUMPS[jump]
    now = NOW
    for nth, move in enumerate((0 * HOUR, first, 0 * HOUR, second, 0 * HOUR)):
        now += move + HOUR
        await sign(database, range(10 * nth, 10 * nth + 10), lambda _, now=now: now)  # type: ignore[misc]
        await database.transact(history.write, now)
    for _ in range(3):
        now += HOUR
        await database.transact(history.write, now)
    assert await database.transact(history.read_at, counters.SIGNATURES, now) == 50
    rows = await database.transact(read_history)
    assert [value for _, value in rows] == sorted(value for _, value in rows)
    assert all(hour <= now for hour, _ in rows)


@pytest.mark.parametrize(("moved", "expected"), [(0 * HOUR, 30), (-HOUR, None), (40 * DAY, None)])
async def test_wrong_clock_gives_no_signature_a_wrong_speed(
    database: Database,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    moved: timedelta,
    expected: int | None,
) -> None:
    now = NOW
    dialog = Dialog(database, replace(campaign, is_open=True), translators, "https://t.me/x", lambda: now)
    sam = Chat(dialog, Person(SAM, "Sam", "en"))
    await sam.says("/sign")
    await sam.says("Canada")
    now += moved + timedelta(seconds=30)
    await sam.taps("✍")
    signature = await database.transact(signatures.find, SAM)
    assert signature is not None
    assert signature.seconds == expected

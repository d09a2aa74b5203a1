"""Retention erases in time what leads to a person, and keeps everything else correct."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from chatbot.app.data_retention import erase_expired
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import delivery_counts
from chatbot.storage.organizer import app_state, jobs, petition_status, team
from chatbot.storage.people import counters, sources, subscriptions, supporters
from chatbot.storage.privacy import retention
from tests.storage.conftest import Sign, on_sqlite
from tests.storage.privacy.test_erasure import live
from tests.support.cast import HANA, NOW, SAM, YUNA
from tests.support.languages import LANGUAGES
from tests.support.query_plans import Recorder, Said, find_scans
from tests.support.stored_rows import read_rows

DAYS = 10
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


async def close(database: Database, now: datetime = NOW) -> None:
    revision = (await database.transact(petition_status.find)).revision
    assert await database.transact(petition_status.end, revision, "closed", {}, YUNA, now)


async def reopen(database: Database, now: datetime) -> None:
    revision = (await database.transact(petition_status.find)).revision
    assert await database.transact(petition_status.reopen, revision, YUNA, now)


async def pass_to(database: Database, now: datetime, days: int = DAYS, *, is_open: bool = True) -> None:
    """Run the retention job once, two people at a time."""
    await erase_expired(database, days, now, is_open=is_open, at_once=2)


async def names(database: Database) -> list[tuple[bool, str]]:
    """Return for each signature, in order, whether its id is that of a person, and the name."""
    rows = await database.transact(lambda tx: tx.all("SELECT supporter_id, name FROM signatures ORDER BY number"))
    return [(row["supporter_id"] > 0, row["name"]) for row in rows]


async def told(database: Database) -> list[str]:
    """Return the times in the notices to the team: when names will be erased."""
    found = await database.transact(jobs.find_due, NOW + 1_000 * DAY, (), 100)
    return [str(each.details["at"]) for each in found if each.details.get("notice") == retention.NOTICE]


async def arrive(
    database: Database, person: int, now: datetime = NOW, draft: supporters.DraftValues | None = None
) -> None:
    async def work(tx: Transaction) -> None:
        await supporters.meet(tx, person, language="ko", now=now)
        step = "country" if draft else "idle"
        await supporters.store_step(tx, person, step=step, draft=draft or {}, update_id=1, now=now, newly=["opened"])

    await database.transact(work)


async def test_retention_erases_all_traces_and_keeps_counts(database: Database, sign: Sign) -> None:
    await live(database, sign)
    await arrive(database, 2001)

    async def subscribe(tx: Transaction) -> None:
        await subscriptions.subscribe(tx, 2001, "en", NOW)

    await database.transact(subscribe)
    totals = {each: await database.transact(counters.read_all, kind=each) for each in ("signatures", "steps")}
    tally = await database.transact(delivery_counts.read, 1)
    assert await database.transact(retention.find_day, DAYS) is None
    await close(database)
    assert await database.transact(retention.find_day, DAYS) == NOW + DAYS * DAY

    await pass_to(database, NOW + DAYS * DAY - WEEK - timedelta(seconds=1))
    assert await told(database) == []
    await pass_to(database, NOW + DAYS * DAY - WEEK)
    await pass_to(database, NOW + DAYS * DAY - timedelta(seconds=1))
    assert await told(database) == ["2026-12-04T03:00:00.000000Z"], "the team is told once"
    assert await names(database) == [(True, "하나"), (True, "하나")]

    await pass_to(database, NOW + DAYS * DAY)
    assert await names(database) == [(False, ""), (False, "")]
    kept = await database.transact(read_rows)
    left = {str(cell) for table, rows in kept.items() if table != "broadcasts" for row in rows for cell in row}
    assert not {str(HANA), str(SAM), "2001", "s-hana", "하나"} & left
    for kind, counted in totals.items():
        assert await database.transact(counters.read_all, kind=kind) == counted
    assert await database.transact(delivery_counts.read, 1) == tally
    assert await database.transact(subscriptions.count) == 0
    assert await find_problems(database) == []
    dates = await database.transact(lambda tx: tx.all("SELECT signed_at, country FROM signatures"))
    assert {(row["signed_at"], row["country"]) for row in dates} == {("2026-11-24T03:00:00.000000Z", "KR")}

    await pass_to(database, NOW + DAYS * DAY + DAY)
    assert len(await told(database)) == 1
    assert await database.transact(retention.find_day, DAYS) is None, "nothing is left to erase"


async def test_restart_between_two_batches_continues(url: str, sign: Sign) -> None:
    database = await open_database(url)
    for person in range(1, 8):
        await database.transact(sign, person)
    await close(database)
    due = NOW + DAYS * DAY
    await pass_to(database, due - WEEK)
    some = partial(retention.erase_some, days=DAYS, now=due, limit=2)
    assert await database.transact(some, after=0) == 2
    await database.close()

    database = await open_database(url)
    assert [name for _, name in await names(database)] == ["", "", *["하나"] * 5]
    assert await find_problems(database) == []
    await pass_to(database, due)
    assert await names(database) == [(False, "")] * 7
    assert await find_problems(database) == []
    await database.close()


async def test_reopening_stops_retention_and_closing_restarts_it(database: Database, sign: Sign) -> None:
    for person in (1, 2, 3):
        await database.transact(sign, person)
    await close(database)
    due = NOW + DAYS * DAY
    await pass_to(database, due - WEEK)
    some = partial(retention.erase_some, days=DAYS, now=due, limit=1)
    assert await database.transact(some, after=0) == 1
    await reopen(database, due)
    assert await database.transact(some, after=1) is None
    await pass_to(database, due)
    assert await names(database) == [(False, ""), (True, "하나"), (True, "하나")], "what is erased stays erased"
    assert await database.transact(retention.find_plan) is None

    await close(database, due)
    await pass_to(database, due + DAYS * DAY - WEEK)
    assert len(await told(database)) == 2
    await pass_to(database, due + DAYS * DAY)
    assert await names(database) == [(False, "")] * 3
    assert await find_problems(database) == []


async def test_team_gets_a_week_although_the_day_has_passed(database: Database, sign: Sign) -> None:
    """This happens if the bot was away, or if the setting became shorter."""
    await database.transact(sign, HANA)
    await close(database)
    late = NOW + 300 * DAY
    await pass_to(database, late)
    assert await told(database) == ["2027-09-27T03:00:00.000000Z"]
    assert await database.transact(retention.find_day, DAYS) == late + WEEK
    await pass_to(database, late + WEEK - DAY, 1)
    assert await names(database) == [(True, "하나")]
    await pass_to(database, late + WEEK)
    assert await names(database) == [(False, "")]


async def test_closing_in_files_counts_from_the_first_start_that_finds_it(database: Database, sign: Sign) -> None:
    await database.transact(sign, HANA)
    await pass_to(database, NOW, is_open=False)
    await pass_to(database, NOW + DAY, is_open=True)
    assert await database.transact(app_state.find, retention.FILES_CLOSED) is None
    for day in range(5, 15):
        await pass_to(database, NOW + day * DAY, is_open=False)
    assert await names(database) == [(True, "하나")]
    await pass_to(database, NOW + 15 * DAY, is_open=False)
    assert await names(database) == [(False, "")]
    assert len(await told(database)) == 1


async def test_retention_keeps_members_and_later_visitors(database: Database, sign: Sign) -> None:
    async def work(tx: Transaction) -> None:
        await sign(tx, YUNA)
        await team.add_member(tx, YUNA, "유나", "organizer", YUNA, NOW)
        await jobs.tell_one(tx, YUNA, "course", {}, NOW)

    await database.transact(work)
    await close(database)
    due = NOW + DAYS * DAY
    await pass_to(database, due - WEEK)
    await arrive(database, SAM, due)
    await database.transact(subscriptions.subscribe, SAM, "en", due)
    await pass_to(database, due)
    assert await names(database) == [(False, "")]
    language = await database.transact(supporters.find_language, YUNA)
    assert language in LANGUAGES, "the bot still knows her language"
    members = await database.transact(team.find_members, frozenset())
    assert [member.id for member in members] == [YUNA]
    waiting = await database.transact(jobs.find_due, due, (), 10)
    assert YUNA in [each.chat_id for each in waiting], "her notice still waits"
    assert await database.transact(subscriptions.find, SAM) is not None
    assert await find_problems(database) == []


async def test_visitor_is_erased_after_a_month_and_stays_counted(database: Database, sign: Sign) -> None:
    for person in range(1, 6):
        await arrive(database, person, NOW + (DAY if person == 5 else timedelta()))
    await arrive(database, HANA)
    await database.transact(sign, HANA)
    await database.transact(subscriptions.subscribe, 4, "ko", NOW)

    async def known() -> list[int]:
        rows = await database.transact(lambda tx: tx.all("SELECT id FROM supporters ORDER BY id"))
        return [row["id"] for row in rows]

    await pass_to(database, NOW + 30 * DAY)
    assert await known() == [1, 2, 3, 4, 5, HANA]
    await pass_to(database, NOW + 30 * DAY + timedelta(seconds=1))
    assert await known() == [4, 5, HANA]
    assert (await database.transact(counters.read_all, "steps"))["opened"] == 6
    assert await find_problems(database) == []


async def test_unsigned_answers_are_dropped_after_a_day(database: Database) -> None:
    at_desk: supporters.DraftValues = {"name": "유나", "broadcast": 7}
    for person, draft in ((1, {"name": "김하나"}), (2, {"name": "Sam"}), (3, at_desk), (4, {"broadcast": 8})):
        await arrive(database, person, NOW + (DAY if person == 2 else timedelta()), draft)
    await pass_to(database, NOW + DAY)
    rows = await database.transact(lambda tx: tx.all("SELECT draft FROM supporters WHERE draft LIKE '%name%'"))
    assert len(rows) == 3, "the day is not over yet"
    await pass_to(database, NOW + DAY + timedelta(seconds=1))
    rows = await database.transact(lambda tx: tx.all("SELECT step, draft FROM supporters ORDER BY id"))
    assert [(row["step"], row["draft"]) for row in rows] == [
        ("expired", "{}"),
        ("country", '{"name":"Sam"}'),
        ("country", '{"broadcast":7}'),
        ("country", '{"broadcast":8}'),
    ]


async def test_retention_scans_no_growing_table(database: Database, sign: Sign) -> None:
    said: Said = {}
    recorder = Recorder(database, said)
    await live(database, sign)
    await database.transact(sign, 5, source="radio")
    await arrive(database, 7, draft={"name": "Sam"})
    await arrive(database, 8)
    await close(database)
    await pass_to(recorder, NOW + 2 * DAY)
    await pass_to(recorder, NOW + 4 * DAY)
    await pass_to(recorder, NOW + 60 * DAY)
    assert await names(database) == [(False, "")] * 3
    assert len(said) > 25
    assert await find_scans(database, said) == []


@pytest.mark.parametrize("days", [1, 6])
async def test_team_gets_the_whole_of_a_short_retention(database: Database, sign: Sign, days: int) -> None:
    await database.transact(sign, HANA)
    await close(database)
    await pass_to(database, NOW, days)
    assert len(await told(database)) == 1
    await pass_to(database, NOW + days * DAY - timedelta(seconds=1), days)
    assert await names(database) == [(True, "하나")]
    await pass_to(database, NOW + days * DAY, days)
    assert await names(database) == [(False, "")]


async def test_personal_links_are_erased_and_campaign_links_stay(
    database: Database, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link with its own counter is erased too if it brought few people."""
    monkeypatch.setattr(sources, "MOST", 2)
    brought_by = (*["radio"] * sources.FEWEST, "for-lee-hana", "for-lee-hana", "for-kim-hana", "s-abcdefgh", None)
    for person, source in enumerate(brought_by, start=1):
        await database.transact(sign, person, source=source)
    await close(database)
    await pass_to(database, NOW + DAYS * DAY - WEEK)
    await pass_to(database, NOW + DAYS * DAY)
    rows = await database.transact(lambda tx: tx.all("SELECT source FROM signatures ORDER BY number"))
    assert [row["source"] for row in rows] == ["radio"] * 5 + [sources.OTHER] * 3 + [sources.SHARED, None]
    names = await database.transact(lambda tx: tx.all("SELECT name FROM counters WHERE name LIKE '%hana%'"))
    assert names == []
    assert await find_problems(database) == []


@on_sqlite
async def test_files_hold_no_byte_of_an_erased_name_or_link(database: Database, file: Path, sign: Sign) -> None:
    await live(database, sign)
    await close(database)
    await pass_to(database, NOW + DAYS * DAY - WEEK)

    def find() -> list[bytes]:
        written = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*") if each.is_file())
        return [trace for trace in ("하나".encode(), b"s-hana") if trace in written]

    assert len(find()) == 2
    await pass_to(database, NOW + DAYS * DAY)
    assert find() == []

"""The counters of signatures and funnel steps, and their history hour by hour."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from chatbot import storage
from chatbot.storage import ConflictError, Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.people import counters, history, signatures, sources, supporters
from chatbot.storage.people.counters import SIGNATURES
from tests.storage.conftest import Sign, counted, recount
from tests.support.cast import NOW
from tests.support.signature_history import read_history
from tests.support.signers import FIRST_NUMBER

HOUR = timedelta(hours=1)


async def test_counters_change_together_or_not_at_all(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        await counters.change(tx, ["b", SIGNATURES, "a"], 3)
        await counters.change(tx, [SIGNATURES, "a"], -2)

    await database.transact(work)
    assert await database.transact(counted) == {SIGNATURES: 1, "a": 1, "b": 3}
    for names in ([SIGNATURES, "b", "a"], [SIGNATURES, "never"]):
        with pytest.raises(ConflictError):
            await database.transact(counters.change, names, -2)
    assert await database.transact(counted) == {SIGNATURES: 1, "a": 1, "b": 3}
    await database.transact(counters.shift, ["b", "c"], ["c", "d"])
    assert await database.transact(counted) == {SIGNATURES: 1, "a": 1, "b": 2, "d": 1}


async def test_number_is_given_once_whatever_becomes_of_its_signature(database: Database, sign: Sign) -> None:
    async def work(tx: Transaction) -> list[int]:
        first, second = await sign(tx, 1), await sign(tx, 2)
        assert first is not None
        assert second is not None
        await tx.run("DELETE FROM signatures WHERE supporter_id = 2")
        await counters.change(tx, counters.of_signature(second), -1)
        third = await sign(tx, 3)
        assert third is not None
        return [first.number, second.number, third.number]

    assert await database.transact(work) == [FIRST_NUMBER, FIRST_NUMBER + 1, FIRST_NUMBER + 2]
    assert await database.transact(signatures.count) == 2
    assert await database.transact(counted) == await database.transact(recount)
    assert await find_problems(database) == []
    await database.transact(lambda tx: tx.run("UPDATE counters SET value = 5 WHERE name = 'numbers'"))
    assert await find_problems(database) == ["signatures with a number that may be given again: 2"]


async def test_links_beyond_the_limit_share_a_counter(
    database: Database, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST", 2)

    async def work(tx: Transaction) -> None:
        brought_by = (None, "s-hanas", "radio", "S-station", "made-up-1", "made-up-2", "s-sams", "radio")
        for each, source in enumerate(brought_by):
            await sign(tx, each, source=source)

    await database.transact(work)
    assert await database.transact(counters.read_all, counters.SOURCES) == {
        "+direct": 1,
        "+friends": 2,
        "+other": 2,
        "radio": 2,
        "S-station": 1,
    }
    assert await find_problems(database) == []
    await database.transact(lambda tx: tx.run("UPDATE signatures SET counted_as = 'radio' WHERE supporter_id = 4"))
    assert "signatures with a source that is not what it counts as: 1" in await find_problems(database)


async def test_person_counts_once_at_each_funnel_step(database: Database) -> None:
    async def work(tx: Transaction) -> tuple[str, ...]:
        await supporters.meet(tx, 1, language="ko", now=NOW)
        await supporters.store_step(tx, 1, step="idle", draft={}, update_id=1, now=NOW, newly=["opened", "signed"])
        await supporters.store_step(tx, 1, step="idle", draft={}, update_id=2, now=NOW, newly=["read"])
        await supporters.store_step(tx, 1, step="idle", draft={}, update_id=3, now=NOW)
        return (await supporters.meet(tx, 1, language="ko", now=NOW)).reached

    assert await database.transact(work) == ("opened", "read", "signed")
    assert await database.transact(counters.read_all, counters.STEPS) == {
        "opened": 1,
        "read": 1,
        "signed": 1,
    }
    assert await find_problems(database) == []


async def rows(tx: Transaction) -> list[tuple[int, int]]:
    """Return the hours since NOW, each with the total at its end."""
    return [(round((hour - NOW) / HOUR), value) for hour, value in await read_history(tx)]


class Petition:
    """A petition with its own clock."""

    def __init__(self, database: Database, sign: Sign) -> None:
        self.database, self.sign, self.now, self.signed = database, sign, NOW, 0

    async def collect(self, people: int, country: str = "KR") -> None:
        for _ in range(people):
            self.signed += 1
            await self.database.transact(self.sign, self.signed, country)

    async def write(self, hours: float = 0) -> bool:
        self.now += hours * HOUR
        return await self.database.transact(history.write, self.now)

    async def rows(self) -> list[tuple[int, int]]:
        return await self.database.transact(rows)


@pytest.fixture
async def empty_database(new_url: str) -> AsyncIterator[Database]:
    """A database without tables."""
    opened = await storage.connect(new_url)
    yield opened
    await opened.close()


@pytest.fixture
def petition(database: Database, sign: Sign) -> Petition:
    return Petition(database, sign)


async def test_hour_is_written_once_with_changes_only(petition: Petition) -> None:
    await petition.collect(2)
    assert await petition.write(0.01)
    assert not await petition.write(0.9)
    await petition.collect(3)
    assert await petition.write(0.2)
    assert await petition.write(1)
    assert await petition.write(1)
    await petition.collect(1, "CA")
    assert await petition.write(1)
    assert await petition.rows() == [(-1, 2), (0, 5), (3, 6)]
    korea = await petition.database.transact(
        lambda tx: tx.all("SELECT value FROM history WHERE name = 'signatures:KR' ORDER BY hour")
    )
    assert [row["value"] for row in korea] == [2, 5]


async def test_counts_before_a_stop_belong_to_their_hour(petition: Petition) -> None:
    await petition.write(0.01)
    await petition.collect(4)
    assert await petition.write(7)
    await petition.collect(1)
    assert await petition.write(1)
    assert await petition.rows() == [(0, 4), (7, 5)]


async def test_two_processes_write_an_hour_once(petition: Petition) -> None:
    await petition.collect(1)

    async def claim_first(tx: Transaction) -> bool:
        return await history._claim(tx, None, "2026-11-24T02:00:00.000000Z")

    assert await petition.database.transact(claim_first)
    assert not await petition.database.transact(claim_first)
    assert not await petition.write()


@pytest.mark.parametrize("back", [0.5, 1.0])
async def test_clock_put_back_a_little_changes_nothing(petition: Petition, back: float) -> None:
    await petition.collect(1)
    await petition.write(2)
    before = await petition.rows()
    await petition.collect(1)
    assert not await petition.write(-back)
    assert await petition.rows() == before
    assert await petition.write(back + 1)
    assert await petition.rows() == [*before, (2, 2)]


async def test_corrected_clock_continues_the_history(petition: Petition) -> None:
    await petition.collect(1)
    await petition.write(0.01)
    await petition.write(24 * 365)
    await petition.collect(2)
    await petition.write(1)
    await petition.collect(4)
    assert await petition.write(-24 * 365 + 1)
    assert await petition.rows() == [(-1, 1), (1, 7)]
    assert not await petition.write()


async def test_past_counter_is_read(petition: Petition) -> None:
    for country in ("KR", "KR", "CA"):
        await petition.collect(1, country)
        await petition.write(1)

    async def read(tx: Transaction) -> list[object]:
        return [
            [await history.read_at(tx, SIGNATURES, NOW + hours * HOUR) for hours in (-9, 0, 1, 2, 3, 99)],
            await history.read_all_at(tx, SIGNATURES, NOW + 2 * HOUR),
        ]

    assert await petition.database.transact(read) == [[0, 0, 1, 2, 3, 3], {"KR": 2}]


async def test_older_petition_gets_its_history_from_its_signatures(empty_database: Database) -> None:
    database = empty_database
    await migrate(database, [each for each in bundled() if each.number < 7])

    async def fill(tx: Transaction) -> None:
        people = (("KR", None, 2), ("KR", "s-x", 2), ("CA", "radio", 4), ("KR", "radio", 5))
        await tx.run("INSERT INTO counters (name, value) VALUES ('signatures', 4), ('signatures:KR', 3)")
        await tx.run("INSERT INTO counters (name, value) VALUES ('signatures:CA', 1)")
        for each, (country, source, hour) in enumerate(people, 1):
            at = f"2026-11-24T{hour:02}:30:00.000000Z"
            await tx.run(
                "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) VALUES (:id, 'ko', :at, :at)",
                id=each,
                at=at,
            )
            await tx.run(
                "INSERT INTO signatures VALUES (:id, :number, '하나', :country, NULL, 'ko', :source, 'v1', :at)",
                id=each,
                number=FIRST_NUMBER + each - 1,
                country=country,
                source=source,
                at=at,
            )

    await database.transact(fill)
    await migrate(database)
    assert await find_problems(database) == []
    assert await database.transact(counted) == await database.transact(recount)
    assert await database.transact(rows) == [(-1, 2), (1, 3), (2, 4)]
    assert await database.transact(history.write, NOW + 3 * HOUR)
    assert await database.transact(rows) == [(-1, 2), (1, 3), (2, 4)]
    assert await database.transact(counters.next_number, FIRST_NUMBER) == FIRST_NUMBER + 4

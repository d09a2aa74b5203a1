"""The guarantees of transactions on both engines."""

import asyncio
import contextvars

import pytest

from chatbot.storage import ConflictError, Database, DatabaseUnavailableError, Transaction, UnstorableValueError
from chatbot.storage.engine.postgres import database as postgres
from chatbot.storage.people import counters
from tests.storage.conftest import on_sqlite
from tests.storage.engine.conftest import raise_a, read_a
from tests.support.limits import GIVE_UP

whose_turn = contextvars.ContextVar("whose_turn", default="nobody's")


async def test_transact_returns_the_result_and_commits(database: Database) -> None:
    assert await database.transact(raise_a) == 1
    assert await database.transact(raise_a) == 2
    assert await database.transact(read_a) == 2


async def test_rows_are_read_by_column(database: Database) -> None:
    async def work(tx: Transaction) -> None:
        assert await tx.run("INSERT INTO counters (name, value) VALUES (:one, 1), (:two, 2)", one="한", two="two") == 2
        rows = await tx.all("SELECT name, value AS worth FROM counters ORDER BY value")
        assert [(row["name"], row["worth"]) for row in rows] == [("한", 1), ("two", 2)]
        assert await tx.one("SELECT name FROM counters WHERE value = :value", value=9) is None
        assert await tx.run("UPDATE counters SET value = 5 WHERE value > :value", value=9) == 0

    await database.transact(work)


async def test_failing_work_rolls_back_alone(database: Database) -> None:
    async def failing(tx: Transaction) -> None:
        await counters.increase(tx, "a")
        raise LookupError("a bug in the work")

    answers = await asyncio.gather(
        *(database.transact(failing if nth % 3 == 1 else raise_a) for nth in range(30)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [LookupError if nth % 3 == 1 else int for nth in range(30)]
    assert await database.transact(read_a) == 20


@on_sqlite
async def test_work_that_awaits_something_else_fails(database: Database) -> None:
    class ASecond:
        def __await__(self):  # type: ignore[no-untyped-def]
            yield

    async def wait_a_second(tx: Transaction) -> None:
        await counters.increase(tx, "a")
        await ASecond()

    failed, other = await asyncio.gather(
        database.transact(wait_a_second), database.transact(raise_a), return_exceptions=True
    )
    assert isinstance(failed, RuntimeError)
    assert "waited for something else inside a transaction" in str(failed)
    assert other == 1


async def test_work_cannot_open_another_transaction(database: Database) -> None:
    async def nesting(tx: Transaction) -> None:
        await database.transact(raise_a)

    with pytest.raises(RuntimeError):
        await database.transact(nesting)
    assert await database.transact(raise_a) == 1


async def test_transaction_cannot_be_used_after_its_end(database: Database) -> None:
    async def leaking(tx: Transaction) -> Transaction:
        return tx

    leaked = await database.transact(leaking)
    with pytest.raises(RuntimeError, match="over"):
        await counters.increase(leaked, "a")


@pytest.mark.parametrize("text", ["half a pair \ud83d", "nul \0 inside"])
async def test_unstorable_text_fails_alone(database: Database, text: str) -> None:
    async def hostile(tx: Transaction) -> None:
        await counters.increase(tx, text)

    before, failed, after = await asyncio.gather(
        database.transact(raise_a), database.transact(hostile), database.transact(raise_a), return_exceptions=True
    )
    assert sorted((before, after)) == [1, 2]
    assert isinstance(failed, UnstorableValueError)
    assert text not in str(failed)


async def test_number_beyond_64_bits_fails_alone(database: Database) -> None:
    async def hostile(tx: Transaction) -> None:
        await tx.run("INSERT INTO counters (name, value) VALUES ('b', :value)", value=2**63)

    with pytest.raises(UnstorableValueError):
        await database.transact(hostile)
    assert await database.transact(raise_a) == 1


async def test_violated_constraint_raises_conflict(database: Database) -> None:
    async def below_zero(tx: Transaction) -> None:
        await tx.run("INSERT INTO counters (name, value) VALUES ('a', -1)")

    with pytest.raises(ConflictError):
        await database.transact(below_zero)
    assert await database.transact(raise_a) == 1


async def test_failed_statement_ends_the_transaction_although_its_error_is_caught(database: Database) -> None:
    async def stubborn(tx: Transaction) -> str:
        await counters.increase(tx, "a")
        for _ in range(2):
            with pytest.raises(ConflictError):
                await tx.run("INSERT INTO counters (name, value) VALUES ('b', :value)", value=-1)
            with pytest.raises(ConflictError):  # of the statement before: nothing is wrong with this one
                await read_a(tx)
        return "all is well"

    with pytest.raises(ConflictError):
        await database.transact(stubborn)
    assert await database.transact(read_a) == 0


async def test_wrong_statement_fails_alone(database: Database) -> None:
    async def mistaken(tx: Transaction) -> None:
        await tx.run("INSERT INTO nowhere VALUES (1)")

    wrong, right = await asyncio.gather(database.transact(mistaken), database.transact(raise_a), return_exceptions=True)
    assert isinstance(wrong, Exception)
    assert not isinstance(wrong, DatabaseUnavailableError), "trying again would not help"
    assert right == 1


async def test_work_sees_the_context_of_its_caller(database: Database) -> None:
    async def work(tx: Transaction) -> str:
        return whose_turn.get()

    async def ask(name: str) -> str:
        whose_turn.set(name)
        return await database.transact(work)

    names = ["Hana", "Sam", "Yuna"]
    assert await asyncio.gather(*map(ask, names)) == names


async def test_closing_finishes_waiting_transactions_and_refuses_new_ones(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", GIVE_UP)  # the last one waits long for a connection on a busy machine
    asked = [asyncio.create_task(database.transact(raise_a)) for _ in range(600)]
    await asyncio.sleep(0)
    await asyncio.gather(database.close(), database.close())
    assert sorted(await asyncio.gather(*asked)) == list(range(1, 601))
    with pytest.raises(DatabaseUnavailableError, match="closed"):
        await database.transact(raise_a)
    await database.close()

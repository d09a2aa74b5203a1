"""`move` copies a petition into another database without loss, or refuses in one line."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.broadcasting import worker
from chatbot.jobs import runner
from chatbot.petition.broadcasts.post import Post
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin import transfer
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.admin.transfer import TransferError, move
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.people import signatures, subscriptions
from tests.storage.conftest import Sign
from tests.support.postgres_server import PostgresServer
from tests.support.stored_rows import read_rows


@pytest.fixture
async def filled(tmp_path: Path, sign: Sign, now: datetime, monkeypatch: pytest.MonkeyPatch):
    """A file with 25 signatures, 25 subscriptions and a draft of a broadcast. `move` copies seven rows at a time."""
    monkeypatch.setattr(transfer, "AT_ONCE", 7)
    database = await open_database(f"sqlite:///{tmp_path / 'old.db'}")

    async def work(tx: Transaction) -> None:
        for each in range(1, 26):
            await sign(tx, each, "KR" if each % 2 else "CA")
            await subscriptions.subscribe(tx, each, "ko" if each % 3 else "en", now)
        draft = await drafts.create(tx, 1, now)
        await drafts.write_post(tx, draft.id, "ko", Post(Markup("<b>소식</b>")))

    await database.transact(work)
    yield database
    await database.close()


async def test_move_copies_every_row(
    filled: Database, database: Database, assert_consistent: Callable[[Database], Awaitable[None]], now: datetime
) -> None:
    told: list[str] = []
    await move(filled, database, told.append)
    assert "signatures: 25" in told
    assert not [line for line in told if line.endswith(": 0")], "empty tables are not listed"
    assert await database.read_snapshot(read_rows) == await filled.read_snapshot(read_rows)
    await assert_consistent(database)
    assert await find_problems(database) == []
    assert await database.transact(signatures.count) == 25
    draft = await database.transact(broadcasts.get, 1)
    assert draft.posts["ko"].text == "<b>소식</b>"
    with pytest.raises(TransferError, match="holds something already"):
        await move(filled, database, told.append)


def test_move_knows_the_locks_of_a_bot() -> None:
    assert {runner.HOLD, worker.LOCK} <= set(transfer.HELD_BY_BOTS)


# On PostgreSQL `web` takes only the second lock. Before migration 17 it took only the third one.
@pytest.mark.slow
@pytest.mark.parametrize("held", ["broadcasting", "jobs", "errands"])
async def test_move_into_the_database_of_a_running_bot_is_refused(
    filled: Database, database: Database, url: str, held: str
) -> None:
    running = await open_database(url)
    assert await running.try_lock(held)
    with pytest.raises(TransferError, match="stop it first"):
        await move(filled, database, print)
    await running.close()
    await move(filled, database, lambda _: None)


@pytest.mark.parametrize("held", ["broadcasting", "jobs"])
async def test_move_out_of_the_database_of_a_running_bot_is_refused(
    tmp_path: Path, database: Database, url: str, held: str
) -> None:
    running = await open_database(url)
    assert await running.try_lock(held)
    empty = await open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(TransferError, match="stop it first"):
        await move(database, empty, print)
    await running.close()
    await empty.close()


@pytest.mark.parametrize("side", ["old", "new"])
async def test_database_with_a_trigger_does_not_move(filled: Database, tmp_path: Path, side: str) -> None:
    empty = await open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    changed = filled if side == "old" else empty
    trigger = "CREATE TRIGGER gotcha AFTER INSERT ON signatures BEGIN DELETE FROM signatures; END"
    await changed.transact(lambda tx: tx.run(trigger))
    with pytest.raises(TransferError, match=rf"the {side} database has triggers .*'gotcha'"):
        await move(filled, empty, print)
    await changed.transact(lambda tx: tx.run("DROP TRIGGER gotcha"))
    await move(filled, empty, lambda _: None)
    await empty.close()


@pytest.mark.slow
@pytest.mark.parametrize("made", ["rule", "trigger"])
async def test_server_with_a_trigger_or_a_rule_is_no_target(
    filled: Database, server: PostgresServer, made: str
) -> None:
    statement = {
        "rule": "CREATE RULE gotcha AS ON INSERT TO signatures DO ALSO DELETE FROM subscriptions",
        "trigger": "CREATE TRIGGER gotcha BEFORE UPDATE ON signatures FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    }[made]
    with server.fresh_database() as address:
        target = await open_database(address)
        await target.transact(lambda tx: tx.run(statement))
        with pytest.raises(TransferError, match=r"the new database has triggers .*'gotcha'"):
            await move(filled, target, print)
        await target.transact(lambda tx: tx.run(f"DROP {made.upper()} gotcha ON signatures"))
        await move(filled, target, lambda _: None)
        await target.close()


async def test_database_with_problems_does_not_move(filled: Database, database: Database) -> None:
    await filled.transact(lambda tx: tx.run("UPDATE counters SET value = 3 WHERE name = 'signatures'"))
    with pytest.raises(TransferError, match="signatures: counted 3"):
        await move(filled, database, print)


@pytest.mark.parametrize("column", ["note", "note) SELECT * FROM signatures; --\n"])
async def test_database_with_unknown_columns_does_not_move(filled: Database, database: Database, column: str) -> None:
    await filled.transact(lambda tx: tx.run(f'ALTER TABLE supporters ADD COLUMN "{column}" TEXT'))
    before = await database.read_snapshot(read_rows)
    with pytest.raises(TransferError, match=r"^supporters of the old .* did not make: .*$") as told:
        await move(filled, database, print)
    assert "\n" not in str(told.value)
    assert await database.read_snapshot(read_rows) == before


async def test_move_reports_a_refused_row_in_one_line(filled: Database, database: Database) -> None:
    await database.transact(lambda tx: tx.run("CREATE UNIQUE INDEX one_language ON supporters (language)"))
    with pytest.raises(TransferError, match=r"^supporters: the new database refuses a row") as told:
        await move(filled, database, print)
    assert "\n" not in str(told.value)

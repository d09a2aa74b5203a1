"""Migration 0017 renames tables and columns, and 0018 moves texts into rows. An older database loses nothing."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin import backup
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.admin.transfer import move
from chatbot.storage.engine.migrate import bundled, migrate, split
from chatbot.storage.organizer import app_state, audit_log, chat_menus, jobs, petition_status, status_drafts
from chatbot.storage.organizer.review import signals
from chatbot.storage.people import processed_updates, supporters
from chatbot.storage.privacy import erasure, member_erasure, personal_data
from chatbot.storage.privacy.tables import TABLES
from tests.support.cast import HANA, YUNA

INSERTS = split((Path(__file__).parent / "schema_0016.sql").read_text("utf-8"))
OLD_TABLES = [insert.split()[2] for insert in INSERTS]
RENAMED_ROWS = {"journal": "audit_log", "course": "petition", "looked_at": "searched_at"}
"""The only values that the migration changes."""
MOVED_TEXTS = {
    "statement_ko": ("statement", "ko"),
    "statement_en": ("statement", "en"),
    "answer_ko": ("answer", "ko"),
    "answer_en": ("answer", "en"),
    "text_ko": (3003, "ko"),
    "text_en": (3003, "en"),
}
"""Columns whose texts became rows, each with the first values of its row."""
ADDED_COLUMNS = {
    column
    for migration in bundled()
    if migration.number > 18
    for column in re.findall(r"ADD COLUMN (?:IF NOT EXISTS )?(\w+)", migration.sql)
}
"""Columns of later migrations."""
THEN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
"""The time of the stored database."""
MALLORY = 4004
"""Her id in the stored database."""
AUDIT_LOG_HASH = "24863c1c4d43db6616c972de2d2c3873460b2383d2e262862ccec2818d5b999f"
"""The hash of the last entry, as the code before the migration wrote it."""

Rows = Counter[tuple[object, ...]]
ADDED_ROWS: Rows = Counter({("generations:0", 1): 1, ("generations:1", 1): 1, ("friends_silent_to", "178924"): 1})
"""Rows that later migrations add."""


async def read_rows(database: Database, tables: Iterable[str]) -> Rows:
    """Return the values of all rows, without the names of tables and columns."""

    async def work(tx: Transaction) -> Rows:
        other = MOVED_TEXTS.keys() | ADDED_COLUMNS
        rows = [dict(row) for table in tables for row in await tx.all(f"SELECT * FROM {table}")]
        found = Counter(
            tuple(RENAMED_ROWS.get(row[column], row[column]) for column in row if column not in other) for row in rows
        )
        found.update((*begins, row[each]) for row in rows for each, begins in MOVED_TEXTS.items() if row.get(each))
        return found

    return await database.read_snapshot(work)


@pytest.fixture
async def old_rows(new_url: str) -> Rows:
    """Fill every table of a database with schema 0016 at `new_url`, and return the rows."""
    database = await storage.connect(new_url)
    await migrate(database, [migration for migration in bundled() if migration.number <= 16])

    async def fill(tx: Transaction) -> None:
        for insert in INSERTS:
            await tx.run(insert)

    await database.transact(fill)
    rows = await read_rows(database, OLD_TABLES)
    await database.close()
    return rows


@pytest.fixture
async def migrated(new_url: str, old_rows: Rows) -> AsyncIterator[Database]:
    """The same database, migrated."""
    assert old_rows
    database = await open_database(new_url)
    yield database
    await database.close()


async def test_every_row_survives(old_rows: Rows, migrated: Database) -> None:
    later = {"petition_texts", "status_draft_texts", "steerings", "followed_messages", "heartbeats"}
    assert len(OLD_TABLES) == len(TABLES) - len(later | {"cards", "places", "place_deliveries"})
    assert await read_rows(migrated, TABLES) == old_rows + ADDED_ROWS
    assert await find_problems(migrated) == []


async def test_migrated_schema_is_accepted_at_every_start(new_url: str, migrated: Database) -> None:
    assert await migrate(migrated) == []
    again = await open_database(new_url)
    assert await again.transact(storage.is_current)
    await again.close()


async def test_audit_log_chain_holds_and_continues(migrated: Database) -> None:
    assert await migrated.transact(audit_log.find_end) == (6, AUDIT_LOG_HASH)
    await migrated.transact(audit_log.add, YUNA, "team.invited", THEN, role="viewer")
    assert await find_problems(migrated) == []
    await migrated.transact(member_erasure.anonymise, HANA)
    assert await find_problems(migrated) == []
    entries = await migrated.transact(audit_log.read, 0, 9)
    assert [entry.action for entry in entries][:2] == ["broadcast.started", "broadcast.approved"]
    assert HANA not in {entry.member_id for entry in entries}


async def test_code_finds_rows_stored_under_old_names(migrated: Database) -> None:
    async def work(tx: Transaction) -> None:
        assert await app_state.find(tx, "webhook_secret") == "s3cret"
        assert await chat_menus.list_with_menu(tx) == {YUNA}
        assert not await processed_updates.note(tx, HANA, THEN), "it was processed before"
        status = await petition_status.find(tx)
        assert (status.ending, status.reached, status.next_milestone) == ("closed", 150_000, 200_000)
        assert status.statement == {"ko": "<b>끝</b>", "en": "Over"}
        assert status.answer == {"en": "Thank you"}
        assert (status.human.mode, status.human.rate) == ("auto", 50)
        draft = await status_drafts.find(tx, YUNA)
        assert draft is not None
        assert draft.words == {"ko": "이겼다"}
        assert {job.kind for job in await jobs.find_due(tx, THEN, (), 9)} == {"about_me", "tell"}
        state = await signals.read_state(tx, THEN)
        assert (state.searched_at, state.frontier, state.usual) == (THEN, 7, {("source", "radio"): 0.556})
        hana = await supporters.meet(tx, HANA, language="ko", now=THEN)
        assert hana.reached == ("opened", "began", "country", "reason", "check", "signed", "subscribed")
        kept = await personal_data.gather(tx, HANA)
        assert kept.keys() >= {"jobs", "audit_log", "petition_status", "confirmations", "members"}

    await migrated.transact(work)


async def test_people_stored_before_can_be_erased(migrated: Database) -> None:
    for person_id in (HANA, YUNA, MALLORY):
        await migrated.transact(member_erasure.anonymise, person_id)  # type: ignore[misc]
        assert await migrated.transact(erasure.erase, person_id, THEN)  # type: ignore[misc]
        assert await migrated.transact(personal_data.gather, person_id) == {}  # type: ignore[misc]
    assert await find_problems(migrated) == []


@pytest.mark.slow
async def test_migrated_database_moves_to_another(migrated: Database, tmp_path: Path, old_rows: Rows) -> None:
    target = await open_database(f"sqlite:///{tmp_path / 'target.db'}")
    await move(migrated, target, lambda _: None)
    assert await read_rows(target, TABLES) == old_rows + ADDED_ROWS
    await target.close()


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
async def test_backup_made_before_the_migration_opens(new_url: str, old_rows: Rows, tmp_path: Path) -> None:
    backup.copy(new_url, tmp_path / "backup.db")
    restored = await open_database(f"sqlite:///{tmp_path / 'backup.db'}")
    assert await read_rows(restored, TABLES) == old_rows + ADDED_ROWS
    assert await find_problems(restored) == []
    await restored.close()

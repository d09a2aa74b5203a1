"""Migration 0018 keeps every statement, answer and draft that the code before it stored."""

from collections.abc import AsyncIterator

import pytest

from chatbot import storage
from chatbot.storage import Database, Transaction, open_database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.engine.migrate import bundled, migrate
from chatbot.storage.organizer import petition_status, status_drafts
from chatbot.storage.privacy import erasure
from tests.support.cast import HANA, NOW, SAM, YUNA

STATUS = (
    "INSERT INTO petition_status (name, revision, ending, ended_at, statement_ko, statement_en, answer_ko, answer_en) "
    "VALUES ('petition', 4, 'victory', '2026-03-01T09:00:00.000000Z', :statement_ko, :statement_en, :answer_ko, "
    ":answer_en)"
)
DRAFTS = (
    "INSERT INTO status_drafts (member_id, change, revision, text_ko, text_en, number) VALUES "
    "(:yuna, 'victory', 4, '이겼다', '<b>Won</b>', NULL), (:sam, 'answer', 3, NULL, 'Yes', NULL), "
    "(:hana, 'milestone', 4, NULL, NULL, 200000)"
)


@pytest.fixture
async def written(new_url: str) -> AsyncIterator[Database]:
    """A database at `new_url` as the code before the migration left it."""
    database = await storage.connect(new_url)
    await migrate(database, [migration for migration in bundled() if migration.number <= 17])
    yield database
    await database.close()


@pytest.mark.parametrize(
    "filled", [(), ("statement_ko",), ("answer_en",), ("statement_ko", "statement_en", "answer_ko")]
)
async def test_petition_keeps_statement_and_answer(written: Database, filled: tuple[str, ...]) -> None:
    columns = ("statement_ko", "statement_en", "answer_ko", "answer_en")
    texts = {each: f"<b>{each}</b>" if each in filled else None for each in columns}
    await written.transact(lambda tx: tx.run(STATUS, **texts))
    await migrate(written)
    status = await written.transact(petition_status.find)
    assert (status.ending, status.revision) == ("victory", 4)
    assert {f"statement_{language}": str(text) for language, text in status.statement.items()} | {
        f"answer_{language}": str(text) for language, text in status.answer.items()
    } == {each: text for each, text in texts.items() if text}
    assert await find_problems(written) == []


async def test_petition_keeps_drafts(new_url: str, written: Database) -> None:
    await written.transact(lambda tx: tx.run(DRAFTS, yuna=YUNA, sam=SAM, hana=HANA))
    opened = await open_database(new_url)

    async def read(tx: Transaction) -> list[tuple[object, ...]]:
        drafts = [await status_drafts.find(tx, each) for each in (YUNA, SAM, HANA)]
        return [(each.change, each.revision, each.words, each.number) for each in drafts if each]

    assert await opened.transact(read) == [
        ("victory", 4, {"ko": "이겼다", "en": "<b>Won</b>"}, None),
        ("answer", 3, {"en": "Yes"}, None),
        ("milestone", 4, {}, 200_000),
    ]
    await opened.transact(erasure.erase, YUNA, NOW)
    assert await opened.transact(status_drafts.find, YUNA) is None
    assert await find_problems(opened) == []
    await opened.close()

"""A database whose texts were in columns named after languages, as people see it after the migration."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot import storage
from chatbot.storage import Transaction
from chatbot.storage.engine.migrate import bundled, migrate, split
from tests.support.actor import Actor
from tests.support.cast import HANA, YUNA
from tests.support.readers import Reader
from tests.support.stage import Stage

SAM = 2002
OLD_ROWS = Path(__file__).parent.parent / "storage" / "engine" / "schema_0016.sql"
"""A closed petition with a statement in Korean and English, an answer in English, and drafts in Korean."""
AT_REST = (
    "DELETE FROM errands",
    "DELETE FROM received",
    "UPDATE members SET hidden_from = NULL",
    "UPDATE course SET ended_at = strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now') WHERE ended_at IS NOT NULL",
    "UPDATE supporters SET last_update_id = NULL",
    "UPDATE broadcasts SET ended_at = created_at, reported_at = created_at, ending = 'done' WHERE id = 1",
)
"""Ends what would go on after the start: the stories are about the texts."""
SEEN = """
하나: /start
봇: 끝 … Thank you
Sam: /start
Bot: Over … Thank you
Mallory: /start
Bot: Over … Thank you
"""
TOLD = """
하나: (waits)
봇: (later) 호소문이 새로워졌습니다
유나: (waits)
봇: (later) 호소문이 새로워졌습니다
"""
WON = """
하나: (waits)
봇: (later) 승리로 마감됨
하나: /start
봇: 이겼다 … Thank you
Sam: /start
Bot: We won. … Thank you
Mallory: /start
Bot: We won. … Thank you
"""


@pytest.fixture
async def stage_from_before(empty_stage: Stage, made_up_locales: Path, readers: Callable[[str], Reader]) -> Stage:
    """A stage whose bot is not running yet, with the database of the code before. Mallory's Telegram speaks `qps`."""
    stage = empty_stage
    database = await storage.connect(f"sqlite:///{stage.file}")
    await migrate(database, [migration for migration in bundled() if migration.number <= 16])

    async def fill(tx: Transaction) -> None:
        for statement in (*split(OLD_ROWS.read_text("utf-8")), *AT_REST):
            await tx.run(statement)

    await database.transact(fill)
    await database.close()
    stage.settings |= {"locales_dir": made_up_locales, "organizers": (YUNA,)}
    stage.team.add(HANA)
    for name, person_id, language in (("하나", HANA, "ko"), ("Sam", SAM, "en"), ("유나", YUNA, "ko")):
        person = stage.world.add_person(name, person_id=person_id, language_code=language)
        person.started = True
        stage.known_as(name, Actor(stage.world, stage.wire, person))
    stage.bring(readers("qps"), "Mallory")
    return stage


async def put_yuna_at(stage: Stage, step: str, draft: str) -> None:
    """Store the step as the code before named it."""
    database = await storage.connect(f"sqlite:///{stage.file}")
    sql = "UPDATE supporters SET step = :step, draft = :draft WHERE id = :id"
    await database.transact(lambda tx: tx.run(sql, step=step, draft=draft, id=YUNA))
    await database.close()


async def test_statement_and_answer_are_shown_in_three_languages(stage_from_before: Stage) -> None:
    await stage_from_before.opens()
    await stage_from_before.tell(TOLD)
    await stage_from_before.tell(SEEN)


async def test_draft_of_a_statement_is_finished(stage_from_before: Stage) -> None:
    stage = stage_from_before
    await put_yuna_at(stage, "words_en", "{}")
    await stage.opens()
    await stage.tell(TOLD)
    yuna = await stage.tell("유나: We won.")
    while "쓰지 않기" in yuna.screen:
        await yuna.taps("쓰지 않기")
    await yuna.taps("네, 승리로 마감하기")
    await stage.tell(WON)


async def test_draft_of_a_broadcast_is_finished(stage_from_before: Stage) -> None:
    stage = stage_from_before
    await put_yuna_at(stage, "post_en", '{"broadcast":2}')
    await stage.opens()
    await stage.tell(TOLD)
    await stage.tell("유나: Once more.")
    assert stage.ledger.read("SELECT language, text FROM posts WHERE broadcast_id = 2 ORDER BY language") == [
        {"language": "en", "text": "Once more."},
        {"language": "ko", "text": "또"},
    ]

"""Notes of the messages that ask questions, beside turns of the same person."""

import asyncio

from chatbot.storage import Database, Transaction
from chatbot.storage.people import supporters
from chatbot.storage.people.question_messages import QuestionButtons, QuestionMessages
from tests.support.cast import HANA, NOW

ANSWERS = {"name": "하나"}


async def read(database: Database) -> tuple[dict[str, object], QuestionButtons]:
    """Return the stored answers and buttons of 하나."""
    met = await database.transact(supporters.meet, HANA, language="ko", now=NOW)
    return {key: met.draft[key] for key in met.draft if key in ANSWERS}, QuestionButtons.from_mapping(met.draft)


async def store(database: Database, buttons: QuestionButtons, update_id: int = 1) -> None:
    async def turn(tx: Transaction) -> None:
        await supporters.meet(tx, HANA, language="ko", now=NOW)
        draft = ANSWERS | buttons.to_mapping()
        await supporters.store_step(tx, HANA, step="name", draft=draft, update_id=update_id, now=NOW)

    await database.transact(turn)


async def test_notes_change_nothing_else(database: Database) -> None:
    messages = QuestionMessages(database)
    await store(database, QuestionButtons((), 901, (11, 13)))
    assert await messages.note_asked(HANA, 901, 15)
    await messages.note_removed(HANA, (11, 12))
    assert await read(database) == (ANSWERS, QuestionButtons((15,), 901, (13,)))
    await messages.note_removed(HANA, (13,))
    assert await read(database) == (ANSWERS, QuestionButtons((15,), 901))


async def test_concurrent_notes_are_all_kept(database: Database) -> None:
    messages, old = QuestionMessages(database), (11, 12, 13)
    await store(database, QuestionButtons((), 901, old))
    await asyncio.gather(*(messages.note_removed(HANA, (each,)) for each in old), messages.note_asked(HANA, 901, 15))
    assert await read(database) == (ANSWERS, QuestionButtons((15,), 901))


async def test_note_of_an_earlier_question_changes_nothing(database: Database) -> None:
    messages, now = QuestionMessages(database), QuestionButtons((21,), 902, (11,))
    await store(database, now)
    assert not await messages.note_asked(HANA, 901, 15)
    assert await messages.note_asked(HANA, 901, 21), "message 21 asks again after a tap in it"
    assert await read(database) == (ANSWERS, now)


def test_draft_with_broken_notes_has_no_buttons() -> None:
    assert QuestionButtons.from_mapping({"asked_in": "x", "asked_by": "y", "outdated": 7}) == QuestionButtons()

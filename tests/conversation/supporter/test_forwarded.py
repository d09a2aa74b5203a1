"""A forwarded message has somebody else's words, so it answers no question and ends none."""

import pytest

from chatbot.conversation.interface import Said
from chatbot.storage import Database
from chatbot.storage.people import signatures
from tests.support.chat import Chat

TOLD = "That message was forwarded"
WORDS = ("Mallory", "Please help them.", "Canada", "Sign", "‹ Back", "취소", "skip", "tree")


async def forwards(chat: Chat, text: str) -> None:
    await chat.does(Said(text, message_id=900, is_forwarded=True))


@pytest.mark.parametrize("words", WORDS)
async def test_forwarded_message_answers_no_question_of_signing(sam: Chat, words: str) -> None:
    await sam.begins()
    await forwards(sam, words)
    assert TOLD in sam.text
    assert "What is your name?" in sam.text
    await sam.says("Sam")
    await forwards(sam, words)
    assert TOLD in sam.text
    assert "Which country" in sam.text
    await sam.says("Canada")
    await sam.taps("✏️ Reason")
    await forwards(sam, words)
    assert TOLD in sam.text
    assert "Why are you signing?" in sam.text
    await sam.says("‹ Back")
    await forwards(sam, words)
    assert TOLD in sam.text
    assert "👤 Sam\n🇨🇦 Canada\n💬 No reason given" in sam.text


@pytest.mark.parametrize("line", ["name", "country", "reason"])
@pytest.mark.parametrize("words", WORDS)
async def test_forwarded_message_changes_no_signature(sam: Chat, database: Database, line: str, words: str) -> None:
    await sam.signs()
    before = await database.transact(signatures.find, sam.person.id)
    await sam.presses(f"me:{line}")
    question = sam.text
    await forwards(sam, words)
    assert sam.text == f"{TOLD}, so I didn't take it as your answer. Please type it yourself.\n\n{question}"
    assert await database.transact(signatures.find, sam.person.id) == before
    await sam.says("France" if line == "country" else "Sam & friends")
    assert "✅" in sam.text, "the question is still open"


async def test_forwarded_command_is_a_command(sam: Chat) -> None:
    await sam.does(Said("/read", "read", message_id=901, is_forwarded=True))
    assert "1 / " in sam.text

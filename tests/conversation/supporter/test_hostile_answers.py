"""4,096 hostile characters, at every question, in both languages: a kind answer, and nothing is lost."""

import re

import pytest

from chatbot.storage import Database, Transaction
from chatbot.storage.people import signatures
from tests.support.chat import Chat
from tests.support.hostile_text import write_kinds

KINDS = write_kinds(4096)
TAG = re.compile(r"</?[a-z][^>]*>")


NAMES_KOREA = {"words of syllables", "flags"}
"""Texts that say nothing but South Korea, a thousand times."""


async def says_everything(chat: Chat, back: str) -> None:
    """Type every kind of text. The question stays, with its button to go back."""
    for kind, text in KINDS.items():
        if "country" in back and kind in NAMES_KOREA:
            continue
        await chat.says(text.replace("/", "", 1) if text.startswith("/") else text)
        assert chat.answer is not None, kind
        assert chat.answer.screen is not None, kind
        shown = TAG.sub("", chat.text)
        assert 0 < len(shown) < 4096, kind
        assert "went wrong" not in shown, kind
        assert back in chat.actions, kind


async def read_draft(tx: Transaction, person_id: int) -> str:
    row = await tx.one("SELECT draft FROM supporters WHERE id = :id", id=person_id)
    assert row is not None
    return str(row["draft"])


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_hostile_answers_are_refused_kindly_at_each_question(
    sam: Chat, database: Database, language: str
) -> None:
    await sam.says("/start")
    await sam.presses(f"home:{language}")
    await sam.begins()
    await says_everything(sam, "home")
    await sam.says("Sam")
    await says_everything(sam, "country.keep")
    await sam.says("Canada")
    assert "👤 Sam" in sam.text
    await sam.presses("check.reason")
    await says_everything(sam, "reason.keep")
    await sam.says("They are people.")
    await sam.presses("check.name")
    await says_everything(sam, "name.keep")
    draft = await database.transact(read_draft, sam.person.id)
    assert '"name":"Sam"' in draft
    assert '"country":"CA"' in draft
    assert '"reason":"They are people."' in draft
    await sam.presses("name.keep")
    await sam.taps("✍️")
    signed = await database.transact(signatures.find, sam.person.id)
    for line in ("name", "country", "reason"):
        await sam.presses(f"me:{line}")
        await says_everything(sam, f"own_{line}.keep")
    assert await database.transact(signatures.find, sam.person.id) == signed

"""Telegram recognises only Latin commands. `/취소` arrives as text, and must not become a name, country or reason."""

import pytest

from chatbot.conversation.interface import Said
from tests.support.chat import Chat

TYPED = ["/취소", "／취소", "/", "/시작 한국", " /도움말", "\u200b/취소", "／cancel", "/sign/up", "/한국", "/@"]
WARNED = {"ko": "제가 모르는 명령어예요", "en": "I don't know that command"}


async def send_as_text(chat: Chat, text: str) -> None:
    """Send text that Telegram does not mark as a command."""
    await chat.does(Said(text))


@pytest.mark.parametrize("typed", TYPED)
async def test_slash_answers_no_question_of_signing(hana: Chat, sam: Chat, typed: str) -> None:
    for chat, language in ((hana, "ko"), (sam, "en")):
        await chat.begins()
        await chat.says("/sign")
        for way_on in ("name.profile", "country.KR", "check.reason", "reason.skip"):
            asked = chat.labels
            await send_as_text(chat, typed)
            assert WARNED[language] in chat.text
            assert "/cancel" in chat.text
            assert chat.labels == asked, "the same question again"
            await chat.presses(way_on)
        await chat.taps("✍️")
        await chat.says("/me")
        assert not any(line.endswith(typed.strip()) for line in chat.text.splitlines())


@pytest.mark.parametrize("typed", TYPED)
async def test_slash_changes_no_signature(hana: Chat, typed: str) -> None:
    await hana.signs()
    await hana.says("/me")
    before = hana.text
    for what in ("name", "country", "reason"):
        await hana.presses(f"me:{what}")
        asked = hana.labels
        await send_as_text(hana, typed)
        assert WARNED["ko"] in hana.text
        assert hana.labels == asked
    await hana.says("/cancel")
    assert hana.text == before


async def test_profile_name_with_a_leading_slash_is_not_offered(hana: Chat) -> None:
    hana.renamed("/취소")
    await hana.says("/sign")
    assert not any("취소" in label for label in hana.labels if "👤" in label)


async def test_slash_inside_an_answer_is_accepted(sam: Chat) -> None:
    await sam.begins()
    await send_as_text(sam, "Sam s/o Hana")
    await send_as_text(sam, "Canada")
    await sam.taps("Reason")
    await send_as_text(sam, "For his/her freedom, 24/7")
    assert "Sam s/o Hana" in sam.text
    assert "For his/her freedom, 24/7" in sam.text

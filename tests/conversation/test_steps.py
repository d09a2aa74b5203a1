"""Steps as they are stored."""

import pytest

from chatbot.storage.organizer import status_drafts
from tests.support.team_chats import YUNA, TeamChats


@pytest.mark.parametrize(
    ("old", "asked"), [("suspicion", "I could not read that"), ("because", "That question is no longer open")]
)
async def test_step_stored_under_an_old_name_is_still_open(chats: TeamChats, old: str, asked: str) -> None:
    yuna = await chats.open_owner()
    await chats.database.transact(
        lambda tx: tx.run("UPDATE supporters SET step = :step WHERE id = :id", step=old, id=YUNA)
    )
    await yuna.says("nonsense")
    assert asked in yuna.text


async def put_at(chats: TeamChats, step: str, draft: str) -> None:
    """Store a step and a draft as an earlier version of the bot did."""
    await chats.database.transact(
        lambda tx: tx.run(
            "UPDATE supporters SET step = :step, draft = :draft WHERE id = :id", step=step, draft=draft, id=YUNA
        )
    )


@pytest.mark.parametrize("language", ["ko", "en"])
async def test_post_that_an_earlier_version_asked_for_is_heard_in_its_language(chats: TeamChats, language: str) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/broadcast")
    await put_at(chats, f"post_{language}", '{"broadcast":1}')
    await yuna.presses("speak:en")
    assert {"ko": "Korean", "en": "English"}[language] in yuna.text
    await yuna.says("친구가 풀려났습니다.")
    assert list((await chats.driver.newest()).posts) == [language]


async def test_button_that_an_earlier_version_asked_for_is_heard_in_its_language(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    for text in ("/broadcast", "Our friend is free.", "친구가 풀려났습니다."):
        await yuna.says(text)
    await put_at(chats, "button_en", '{"broadcast":1}')
    await yuna.says("Read more https://example.org")
    posts = (await chats.driver.newest()).posts
    assert {each for each, post in posts.items() if post.button} == {"en"}


async def test_statement_that_an_earlier_version_asked_for_is_heard_in_its_language(chats: TeamChats) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/close")
    await put_at(chats, "words_en", "{}")
    await yuna.says("Thank you.")
    draft = await chats.database.transact(status_drafts.find, YUNA)
    assert draft is not None
    assert draft.words == {"en": "Thank you."}

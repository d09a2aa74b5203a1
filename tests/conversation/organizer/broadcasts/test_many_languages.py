"""A petition in five languages: organizers write in those they want, in any order."""

from dataclasses import replace
from pathlib import Path

import pytest

from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage import Database
from chatbot.storage.broadcasts import lifecycle
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import SAM, YUNA
from tests.support.chat import Chat
from tests.support.made_up_languages import copy_campaign
from tests.support.team_chats import TeamChats

KOREAN, ENGLISH, ACCENTED = "친구가 풀려났습니다.", "Our friend is free.", "Óúŕ ƒŕíéñð íš ƒŕéé."


@pytest.fixture
def chats(database: Database, driver: BroadcastDriver, tmp_path: Path) -> TeamChats:
    campaign, translators = load_petition([copy_campaign(tmp_path / "locales"), BUNDLED_LOCALES])
    assert list(campaign.languages) == ["ko", "en", "qps", "qar", "ar"]
    driver.campaign = campaign
    return TeamChats(database, driver, campaign, translators, tmp_path)


@pytest.fixture
def yuna(chats: TeamChats) -> Chat:
    return chats.chat(YUNA, "유나")


async def subscribe_all(driver: BroadcastDriver) -> None:
    """Subscribe ten readers of each language."""
    for place, language in enumerate(["ko", "en", "qps", "qar", "ar"]):
        await driver.subscribe(range(10 * place + 1, 10 * place + 11), language)


async def test_posts_are_written_in_any_order(chats: TeamChats, yuna: Chat, driver: BroadcastDriver) -> None:
    await subscribe_all(driver)
    await yuna.says("/broadcast")
    assert "It goes to the 50 people who asked for updates" in yuna.text
    assert "in English" in yuna.text
    await yuna.taps("Another language")
    assert [label for label in yuna.labels if "➕" in label][:2] == ["➕ Korean", "➕ English"]
    await yuna.taps("ÁÁççééññţšš")
    await yuna.says(ACCENTED)
    assert "Which language next?" in yuna.text
    await yuna.taps("Korean")
    await yuna.says(KOREAN)
    await yuna.taps("That's all")
    assert "It is in Korean and" in yuna.text
    assert "Readers of" in str(yuna.labels)
    assert any(label.endswith(": 20") for label in yuna.labels)
    await yuna.taps("Everyone: 50")
    assert yuna.first == [KOREAN, ACCENTED], "in the campaign's order"
    assert "readers of English" in yuna.text
    await yuna.taps("➕ English")
    await yuna.says(ENGLISH)
    await yuna.taps("That's all")
    await yuna.taps("Everyone: 50")
    assert yuna.first == [KOREAN, ENGLISH, ACCENTED]
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it: 50")
    delivered = await driver.deliver()
    assert {each.supporter_id: each.language for each in delivered} == {
        **dict.fromkeys(range(1, 11), "ko"),
        **dict.fromkeys(range(11, 21), "en"),
        **dict.fromkeys(range(21, 31), "qps"),
        **dict.fromkeys(range(31, 51), "en"),  # the fallback of both right-to-left languages
    }


async def test_languages_are_added_one_after_the_other(chats: TeamChats, yuna: Chat, driver: BroadcastDriver) -> None:
    await subscribe_all(driver)
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.taps("That's all")
    await yuna.taps("Readers of English: 10")
    assert "readers of Korean" in yuna.text
    assert "get nothing" in yuna.text
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it: 10")
    await driver.deliver_all()
    for language, name in (("qps", "ÁÁççééññţšš"), ("ko", "Korean")):
        await yuna.says("/broadcasts")
        await yuna.taps("Our friend")
        await yuna.taps("Add another language")
        await yuna.taps(name)
        await yuna.says({"qps": ACCENTED, "ko": KOREAN}[language])
        await yuna.taps("📣 Send")
        await yuna.taps("Yes, send it: 10")
        assert {each.language for each in await driver.deliver()} == {language}
    sam = chats.chat(SAM, "Sam", "qps")
    await sam.says("/updates")
    assert ACCENTED in sam.text


async def test_rest_reaches_everybody_who_got_nothing_in_their_language(
    chats: TeamChats, yuna: Chat, driver: BroadcastDriver
) -> None:
    await subscribe_all(driver)
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    for language, post in (("Korean", KOREAN), ("ÁÁççééññţšš", ACCENTED)):
        await yuna.taps(language)
        await yuna.says(post)
    await yuna.taps("That's all")
    await yuna.taps("Everyone: 50")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it: 50")
    sent = await driver.newest()
    first = [each.supporter_id for each in await driver.deliver(limit=10)]
    await chats.database.transact(lifecycle.end, sent.id, "content", driver.now, "message is too long")
    await yuna.presses(f"broadcast:open:{sent.id}")
    await yuna.taps("Send it to the 40+ who don't have it")
    await yuna.taps("Yes, send it: 40")
    delivered = {each.supporter_id for each in await driver.deliver()}
    assert delivered == set(range(1, 51)) - set(first)


async def test_button_is_asked_for_in_every_language_of_the_posts(
    chats: TeamChats, yuna: Chat, driver: BroadcastDriver
) -> None:
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.taps("ÁÁççééññţšš")
    await yuna.says(ACCENTED)
    await yuna.taps("That's all")
    await yuna.taps("Everyone")
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    await yuna.says("Read more https://example.org")
    await yuna.says("Ŕéáð")
    posts = (await driver.newest()).posts
    assert {language: post.button.label for language, post in posts.items() if post.button} == {
        "en": "Read more",
        "qps": "Ŕéáð",
    }


async def test_statement_is_read_in_the_nearest_language(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/close")
    await yuna.taps("No English version")
    await yuna.says("고맙습니다.")
    await yuna.says("Ţĥáñķ ýóú.")
    await yuna.taps("That's all")
    assert len(yuna.first) == 5
    await yuna.taps("Yes, close it")
    for person_id, (language, statement) in enumerate(
        [("qps", "Ţĥáñķ"), ("ko", "고맙"), ("en", "고맙"), ("ar", "고맙")], 50
    ):
        reader = chats.chat(person_id, "Sam", language)
        await reader.says("/start")
        assert statement in reader.text, language


async def test_statement_is_written_in_any_order(chats: TeamChats, yuna: Chat) -> None:
    await yuna.says("/close")
    assert "in English" in yuna.text, "the owner's own language, as in broadcasts"
    await yuna.taps("➕ ÁÁççééññţšš")
    await yuna.says(ACCENTED)
    assert yuna.labels[0].startswith("No "), "the next one"
    await yuna.taps("➕ English")
    await yuna.says(KOREAN)
    await yuna.taps("That's all")
    await yuna.taps("➕ Korean")
    assert "➕ English" not in yuna.labels, "it is written"
    await yuna.says(KOREAN)
    await yuna.taps("That's all")
    await yuna.taps("Yes, close it")
    for person_id, (language, statement) in enumerate([("qps", ACCENTED), ("ko", KOREAN), ("en", KOREAN)], 50):
        reader = chats.chat(person_id, "Sam", language)
        await reader.says("/start")
        assert statement in reader.text, language


@pytest.fixture
def fewer(database: Database, driver: BroadcastDriver, tmp_path: Path, chats: TeamChats) -> TeamChats:
    """The same team after the campaign dropped three of its languages."""
    campaign, translators = load_petition([copy_campaign(tmp_path / "fewer", []), BUNDLED_LOCALES])
    return TeamChats(database, driver, campaign, translators, tmp_path)


async def test_post_in_a_dropped_language_replaces_no_other(yuna: Chat, fewer: TeamChats) -> None:
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.taps("ÁÁççééññţšš")
    yuna = fewer.chat(YUNA, "유나")
    await yuna.says(ACCENTED)
    assert yuna.first == [ENGLISH]
    assert "➕ Korean" in yuna.labels


async def test_post_in_a_dropped_language_is_asked_for_in_another(yuna: Chat, fewer: TeamChats) -> None:
    await yuna.says("/broadcast")
    await yuna.taps("Another language")
    await yuna.taps("ÁÁççééññţšš")
    yuna = fewer.chat(YUNA, "유나")
    await yuna.says(ACCENTED)
    assert yuna.first == []
    assert "in English" in yuna.text


async def test_statement_in_a_dropped_language_replaces_no_other(yuna: Chat, fewer: TeamChats) -> None:
    await yuna.says("/close")
    await yuna.says(ENGLISH)
    await yuna.taps("➕ ÁÁççééññţšš")
    yuna = fewer.chat(YUNA, "유나")
    await yuna.says(ACCENTED)
    assert "in English" in yuna.text, "asked again"
    await yuna.says(ENGLISH)
    await yuna.says(KOREAN)
    assert KOREAN in str(yuna.first[0])
    assert ENGLISH in str(yuna.first[1])


async def test_statement_in_the_wrong_language_is_pointed_out(fewer: TeamChats) -> None:
    yuna = fewer.chat(YUNA, "유나")
    await yuna.says("/close")
    await yuna.says(KOREAN)
    await yuna.taps("No Korean version")
    assert "The English version looks like Korean" in yuna.text
    await yuna.taps("➕ Korean")
    await yuna.says(KOREAN)
    await yuna.taps("Write it again")
    await yuna.says(ENGLISH)
    await yuna.says(KOREAN)
    assert "looks like" not in yuna.text


async def test_petition_in_one_language_has_no_other_to_write_in(chats: TeamChats) -> None:
    chats.campaign = replace(chats.campaign, languages={"en": chats.campaign.languages["en"]})
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/broadcast")
    assert yuna.labels == ["Write later"]
    await yuna.says(ENGLISH)
    assert yuna.first == [ENGLISH]
    assert "➕" not in str(yuna.labels)

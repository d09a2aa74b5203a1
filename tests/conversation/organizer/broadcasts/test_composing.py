"""An organizer writes a broadcast: in one or both languages, with files and a button, for some or all readers."""

import re
from collections.abc import Callable

import pytest
from markupsafe import Markup

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person, Said, SentMedia
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.post import Media
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both

# For organizers only


@pytest.mark.parametrize("command", ["/broadcast", "/broadcasts", "/scheduled"])
async def test_team_commands_are_unknown_to_supporters(
    sam: Chat, yuna: Chat, make_dialog: Callable[..., Dialog], command: str
) -> None:
    supporter = Chat(make_dialog(), sam.person)
    await supporter.says("/frobnicate")
    unknown = supporter.screen
    await supporter.says(command)
    assert supporter.screen == unknown
    assert supporter.answer is not None
    assert supporter.answer.member_role is None
    await write_both(yuna)
    await supporter.presses("frobnicate:start:1:3")
    unknown = supporter.screen
    await supporter.presses("broadcast:start:1:3")
    assert supporter.screen == unknown


async def test_dialog_without_a_team_has_no_organizer(dialog: Dialog) -> None:
    yuna = Chat(dialog, Person(3003, "유나", "en"))
    await yuna.says("/broadcast")
    assert "didn't get that" in yuna.text


async def test_organizer_gets_her_menu_and_finds_her_commands_in_help(yuna: Chat, sam: Chat) -> None:
    await yuna.says("/start")
    assert yuna.answer is not None
    assert yuna.answer.member_role == "owner"
    await yuna.says("/help")
    assert "<b>📣 Updates</b>\n/broadcast ·" in yuna.text
    await sam.says("/help")
    assert "/broadcast" not in sam.text


async def test_former_organizer_continues_as_a_supporter(yuna: Chat, dialog: Dialog, database: Database) -> None:
    await yuna.begins()
    await yuna.says("Yuna")
    await yuna.says("/broadcast")
    supporter = Chat(dialog, yuna.person)
    await supporter.says("안녕하세요")
    assert "didn't take that as an answer" in supporter.text
    await supporter.says("/sign")
    assert "country" in supporter.text


# Posts


async def test_organizer_writes_both_languages_and_reviews_them(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    assert "It goes to the 40 people who asked for updates" in yuna.text
    assert "in English" in yuna.text, "their own language comes first"
    await yuna.says(ENGLISH)
    assert "Now in Korean?" in yuna.text
    await yuna.says(KOREAN)
    assert yuna.first == [KOREAN, ENGLISH]
    assert "<b>40</b> people (Korean 30, English 10)" in yuna.text
    assert "about 2 seconds" in yuna.text
    assert "Stars" not in yuna.text
    assert yuna.answer is not None
    [korean, english] = yuna.answer.first
    assert korean.rows[-1][0].label == "🔕 소식 그만 받기"
    assert english.rows[-1][0].label == "🔕 Stop these updates"
    assert (await driver.newest()).state is BroadcastState.DRAFT


async def test_review_names_the_price_of_a_paid_rate(make_dialog: Callable[..., Dialog], driver) -> None:
    await driver.subscribe(range(1, 201))
    yuna = Chat(make_dialog(1000.0, paid=True), Person(3003, "유나", "en"))
    await write_both(yuna)
    assert "up to 20 Telegram Stars" in yuna.text
    assert "about 1 second" in yuna.text
    yuna = Chat(make_dialog(25.0), yuna.person)
    await yuna.says("/broadcast")
    assert "Stars" not in yuna.text
    assert "about 8 seconds" in yuna.text


async def test_post_keeps_formatting_and_html_characters(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.does(Said("free!", formatted=Markup("<b>free!</b>")))
    await yuna.says("a < b & c")
    posts = (await driver.newest()).posts
    assert posts["en"].text == "<b>free!</b>"
    assert posts["ko"].text == "a &lt; b &amp; c"


@pytest.mark.parametrize("kind", ["photo", "video", "animation", "document"])
async def test_file_with_caption_is_sent_by_its_id(yuna: Chat, driver: BroadcastDriver, kind: str) -> None:
    await yuna.says("/broadcast")
    await yuna.does(SentMedia(kind, "file-1", "ours & yours", Markup("<i>ours &amp; yours</i>")))
    await yuna.sends(kind, "file-2")
    posts = (await driver.newest()).posts
    assert posts["en"].media == Media(kind, "file-1")
    assert posts["en"].text == "<i>ours &amp; yours</i>"
    assert posts["ko"].media == Media(kind, "file-2")
    assert posts["ko"].text == ""
    assert yuna.answer is not None
    assert [screen.media for screen in yuna.answer.first] == [posts["ko"].media, posts["en"].media]


@pytest.mark.parametrize("kind", ["sticker", "voice", "video_note", "location", "poll", "contact"])
async def test_unsendable_message_is_refused_and_nothing_is_lost(
    yuna: Chat, driver: BroadcastDriver, kind: str
) -> None:
    await yuna.says("/broadcast")
    await yuna.sends(kind, "file-1")
    assert "but not this" in yuna.text
    assert "in English" in yuna.text
    await yuna.says(ENGLISH)
    await yuna.sends(kind)
    assert "but not this" in yuna.text
    assert "Korean" in yuna.text
    assert "Got it" not in yuna.text, "nothing was taken"
    assert list((await driver.newest()).posts) == ["en"]


@pytest.mark.parametrize("text", [" ", "\n\n", "\u200b", "\u202e \u200b"])
async def test_invisible_post_is_refused(yuna: Chat, driver: BroadcastDriver, text: str) -> None:
    """Telegram would refuse to show it."""
    await yuna.says("/broadcast")
    await yuna.says(text)
    assert "no text" in yuna.text
    assert "in English" in yuna.text
    assert (await driver.newest()).posts == {}


async def test_album_is_refused(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    for number in range(3):
        await yuna.does(SentMedia("photo", f"file-{number}", "친구" if number == 0 else "", album="7"))
        assert "not an album" in yuna.text
    assert (await driver.newest()).posts == {}


@pytest.mark.parametrize(("kind", "most"), [("text", 4096), ("photo", 1024)])
async def test_long_post_is_refused_with_the_numbers(yuna: Chat, kind: str, most: int) -> None:
    await yuna.says("/broadcast")
    for length, taken in ((most + 1, False), (most, True)):
        words = "가" * length
        await (yuna.says(words) if kind == "text" else yuna.sends(kind, "file-1", words))
        assert ("Now in Korean?" in yuna.text) == taken
        if not taken:
            assert re.search(rf"{length:,} characters; .*{most:,} fit", yuna.text)


@pytest.mark.parametrize(("reach", "people"), [("Readers of Korean: 30", 30), ("Everyone: 40", 40)])
async def test_post_in_one_language_goes_to_its_readers_or_everyone(
    yuna: Chat, driver: BroadcastDriver, reach: str, people: int
) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await driver.subscribe(range(31, 41), "en")
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.says(KOREAN)
    assert "in Korean only" in yuna.text
    await yuna.taps(reach)
    assert yuna.first == [KOREAN]
    assert f"<b>{people}</b> people" in yuna.text


async def test_organizer_adds_korean_to_an_english_post(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    assert "in English" in yuna.text
    await yuna.says(ENGLISH)
    await yuna.taps("No Korean version")
    assert "in English only" in yuna.text
    await yuna.taps("Everyone")
    await yuna.taps("➕ Korean")
    await yuna.says(KOREAN)
    assert yuna.first == [KOREAN, ENGLISH]
    await yuna.taps("✏️ English")
    await yuna.taps("No English version")
    assert "in Korean only" in yuna.text


async def test_broadcast_without_any_post_is_asked_again(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    await yuna.taps("No English version")
    await yuna.taps("No Korean version")
    assert "in at least one language" in yuna.text
    await yuna.says(ENGLISH)
    assert "Now in Korean?" in yuna.text


async def test_editing_one_part_keeps_the_others(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    await write_both(yuna)
    before = (await driver.newest()).revision
    await yuna.taps("✏️ English")
    assert "old one stays" in yuna.text
    await yuna.taps("Keep it as it is")
    assert yuna.first == []
    await yuna.taps("✏️ English")
    await yuna.says("Free at last.")
    assert yuna.first == [KOREAN, "Free at last."]
    assert (await driver.newest()).revision > before


async def test_review_warns_of_swapped_languages(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    await yuna.says("이것은 영어가 아니라 한국어로 쓴 글입니다.")
    await yuna.says("This one is in English, and not in Korean.")
    assert "The Korean version looks like English" in yuna.text
    assert "The English version looks like Korean" in yuna.text

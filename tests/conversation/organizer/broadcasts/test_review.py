"""The review of a broadcast: its button, audience and sound, and a draft that is left and found again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from markupsafe import Markup

from chatbot.conversation.dialog import Dialog
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.post import PostButton
from chatbot.storage import Database
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.stored_rows import read_step
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both

# The button


async def test_button_in_both_languages_has_one_link(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    assert "a label in English and a link" in yuna.text
    await yuna.says("Read more")
    assert "https://" in yuna.text
    await yuna.says("Read more https://example.org/뉴스")
    assert "It opens the same link" in yuna.text
    await yuna.says("x" * 41)
    assert "41 characters; 40 fit" in yuna.text
    await yuna.says("자세히 보기")
    assert yuna.first == [KOREAN, ENGLISH]
    posts = (await driver.newest()).posts
    assert posts["ko"].button == PostButton("자세히 보기", "https://example.org/뉴스")
    assert posts["en"].button == PostButton("Read more", "https://example.org/뉴스")
    # A new post keeps the button, which is removed in both languages at once.
    await yuna.taps("✏️ English")
    await yuna.says("Free at last.")
    assert (await driver.newest()).posts["en"].button is not None
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    await yuna.taps("🗑 No link")
    assert [post.button for post in (await driver.newest()).posts.values()] == [None, None]


async def test_review_warns_of_a_button_in_one_language_only(yuna: Chat) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    await yuna.says("자세히 보기 https://example.org")
    await yuna.taps("‹ Back")
    assert "Only one of them has a button" in yuna.text


# Audience and sound


async def test_organizer_switches_the_sound_off_and_on(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔔 Sound: on")
    assert "🔕 without sound" in yuna.text
    await yuna.again()  # set, not toggled: the same tap twice is one change
    assert "🔕 without sound" in yuna.text
    await yuna.taps("🧪 Test")
    await yuna.taps("🧪 To me")
    assert yuna.answer is not None
    assert all(screen.silent for screen in yuna.answer.first)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔕 Sound: off")
    assert not (await driver.newest()).silent


async def test_test_message_looks_like_the_broadcast(yuna: Chat) -> None:
    await write_both(yuna)
    shown = yuna.answer.first if yuna.answer else ()
    await yuna.taps("🧪 Test")
    await yuna.taps("🧪 To me")
    assert yuna.answer is not None
    assert yuna.answer.edit is None
    assert "This was a test" in yuna.text
    for test, screen in zip(yuna.answer.first, shown, strict=True):
        assert test.text == Markup("🧪 <b>A test</b>\n\n") + screen.text
        assert [row[0].label for row in test.rows] == [
            "🧪 Test: not sent yet",
            *(row[0].label for row in screen.rows),
        ]


# Leaving and returning


async def test_draft_survives_a_restart_and_other_commands(yuna: Chat, make_dialog: Callable[..., Dialog]) -> None:
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await yuna.says("/updates")
    assert "repatriated" in yuna.text
    yuna = Chat(make_dialog(), yuna.person)
    await yuna.says(KOREAN)
    assert "Shall I take this as your text in Korean?" in yuna.text
    await yuna.taps("Yes, take it")
    assert yuna.first == [KOREAN, ENGLISH]
    yuna = Chat(make_dialog(), yuna.person)
    await yuna.says("Hello?")
    assert "To change something, tap it below" in yuna.text
    assert "This is what people will get" not in yuna.text, "above is what they typed"
    await yuna.presses("speak:ko")
    assert "받는 분께는 위와 같이 보입니다" in yuna.text


@pytest.mark.parametrize("way", ["/cancel", "Write later"])
async def test_draft_is_found_again_after_leaving(yuna: Chat, database: Database, way: str) -> None:
    await yuna.says("/broadcast")
    await yuna.says(ENGLISH)
    await (yuna.says(way) if way.startswith("/") else yuna.taps(way))
    assert "To open it again: /broadcast" in yuna.text
    assert (await read_step(database, yuna.person.id))[0] == "idle"
    await yuna.says("Hello?")
    assert "didn't get that" in yuna.text
    await yuna.says("/broadcast")
    assert yuna.first == [ENGLISH]


async def test_nothing_is_said_to_be_saved_before_something_is(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    assert not [label for label in yuna.labels if "saved" in label]
    await yuna.taps("Write later")
    assert "saved" not in yuna.text
    assert yuna.labels == []


async def test_discarding_asks_for_confirmation(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🗑 Discard")
    await yuna.taps("Keep it")
    assert "what people will get" in yuna.text
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🗑 Discard")
    await yuna.taps("Yes, discard it")
    assert "Discarded" in yuna.text
    assert await driver.list_all() == []
    await yuna.again()
    assert "discarded" in yuna.text
    await yuna.presses("broadcast:ask:1:5")
    assert "discarded" in yuna.text
    await yuna.says("/broadcast")
    assert "A new update" in yuna.text


async def test_unfinished_signature_waits_while_an_organizer_writes(yuna: Chat, database: Database) -> None:
    await yuna.begins()
    await yuna.says("Yuna")
    await write_both(yuna)
    await yuna.says("/start")
    assert "Continue signing" in str(yuna.labels)
    await yuna.says("/cancel")
    assert (await read_step(database, yuna.person.id))[0] == "idle"
    await yuna.says("/sign")
    await yuna.says("Canada")
    await yuna.taps("Reason")
    await yuna.says("/broadcast")
    assert yuna.first == [KOREAN, ENGLISH]
    await yuna.says("/sign")
    await yuna.taps("Reason")
    await yuna.says("Because.")
    await yuna.taps("✍️")
    assert "Thank you, Yuna" in yuna.receipt


@pytest.mark.parametrize("step", range(7))
async def test_message_delivered_twice_repeats_the_answer_and_changes_nothing(
    yuna: Chat, database: Database, driver: BroadcastDriver, step: int
) -> None:
    steps = [
        lambda: yuna.says("/broadcast"),
        lambda: yuna.says(ENGLISH),
        lambda: yuna.says(KOREAN),
        lambda: yuna.presses("broadcast:button:1"),
        lambda: yuna.says("자세히 보기 https://example.org"),
        lambda: yuna.says("Read more"),
        lambda: yuna.says("Hello?"),
    ]
    for each in steps[: step + 1]:
        await each()
    seen, first, before, made = (
        yuna.screen,
        yuna.first,
        await read_step(database, yuna.person.id),
        await driver.list_all(),
    )
    await yuna.again()
    assert await read_step(database, yuna.person.id) == before
    assert await driver.list_all() == made
    if step < 6:
        assert (yuna.screen, yuna.first) == (seen, first)


async def test_post_written_while_another_organizer_sends_is_reported(
    yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver
) -> None:
    await driver.subscribe([1])
    await write_both(yuna)
    await yuna.taps("✏️ English")
    draft = await driver.newest()
    await hana_organizer.presses(f"broadcast:start:{draft.id}:{draft.revision}")
    await yuna.says("Too late.")
    assert "On its way" in yuna.text
    assert (await driver.newest()).posts["en"].text == ENGLISH
    driver.now += timedelta(hours=1)
    await yuna.says("Hello?")
    assert "didn't get that" in yuna.text


@pytest.mark.parametrize(
    "action",
    [
        "broadcast",
        "broadcast:",
        "broadcast:x",
        "broadcast:open",
        "broadcast:open:x",
        "broadcast:open:99",
        "broadcast:open:99999999999999999999",
        "broadcast:list:-1",
        "broadcast:list:99",
        "broadcast:start:1:x",
        "broadcast:start:1:99",
        "broadcast:write:1:xx",
        "broadcast:skip:1:",
        "broadcast:reach:1:moon",
        "broadcast:to:1:zz",
        "broadcast:country:1:+ZZ",
        "broadcast:country:1:",
        "broadcast:hour:1:1:99999999999999",
        "broadcast:hour:1:²:5",
        "broadcast:schedule:1:1:x",
        "broadcast:schedule:1",
        "broadcast:again:1:unknown:5",
        "broadcast:copy:1",
        "broadcast:takeback:1",
        "post.x",
        "post_ko.x",
        "review.x",
        "picture:1",
        "picture:x",
        "leave",
    ],
)
@pytest.mark.parametrize("when", ["nothing", "writing", "reviewing"])
async def test_no_button_data_breaks_an_organizers_turn(yuna: Chat, driver, when: str, action: str) -> None:
    await driver.subscribe([1])
    if when != "nothing":
        await yuna.says("/broadcast")
    if when == "reviewing":
        await yuna.says(ENGLISH)
        await yuna.says(KOREAN)
    answer = await yuna.presses(action)
    assert answer is not None
    assert answer.query_id
    assert answer.screen or answer.notice
    assert [each.state for each in await driver.list_all()] == ([] if when == "nothing" else [BroadcastState.DRAFT])

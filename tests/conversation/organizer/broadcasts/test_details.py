"""Details of a draft: ready-made buttons, a picture in one language only, and tests to the team."""

from datetime import timedelta

from markupsafe import Markup

from chatbot.petition.broadcasts.outcome import Sent
from chatbot.petition.broadcasts.post import PostButton
from chatbot.storage import Database
from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import ENGLISH, KOREAN, write_both


def list_rows(chat: Chat, post: int) -> list[str]:
    assert chat.answer is not None
    return [button.label for row in chat.answer.first[post].rows for button in row]


async def test_ready_made_buttons_are_chosen_by_one_tap_in_every_language(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    assert "🔗 Added buttons: none" in yuna.labels
    await yuna.taps("🔗 Added button")
    await yuna.taps("✍️ Sign the petition")
    assert "✓ ✍️ Sign the petition" in yuna.labels
    await yuna.taps("📖 Read the appeal")
    await yuna.taps("📣 Send it to a friend")
    assert "Two buttons are the most" in yuna.text
    await yuna.taps("✓ 📖 Read the appeal")
    await yuna.says("Read more https://example.org")
    assert "The button in Korean" in yuna.text, "their own language comes first, as in writing"
    await yuna.says("자세히 보기")
    assert list_rows(yuna, 0) == ["✍️ 서명하기", "자세히 보기", "📣 친구에게 보내기", "🔕 소식 그만 받기"]
    assert list_rows(yuna, 1) == [
        "✍️ Sign the petition",
        "Read more",
        "📣 Send it to a friend",
        "🔕 Stop these updates",
    ]
    draft = await driver.newest()
    assert (draft.ready_buttons, draft.posts["en"].button) == (
        ("sign",),
        PostButton("Read more", "https://example.org"),
    )
    await yuna.taps("⚙️ Settings")
    assert "🔗 Added buttons: ✍️ Sign the petition, Read more" in yuna.labels, "one link, by its label for this reader"


async def test_link_finds_no_room_beside_two_ready_made_buttons(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_both(yuna)
    await yuna.presses("broadcast:ready:1:sign")
    await yuna.presses("broadcast:ready:1:share")
    assert "📣 Send it to a friend" not in [label.removeprefix("✓ ") for label in await _rows_of_review(yuna)][2:]
    await yuna.presses("broadcast:button:1")
    await yuna.says("Read more https://example.org")
    assert "Two buttons are the most" in yuna.text
    assert (await driver.newest()).posts["ko"].button is None


async def _rows_of_review(yuna: Chat) -> list[str]:
    await yuna.presses("broadcast:show:1")
    return list_rows(yuna, 0)


async def test_review_after_choosing_ready_made_buttons_shows_them_in_new_previews(yuna: Chat) -> None:
    await write_both(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    await yuna.taps("✍️ Sign the petition")
    await yuna.taps("‹ Back")
    assert "This is what people will get" in yuna.text
    assert yuna.first == [KOREAN, ENGLISH]
    assert list_rows(yuna, 0)[0] == "✍️ 서명하기"
    await yuna.taps("⚙️ Settings")
    await yuna.taps("🔗 Added button")
    await yuna.taps("✓ ✍️ Sign the petition")
    await yuna.taps("‹ Back")
    assert "✍️ 서명하기" not in list_rows(yuna, 0), "taken away again"


async def test_correction_changes_the_buttons_also_of_those_who_wait(
    yuna: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await driver.subscribe(range(1, 11), "ko")
    await write_both(yuna)
    await yuna.presses("broadcast:ready:1:sign")
    await driver.send(1)
    await driver.deliver(limit=4)
    await yuna.presses("broadcast:correct:1")
    assert (await driver.newest()).ready_buttons == ("sign",), "the correction begins with them"
    await yuna.presses("broadcast:ready:2:read")
    await yuna.presses("broadcast:open:2")
    await yuna.taps("✏️ Correct it everywhere")
    assert "✍️ Sign the petition, 📖 Read the appeal" in yuna.text
    await yuna.taps("✅ Yes, correct it")
    assert (await driver.get(1)).ready_buttons == ("sign", "read")
    await driver.deliver_all(lambda _to: Sent())


async def test_button_below_a_broadcast_leaves_it_and_fits_whoever_taps(hana: Chat, sam: Chat) -> None:
    await hana.presses("sign:below")
    assert hana.answer is not None
    assert hana.answer.edit is None, "the broadcast stays"
    await hana.presses("read:below")
    assert hana.answer.edit is None
    assert "read:2" in hana.actions
    await sam.presses("share:below")
    assert sam.answer is not None
    assert sam.answer.edit is None


async def write_with_picture(chat: Chat, korean: str = KOREAN) -> None:
    """Write a broadcast whose English post has a picture."""
    await chat.says("/broadcast")
    await chat.sends("photo", "picture-1", ENGLISH)
    await chat.says(korean)


async def test_picture_of_one_language_is_used_for_all_by_one_tap(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_with_picture(yuna)
    assert "Only the text in English has a picture or file." in yuna.text
    await yuna.taps("🖼 Use the picture for all")
    assert "All languages have the picture" in yuna.text
    posts = (await driver.newest()).posts
    assert posts["ko"].media == posts["en"].media is not None
    assert posts["ko"].text == Markup(KOREAN)
    assert not any("🖼" in label for label in yuna.labels)


async def test_picture_stays_in_one_language_if_the_organizer_says_so(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_with_picture(yuna)
    await yuna.taps("Only there")
    assert "🖼" not in yuna.text
    assert (await driver.newest()).posts["ko"].media is None
    await yuna.presses("broadcast:picture:1:en")
    assert (await driver.newest()).posts["ko"].media is None, "an old button"


async def test_picture_does_not_fit_below_a_long_text(yuna: Chat, driver: BroadcastDriver) -> None:
    await write_with_picture(yuna, "가" * 1025)
    await yuna.taps("🖼 Use the picture for all")
    assert "1,024 characters fit. These texts are longer: Korean" in yuna.text
    assert (await driver.newest()).posts["ko"].media is None


async def test_team_gets_a_marked_test_in_every_language_once_a_minute(chats: TeamChats, database: Database) -> None:
    yuna, _hana = await chats.open_owner(), await chats.open_organizer()
    await write_both(yuna)
    await yuna.taps("🧪 Test")
    await yuna.taps("🧪 To the team: 2")
    assert "on its way to 1 colleague too" in yuna.text
    shown = await chats.run_jobs()
    assert shown[HANA][:2] == [f"🧪 <b>A test</b>\n\n{KOREAN}", f"🧪 <b>A test</b>\n\n{ENGLISH}"]
    assert YUNA not in shown
    await yuna.presses("broadcast:test:1:team")
    assert yuna.notice == "You sent the team a test a moment ago. Wait a minute."
    chats.driver.now += timedelta(minutes=1, seconds=1)
    await yuna.presses("broadcast:test:1:team")
    assert yuna.notice is None
    await yuna.says("/log")
    assert "to the team as a test" in yuna.text
    assert await database.transact(lambda tx: tx.all("SELECT * FROM deliveries")) == []
    assert (await chats.driver.tally(1)).total == 0


async def test_test_goes_to_no_member_who_wants_notices_of_their_own_only(chats: TeamChats, database: Database) -> None:
    yuna, _hana = await chats.open_owner(), await chats.open_organizer()
    await database.transact(team.set_notices, HANA, "own")
    await write_both(yuna)
    await yuna.taps("🧪 Test")
    assert [label for label in yuna.labels if "🧪" in label] == ["🧪 To me"]


async def test_test_of_a_draft_that_was_changed_is_not_sent(chats: TeamChats) -> None:
    yuna, _hana = await chats.open_owner(), await chats.open_organizer()
    await write_both(yuna)
    await yuna.presses("broadcast:test:1:team")
    await yuna.presses("broadcast:sound:1:silent")
    assert not [text for text in (await chats.run_jobs()).get(HANA, []) if "A test" in text]

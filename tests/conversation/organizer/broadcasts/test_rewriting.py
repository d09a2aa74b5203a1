"""An organizer edits her own message, as everybody does in Telegram; long texts and albums arrive in parts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Edited, Said, SentMedia
from chatbot.petition.broadcasts.post import Media
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import NOW
from tests.support.chat import Chat
from tests.support.written_broadcasts import ENGLISH, KOREAN


async def _write(yuna: Chat, typo: str = "The press meets on Fryday.") -> int:
    """Write both texts; return the id of the message with the English one."""
    await yuna.says("/broadcast")
    await yuna.says(typo)
    written = yuna.written
    await yuna.says(KOREAN)
    return written


async def test_edit_of_the_message_is_taken_over_and_shown(yuna: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe([1])
    written = await _write(yuna)
    send = yuna.actions[0]
    await yuna.edits("The press meets on Friday.", written)
    assert yuna.first == [KOREAN, "The press meets on Friday."]
    assert "Your edit is in the draft" in yuna.text
    assert (await driver.newest()).posts["en"].text == "The press meets on Friday."
    await yuna.presses(send)
    assert "It has changed since" in yuna.text
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await driver.deliver_all()
    assert (await driver.newest()).posts["en"].text == "The press meets on Friday."


async def test_edit_before_the_second_text_asks_for_it_again(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.says("The press meets on Fryday.")
    await yuna.edits("The press meets on Friday.")
    assert "Now in Korean?" in yuna.text
    assert yuna.first == ["The press meets on Friday."]
    await yuna.says(KOREAN)
    posts = (await driver.newest()).posts
    assert (posts["en"].text, posts["ko"].text) == ("The press meets on Friday.", KOREAN)


async def test_edit_at_another_step_and_of_another_draft_is_taken_over(yuna: Chat, driver: BroadcastDriver) -> None:
    written = await _write(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("button")
    await yuna.says("Read more https://example.org")
    await yuna.says("More https://example.org")
    await yuna.says("/stats")
    await yuna.edits("The press meets on Friday.", written)
    post = (await driver.newest()).posts["en"]
    assert post.text == "The press meets on Friday."
    assert post.button is not None, "an edit of the text keeps the button"


async def test_edit_drops_the_approval_and_says_so(yuna: Chat, hana_organizer: Chat, driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 31), "ko")
    await yuna.presses("team:above:0:10")
    written = await _write(yuna)
    await hana_organizer.says("/start")
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, ask a second organizer")
    await yuna.edits("The press meets on Friday.", written)
    assert "Your edit is in the draft.\n\n⚠️ It was changed or taken off the schedule, so the request" in yuna.text
    broadcast = await driver.newest()
    await hana_organizer.presses(f"broadcast:approve:{broadcast.id}:{broadcast.revision - 1}")
    assert (await driver.newest()).started_at is None
    assert "been changed" in (hana_organizer.notice or "")


async def test_refused_edit_keeps_the_old_text(yuna: Chat, driver: BroadcastDriver) -> None:
    written = await _write(yuna)
    await yuna.edits("x" * 4_097, written)
    assert "That's 4,097 characters; 4,096 fit. The draft keeps the old version." in yuna.text
    assert (await driver.newest()).posts["en"].text == "The press meets on Fryday."


async def test_edit_after_the_schedule_or_the_start_says_where_to_change_it(
    yuna: Chat, driver: BroadcastDriver
) -> None:
    await driver.subscribe([1])
    written = await _write(yuna)
    await driver.schedule(await driver.newest(), driver.now + timedelta(hours=8))
    await yuna.edits("The press meets on Friday.", written)
    assert "it's already scheduled" in yuna.text
    await yuna.taps("Change it")
    await yuna.taps("Yes, change it")
    await yuna.edits("The press meets on Friday.", written)
    assert yuna.first[-1] == "The press meets on Friday."
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it")
    await yuna.edits("The press meets on Saturday.", written)
    assert "has already gone out" in yuna.text
    await driver.deliver_all()
    await yuna.taps("Correct it")
    assert "Which version do you want to correct?" in yuna.text
    assert (await driver.list_all())[0].posts["en"].text == "The press meets on Friday."


async def test_edit_of_a_caption_and_of_the_picture_is_taken_over(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.does(SentMedia("photo", "file-1", "Our freind", message_id=77))
    await yuna.does(Edited(SentMedia("photo", "file-2", "Our friend", message_id=77)))
    post = (await driver.newest()).posts["en"]
    assert (post.text, post.media) == ("Our friend", Media("photo", "file-2"))


async def test_edit_that_changes_nothing_gets_no_answer(yuna: Chat) -> None:
    written = await _write(yuna)
    await yuna.edits("The press meets on Fryday.", written)
    assert yuna.answer is not None
    assert yuna.answer.screen is None


async def test_edits_of_others_and_of_other_messages_change_nothing(
    yuna: Chat, hana_organizer: Chat, sam: Chat, driver: BroadcastDriver
) -> None:
    written = await _write(yuna)
    for other in (hana_organizer, sam):
        await other.says("/start")
        await other.edits("gotcha", written)
    await yuna.edits("gotcha", written + 1_000)
    assert {str(post.text) for post in (await driver.newest()).posts.values()} == {
        "The press meets on Fryday.",
        KOREAN,
    }


async def test_former_organizer_edits_nothing(yuna: Chat, dialog: Dialog, driver: BroadcastDriver) -> None:
    written = await _write(yuna)
    former = Chat(dialog, yuna.person)
    await former.edits("gotcha", written)
    assert (await driver.newest()).posts["en"].text == "The press meets on Fryday."


# Parts of a long text, and albums


async def _pastes(yuna: Chat, *parts: str) -> list[str]:
    """Send parts of one text in the same second, as Telegram's apps do; return the answers, "" where there is none."""
    answers = []
    for place, part in enumerate(parts, yuna.written + 1_000):
        answer = await yuna.does(Said(part, message_id=place, sent_at=NOW))
        answers.append(str(answer.screen.text) if answer and answer.screen else "")
    return answers


@pytest.mark.parametrize("parts", [2, 3])
async def test_long_text_in_parts_gets_one_refusal(yuna: Chat, driver: BroadcastDriver, parts: int) -> None:
    await yuna.says("/broadcast")
    answers = await _pastes(yuna, *["Our friends are free again. " * 140] * parts)
    assert "Telegram sent it in parts; 4,096 fit" in answers[1]
    assert "Send the text in English" in answers[1], "it asks for the same language again"
    assert answers[2:] == [""] * (parts - 2)
    assert (await driver.newest()).posts == {}
    await yuna.says(ENGLISH)
    assert "Now in Korean?" in yuna.text


async def test_second_part_is_refused_at_the_review_as_well(yuna: Chat, driver: BroadcastDriver) -> None:
    await _write(yuna)
    await yuna.taps("English")
    answers = await _pastes(yuna, "Our friends are free again. " * 140, "Our friends are free again. " * 20)
    assert "Telegram sent it in parts" in answers[1]
    assert "en" not in (await driver.newest()).posts


async def test_long_texts_in_two_languages_forwarded_together_are_both_taken(
    yuna: Chat, driver: BroadcastDriver
) -> None:
    await yuna.says("/broadcast")
    await _pastes(yuna, "Our friends are free. " * 150, "친구들이 풀려났습니다. " * 100)
    assert set((await driver.newest()).posts) == {"en", "ko"}


async def test_second_text_that_somebody_typed_later_is_taken(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    for place in (0, 1):
        sent_at = NOW + timedelta(seconds=5 * place)
        await yuna.does(Said("Our friends are free. " * 150, message_id=501 + place, sent_at=sent_at))
    assert set((await driver.newest()).posts) == {"en", "ko"}


@pytest.mark.parametrize("written", [False, True])
async def test_album_gets_one_answer(yuna: Chat, driver: BroadcastDriver, *, written: bool) -> None:
    await (_write(yuna) if written else yuna.says("/broadcast"))
    photo = SentMedia("photo", "file-1", "Our friends", album="77", sent_at=NOW)
    answers = [await yuna.does(replace(photo, file_id=f"file-{n}", message_id=500 + n)) for n in range(3)]
    assert [answer is not None and answer.screen is not None for answer in answers] == [True, False, False]
    assert all(post.media is None for post in (await driver.newest()).posts.values())
    await yuna.does(replace(photo, album="78"))
    assert yuna.answer is not None, "another album gets an answer of its own"


async def test_album_says_what_to_send_instead(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    await yuna.does(SentMedia("photo", "file-1", album="77"))
    assert "not an album. Please send one picture with its caption" in yuna.text


# Pictures and custom emoji


async def test_new_text_keeps_the_picture_and_a_button_removes_it(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.sends("photo", "file-1", "Our freind")
    await yuna.says(KOREAN)
    await yuna.taps("English")
    assert "the picture or file stays" in yuna.text
    await yuna.says("Our friend")
    assert "The picture or file stayed" in yuna.text
    post = (await driver.newest()).posts["en"]
    assert (post.text, post.media) == ("Our friend", Media("photo", "file-1"))
    await yuna.taps("English")
    await yuna.sends("photo", "file-2")
    post = (await driver.newest()).posts["en"]
    assert (post.text, post.media) == ("Our friend", Media("photo", "file-2"))
    await yuna.taps("English")
    await yuna.taps("Remove the picture")
    post = (await driver.newest()).posts["en"]
    assert (post.text, post.media) == ("Our friend", None)


async def test_text_for_a_picture_says_its_own_limit(yuna: Chat, driver: BroadcastDriver) -> None:
    await yuna.says("/broadcast")
    await yuna.sends("photo", "file-1")
    await yuna.says(KOREAN)
    await yuna.taps("English")
    await yuna.says("x" * 1_025)
    assert "1,025 characters; below a picture or file 1,024 fit" in yuna.text
    await yuna.taps("Remove the picture")
    assert "There's no text in it" in yuna.text
    assert (await driver.newest()).posts["en"].media == Media("photo", "file-1")


async def test_custom_emoji_are_said_to_become_ordinary(yuna: Chat) -> None:
    await yuna.says("/broadcast")
    await yuna.does(Said("Our friend is free 💙", has_custom_emoji=True))
    assert "Bots cannot send custom emoji" in yuna.text
    await yuna.taps("No Korean version")
    assert "custom emoji" not in yuna.text


async def test_label_that_is_too_long_says_length_and_limit(yuna: Chat) -> None:
    await _write(yuna)
    await yuna.taps("⚙️ Settings")
    await yuna.taps("button")
    await yuna.says(f"{'x' * 58} https://example.org")
    assert "The button's label has 58 characters; 40 fit." in yuna.text


# Previews


async def test_buttons_of_a_preview_only_say_what_they_do(
    yuna: Chat, make_dialog: Callable[..., Dialog], driver: BroadcastDriver
) -> None:
    await driver.subscribe([yuna.person.id], "en")
    await _write(yuna)
    assert yuna.answer is not None
    [share], [stop] = yuna.answer.first[-1].rows
    screen = yuna.screen
    await yuna.presses(share.action)
    assert "preview" in (yuna.notice or "")
    await yuna.presses(stop.action)
    assert yuna.notice == "This is a preview. With this button, people who get it will stop their updates."
    assert yuna.screen == screen
    await yuna.taps("📣 Send")
    assert "<b>1</b> person" in yuna.text or "1 person" in yuna.text, "she is still subscribed"

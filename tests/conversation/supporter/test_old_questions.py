"""Old questions: after a restart, an hour or a day later, after an end, and after the signature is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Edited, Event, Pressed, Said, SentMedia
from chatbot.petition.lifecycle import PetitionEnding
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import petition_status
from chatbot.storage.people import signatures
from chatbot.storage.privacy.retention import erase_old_drafts
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat

MakeDialog = Callable[..., Dialog]
OLD = ("name.profile", "country.CA", "country.keep", "reason.skip", "reason.keep", "check.name", "check.sign.00000000")
SAM = ("Sam", "CA")


@pytest.fixture
def sam(make_dialog: MakeDialog, sam: Chat) -> Chat:
    """Sam, in a chat with the clock of the driver."""
    return Chat(make_dialog(), sam.person)


async def end(tx: Transaction, ending: PetitionEnding, now: BroadcastDriver) -> None:
    status = await petition_status.find(tx)
    assert await petition_status.end(tx, status.revision, ending, {}, 1, now.now)


async def find(database: Database, chat: Chat) -> tuple[str, str] | None:
    signature = await database.transact(signatures.find, chat.person.id)
    return (signature.name, signature.country) if signature else None


@pytest.mark.parametrize("pressed", OLD)
async def test_old_button_after_a_restart_signs_nothing_and_asks_on(
    make_dialog: MakeDialog, sam: Chat, database: Database, pressed: str
) -> None:
    """The process is killed between two questions: another one knows only what the database has."""
    await sam.begins()
    await sam.says("Sam")
    assert "Which country" in sam.text
    sam.dialog = make_dialog()
    await sam.presses(pressed)
    assert sam.answer is not None
    assert sam.answer.screen is not None
    assert await find(database, sam) is None
    sam.dialog = make_dialog()
    await sam.says("/sign")
    for _ in range(2):
        if "Ready to sign?" not in sam.text:
            await (sam.says("Canada") if "Which country" in sam.text else sam.presses("name.keep"))
    await sam.taps("✍️ Sign")
    assert (await find(database, sam) or ("",))[0].startswith("Sam")


@pytest.mark.parametrize("hours", [1, 23])
async def test_answers_are_there_hours_later(
    make_dialog: MakeDialog, sam: Chat, driver: BroadcastDriver, database: Database, hours: int
) -> None:
    await sam.begins()
    await sam.says("Sam")
    driver.now += timedelta(hours=hours)
    await database.transact(erase_old_drafts, driver.now, 100)
    sam.dialog = make_dialog()
    await sam.presses("country.CA")
    assert "👤 Sam\n🇨🇦 Canada" in sam.text
    await sam.taps("✍️")
    assert await find(database, sam) == SAM


@pytest.mark.parametrize("late", [*OLD, "Sam", "Canada"])
async def test_everything_a_day_later_says_once_that_the_answers_are_gone(
    sam: Chat, driver: BroadcastDriver, database: Database, late: str
) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.says("Canada")
    driver.now += timedelta(hours=25)
    await database.transact(erase_old_drafts, driver.now, 100)
    await (sam.presses(late) if "." in late else sam.says(late))
    assert "A day has passed" in sam.text
    assert await find(database, sam) is None
    await sam.says("/start")
    assert "A day has passed" not in sam.text
    await sam.signs()
    assert (await find(database, sam) or ("",))[0] == "Sam Smith"


NOT_UNDERSTOOD: dict[str, Event] = {
    "text": Said("Sam", message_id=900),
    "stop": Said("stop", message_id=900),
    "cancel": Said("/cancel", "cancel", message_id=900),
    "command": Said("/never", "never", message_id=900),
    "photo": SentMedia("photo", "file-1", message_id=900),
    "caption": SentMedia("photo", "file-1", "Canada", message_id=900),
    "sticker": SentMedia("sticker", message_id=900),
    "voice": SentMedia("voice", message_id=900),
    "edit": Edited(Said("Samuel", message_id=900)),
    "edited caption": Edited(SentMedia("photo", "file-1", "Samuel", message_id=900)),
    "button of another version": Pressed("never:1", "query-900", 900),
}
"""Messages of people who do not know that the question has ended."""


async def leave_for_a_day(sam: Chat, driver: BroadcastDriver, database: Database) -> None:
    await sam.begins()
    await sam.says("Sam")
    driver.now += timedelta(hours=25)
    await database.transact(erase_old_drafts, driver.now, 100)


@pytest.mark.parametrize("late", NOT_UNDERSTOOD)
async def test_what_answers_nothing_a_day_later_gets_that_line_alone_and_the_button_to_sign(
    sam: Chat, driver: BroadcastDriver, database: Database, late: str
) -> None:
    await leave_for_a_day(sam, driver, database)
    await sam.does(NOT_UNDERSTOOD[late])
    assert sam.text == "A day has passed, so your answers were deleted. Signing takes about a minute."
    assert sam.labels == ["✍️ Sign the petition"]
    await sam.taps("✍️")
    assert "A day has passed" not in sam.text
    await sam.signs()
    assert await find(database, sam) is not None


@pytest.mark.parametrize("late", ["/read", "/help", "read:1", "language", "check.name"])
async def test_what_is_understood_a_day_later_has_that_line_above(
    sam: Chat, driver: BroadcastDriver, database: Database, late: str
) -> None:
    await leave_for_a_day(sam, driver, database)
    await (sam.says(late) if late[0] == "/" else sam.presses(late))
    told, _, screen = sam.text.partition("\n\n")
    assert told.startswith("A day has passed")
    assert screen
    assert "didn't get that" not in screen


async def test_album_and_edit_are_answered_once_a_day_later(
    sam: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await leave_for_a_day(sam, driver, database)
    photo = SentMedia("photo", "file-1", album="77", message_id=900)
    assert await sam.does(photo)
    for event in (replace(photo, message_id=901), Edited(replace(photo, caption="Sam"))):
        answer = await sam.does(event)
        assert answer is None or answer.screen is None


async def test_end_of_the_petition_is_told_instead_of_the_way_to_sign(
    sam: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await leave_for_a_day(sam, driver, database)
    await database.transact(end, "closed", driver)
    await sam.says("Sam")
    assert "A day has passed" not in sam.text
    assert "/sign" not in sam.text


async def test_change_is_not_undone_after_everything_is_forgotten(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("me:name")
    await sam.says("A friend")
    undo = next(each for each in sam.actions if "undo" in each)
    await sam.says("/forget")
    await sam.taps("Erase everything")
    await sam.presses(undo)
    assert await find(database, sam) is None
    await sam.signs()
    await sam.presses(undo)
    assert (await find(database, sam) or ("",))[0] == "Sam Smith"
    assert "A friend" not in sam.text


async def test_change_is_not_undone_after_the_signature_is_withdrawn(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.presses("me:name")
    await sam.says("A friend")
    undo = next(each for each in sam.actions if "undo" in each)
    await sam.says("/withdraw")
    await sam.presses(next(each for each in sam.actions if each.startswith("withdraw:")))
    await sam.presses(undo)
    assert "haven't signed" in sam.text
    await sam.signs()
    await sam.presses(undo)
    assert (await find(database, sam) or ("",))[0] == "Sam Smith"


async def test_undoing_is_told_and_happens_once(sam: Chat, database: Database) -> None:
    await sam.signs()
    for line, words in (("name", "A friend"), ("country", "France"), ("reason", "They are people.")):
        before = await find(database, sam)
        await sam.presses(f"me:{line}")
        await sam.says(words)
        await sam.taps("↩ Undo")
        assert sam.text.startswith("↩ Undone. Your signature is as it was before.\n\n👤 <b>What we keep")
        assert await find(database, sam) == before
    await sam.presses("me:undo:00000000")
    assert "Undone" not in sam.text


@pytest.mark.parametrize("ending", ["closed", "victory"])
async def test_whole_walk_after_the_end_signs_nobody_and_answers_everything(
    sam: Chat, driver: BroadcastDriver, database: Database, ending: PetitionEnding
) -> None:
    """Sam left at the country; Hana has signed. Both press and type everything after the end."""
    hana = Chat(sam.dialog, replace(sam.person, id=4711, name="하나 김", language_code="ko"))
    await hana.signs()
    signed = await find(database, hana)
    await sam.begins()
    await sam.says("Sam")
    await database.transact(end, ending, driver)
    told = "reached its goal" if ending == "victory" else "Signing has closed"
    for act in ("/sign", "Canada", "country.CA", "check.sign.00000000", "reason.skip", "sign", "/start"):
        await (sam.presses(act) if act[0] not in "/C" else sam.says(act))
        assert told in sam.text, act
        assert "✍️" not in "".join(sam.labels), act
    for act in ("/read", "/updates", "/share", "/subscribe", "/me", "/privacy", "/help", "/language", "/cancel"):
        await sam.says(act)
        assert "✍️" not in "".join(sam.labels), act
    assert await find(database, sam) is None
    for act in ("/sign", "/start", "/share", "/me", "me:name", "김하나", "/withdraw", "/unsubscribe"):
        await (hana.presses(act) if act[0] == "m" else hana.says(act))
        assert hana.answer is not None
        assert hana.answer.screen is not None
        assert "add your name" not in hana.text
    assert signed is not None
    assert await find(database, hana) == ("김하나", signed[1]), "one's own name may still be corrected"

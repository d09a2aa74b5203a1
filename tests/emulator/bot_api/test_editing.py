import pytest

from chatbot.emulator.world.samples import picture
from tests.emulator.conftest import last_of

SIGN = {"inline_keyboard": [[{"text": "Sign", "callback_data": "sign"}]]}
READ = {"inline_keyboard": [[{"text": "Read", "callback_data": "read"}]]}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


@pytest.fixture
async def sent(line, hana):
    return await line.result("sendMessage", chat_id=hana.id, text="one", reply_markup=SIGN)


def where(message):
    return {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}


async def test_edit_changes_the_text(emulator, line, hana, sent, clock):
    clock.advance(60)
    with emulator.world.watch(hana) as chat:
        edited = await line.result(
            "editMessageText", **where(sent), text="<b>two</b>", parse_mode="HTML", reply_markup=READ
        )
        assert await chat.next_edit() == edited
    assert edited["message_id"] == sent["message_id"]
    assert edited["edit_date"] == sent["date"] + 60
    assert (edited["text"], edited["reply_markup"]) == ("two", READ)
    assert len(emulator.world.said_in(hana)) == 2


async def test_edit_without_keyboard_removes_it(line, sent):
    edited = await line.result("editMessageText", **where(sent), text="two")
    assert "reply_markup" not in edited


async def test_edit_changes_only_the_keyboard(line, sent):
    edited = await line.result("editMessageReplyMarkup", **where(sent), reply_markup=READ)
    assert (edited["text"], edited["reply_markup"]) == ("one", READ)
    edited = await line.result("editMessageReplyMarkup", **where(sent))
    assert "reply_markup" not in edited
    assert await line.refusal("editMessageReplyMarkup", **where(sent)) == NOT_MODIFIED


async def test_edit_without_change_is_refused(line, sent):
    same = {"text": "one", "reply_markup": SIGN}
    assert await line.refusal("editMessageText", **where(sent), **same) == NOT_MODIFIED
    assert await line.result("editMessageText", **where(sent), text="one", reply_markup=READ)
    assert await line.result("editMessageText", **where(sent), text="<i>one</i>", parse_mode="HTML", reply_markup=READ)


async def test_edit_changes_the_caption(emulator, line, hana):
    photo = emulator.world.files.keep("photo", picture())
    sent = await line.result("sendPhoto", chat_id=hana.id, photo=photo.file_id, caption="one")
    edited = await line.result("editMessageCaption", **where(sent), caption="<i>two</i>", parse_mode="HTML")
    assert (edited["caption"], edited["photo"]) == ("two", sent["photo"])
    assert await line.refusal("editMessageText", **where(sent), text="x") == (
        "Bad Request: there is no text in the message to edit"
    )
    assert await line.refusal("editMessageCaption", **where(sent), caption="가" * 1025) == (
        "Bad Request: MEDIA_CAPTION_TOO_LONG"
    )


async def test_impossible_edits_are_refused(emulator, line, hana, sam, sent):
    said = emulator.world.says(hana, "mine")
    refusals = {
        "Bad Request: message to edit not found": {**where(sent), "message_id": 999},
        "Bad Request: message can't be edited": where(said),
        "Bad Request: chat not found": {"chat_id": 5, "message_id": 1},
        "Bad Request: message identifier is not specified": {},
    }
    for description, place in refusals.items():
        assert await line.refusal("editMessageText", **place, text="x") == description
    assert await line.refusal("editMessageText", **where(sent), text="x" * 4097) == "Bad Request: MESSAGE_TOO_LONG"
    assert await line.refusal("editMessageCaption", **where(sent), caption="x") == (
        "Bad Request: there is no caption in the message to edit"
    )
    assert last_of(emulator.world, hana)["text"] == "mine"


async def test_edit_refuses_reply_keyboards(line, sent):
    markup = {"force_reply": True}
    assert await line.refusal("editMessageText", **where(sent), text="x", reply_markup=markup) == (
        "Bad Request: inline keyboard expected"
    )


async def test_edit_for_a_person_who_blocked_is_refused(emulator, line, hana, sent):
    emulator.world.blocks(hana)
    assert await line.refusal("editMessageText", **where(sent), text="x") == "Forbidden: bot was blocked by the user"


async def test_bot_deletes_messages(emulator, line, hana, sent, clock):
    with emulator.world.watch(hana) as chat:
        assert await line.result("deleteMessage", **where(sent))
        assert await chat.next() == {"type": "deleted", "message_id": sent["message_id"]}
    assert await line.refusal("deleteMessage", **where(sent)) == "Bad Request: message to delete not found"
    later = await line.result("sendMessage", chat_id=hana.id, text="x")
    clock.advance(49 * 3600)
    assert await line.refusal("deleteMessage", **where(later)) == "Bad Request: message can't be deleted for everyone"
    assert await line.result("deleteMessages", chat_id=hana.id, message_ids=[later["message_id"], 999])
    assert later not in emulator.world.said_in(hana)


async def test_bot_sets_and_removes_a_reaction(emulator, line, hana, sent):
    heart = [{"type": "emoji", "emoji": "❤️"}]
    with emulator.world.watch(hana) as chat:
        for reaction in (heart, []):
            assert await line.result("setMessageReaction", **where(sent), reaction=reaction)
            assert (await chat.next("reacted"))["reaction"] == reaction
    assert await line.refusal("setMessageReaction", **where(sent), reaction=[{"type": "emoji", "emoji": "🧦"}]) == (
        "Bad Request: REACTION_INVALID"
    )


async def test_tap_is_answered_once_and_in_time(emulator, line, hana, sent, clock):
    world = emulator.world
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    with world.watch(hana) as chat:
        query_id = world.presses(hana, sent["message_id"], "sign")
        assert await line.result("answerCallbackQuery", callback_query_id=query_id, text="Thank you", show_alert=True)
        answer = await chat.next_answer()
    assert answer == {"type": "answered", "query_id": query_id, "text": "Thank you", "show_alert": True, "url": ""}
    assert await line.refusal("answerCallbackQuery", callback_query_id=query_id) == too_old
    late = world.taps(hana, "Sign")
    clock.advance(151)
    assert await line.refusal("answerCallbackQuery", callback_query_id=late) == too_old
    long = world.taps(hana, "Sign")
    assert await line.refusal("answerCallbackQuery", callback_query_id=long, text="x" * 201) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert await line.refusal("answerCallbackQuery", callback_query_id="7") == too_old

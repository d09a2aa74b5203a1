"""What the reply sender sends, and in which order."""

import asyncio
import json
import logging

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.petition.broadcasts.post import Media
from chatbot.screens.screen import Press, Screen
from chatbot.transport.outgoing.reply_sender import ReplySender

HELLO = Screen(Markup("Hello"), ((Press("Sign", "sign", "primary"),),))
NOT_MODIFIED = (400, "Bad Request: message is not modified: specified new message content is exactly the same")
TOO_OLD = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
PICTURE = Screen(Markup("Look"), media=Media("photo", "AgAC-1"), silent=True)


async def test_reply_sender_sends_a_screen(reply_sender, telegram):
    await reply_sender.send(Answer(7, HELLO))
    [sent] = telegram.said("sendMessage")
    assert sent == {
        "chat_id": 7,
        "text": "Hello",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Sign", "callback_data": "sign", "style": "primary"}]]},
    }
    assert len(telegram.calls) == 1


async def test_screen_replaces_its_message_and_acknowledges_the_tap(reply_sender, telegram, pace):
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1", notice="Saved"))
    assert telegram.said("answerCallbackQuery") == [{"callback_query_id": "q1", "text": "Saved"}]
    [edited] = telegram.said("editMessageText")
    assert (edited["chat_id"], edited["message_id"], edited["text"]) == (7, 5, "Hello")
    assert not telegram.said("sendMessage")
    assert set(pace.counted) == {(7, "edit"), (None, "acknowledgement")}, (
        "an acknowledgement does not count as a message"
    )


async def test_tap_is_acknowledged_without_a_screen(reply_sender, telegram):
    await reply_sender.send(Answer(7, query_id="q1"))
    assert telegram.calls == [("answerCallbackQuery", {"callback_query_id": "q1"})]


async def test_tap_is_acknowledged_while_the_screen_is_sent(reply_sender, telegram):
    telegram.fail("editMessageText", "hang")
    task = reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1"))
    await telegram.until(lambda: len(telegram.calls) == 2)
    assert telegram.said("answerCallbackQuery")
    task.cancel()
    await asyncio.wait([task])


async def test_first_screens_are_sent_before_the_main_one(reply_sender, telegram, pace):
    first = (Screen(Markup("안녕하세요")), PICTURE, Screen(Markup("Hello"), silent=True))
    await reply_sender.send(Answer(7, Screen(Markup("Send it?")), first=first, query_id="q1"))
    spoken = [(method, values.get("text", values.get("caption"))) for method, values in telegram.calls]
    spoken.remove(("answerCallbackQuery", None))
    assert spoken == [
        ("sendMessage", "안녕하세요"),
        ("sendPhoto", "Look"),
        ("sendMessage", "Hello"),
        ("sendMessage", "Send it?"),
    ]
    assert telegram.said("sendMessage")[1]["disable_notification"] is True
    assert pace.counted.count((7, "message")) == 4


async def test_first_screens_are_sent_without_a_main_one(reply_sender, telegram):
    await reply_sender.send(Answer(7, first=(HELLO,)))
    assert telegram.texts() == ["Hello"]


async def test_refused_first_screen_does_not_stop_the_main_one(reply_sender, telegram, caplog):
    telegram.fail("sendPhoto", (400, "Bad Request: wrong file_id or the file is temporarily unavailable"))
    await reply_sender.send(Answer(7, HELLO, first=(PICTURE,)))
    assert telegram.texts() == ["Hello"]
    assert "refused for its content" in caplog.text


async def test_person_who_is_gone_gets_nothing_more(reply_sender, telegram, gone):
    telegram.fail("sendMessage", (403, "Forbidden: bot was blocked by the user"))
    await reply_sender.send(Answer(7, HELLO, first=(HELLO, PICTURE)))
    assert gone == [7]
    assert len(telegram.calls) == 1


async def test_picture_is_sent_instead_of_editing_a_text(reply_sender, telegram):
    await reply_sender.send(Answer(7, PICTURE, edit=5))
    [(method, values)] = telegram.calls
    assert (method, values["photo"], values["caption"]) == ("sendPhoto", "AgAC-1", "Look")
    assert values["disable_notification"] is True
    assert "message_id" not in values


@pytest.mark.parametrize("fault", ["cut", (500, "Internal Server Error")])
async def test_picture_that_may_be_lost_is_sent_again(reply_sender, telegram, fault):
    telegram.fail("sendPhoto", fault)
    await reply_sender.send(Answer(7, PICTURE))
    assert len(telegram.calls) == 2


async def test_edit_without_a_change_logs_nothing(reply_sender, telegram, caplog):
    telegram.fail("editMessageText", NOT_MODIFIED)
    await reply_sender.send(Answer(7, HELLO, edit=5))
    assert not telegram.said("sendMessage")
    assert not caplog.records


@pytest.mark.parametrize(
    "text", ["message to edit not found", "message can't be edited", "there is no text in the message to edit"]
)
async def test_screen_of_a_lost_message_is_sent_anew(reply_sender, telegram, text):
    telegram.fail("editMessageText", (400, f"Bad Request: {text}"))
    await reply_sender.send(Answer(7, HELLO, edit=5))
    [sent] = telegram.said("sendMessage")
    assert "message_id" not in sent


async def test_late_acknowledgement_is_not_logged(reply_sender, telegram, caplog):
    telegram.fail("answerCallbackQuery", TOO_OLD)
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1"))
    assert telegram.said("editMessageText")
    assert not caplog.records


async def test_stuck_answer_delays_only_its_own_chat(reply_sender, telegram):
    telegram.fail("sendMessage", "hang")
    stuck, waiting = reply_sender.send(Answer(7, HELLO)), reply_sender.send(Answer(7, Screen(Markup("two"))))
    await reply_sender.send(Answer(8, Screen(Markup("other"))))
    assert [sent["chat_id"] for sent in telegram.said("sendMessage")] == [7, 8]
    stuck.cancel()
    await waiting
    assert [sent["text"] for sent in telegram.said("sendMessage")] == ["Hello", "other", "two"]


async def test_hundred_answers_keep_their_order(reply_sender, telegram):
    await asyncio.gather(*(reply_sender.send(Answer(7, Screen(Markup(str(n))))) for n in range(100)))
    assert [sent["text"] for sent in telegram.said("sendMessage")] == [str(n) for n in range(100)]


async def test_bug_in_sending_is_logged_without_its_text(api, pace, telegram, caplog):
    async def on_gone(chat_id):
        raise LookupError("Hana")

    telegram.fail("sendMessage", (403, "Forbidden: bot was blocked by the user"))
    await ReplySender(api, pace, on_gone).send(Answer(7, HELLO))
    assert "LookupError" in caplog.text
    assert "Hana" not in caplog.text


async def test_close_gives_up_slow_answers(reply_sender, telegram, caplog):
    telegram.fail("sendMessage", "hang")
    tasks = [reply_sender.send(Answer(7, HELLO)), reply_sender.send(Answer(7, HELLO))]
    await telegram.until(lambda: bool(telegram.calls))
    await reply_sender.close(within=0)
    assert all(task.done() for task in tasks)
    assert "2 answers" in caplog.text


async def test_log_never_contains_the_token(reply_sender, telegram, token, caplog):
    caplog.set_level(logging.INFO)
    telegram.fail("sendMessage", "cut", (401, "Unauthorized"), (500, json.dumps({"x": 1})))
    for _ in range(3):
        await reply_sender.send(Answer(7, HELLO))
    assert caplog.records
    assert token not in caplog.text


async def test_question_is_sent_below_the_edited_message(reply_sender, telegram):
    await reply_sender.send(Answer(7, Screen(Markup("Thank you")), edit=5, query_id="q1", then=HELLO))
    shown = [(method, values.get("text")) for method, values in telegram.calls if method != "answerCallbackQuery"]
    assert shown == [("editMessageText", "Thank you"), ("sendMessage", "Hello")]
    assert "reply_markup" not in telegram.said("editMessageText")[0]


async def test_question_is_not_sent_if_the_edit_fails(reply_sender, telegram, caplog):
    telegram.fail("editMessageText", *[(500, "Internal Server Error")] * 9)
    await reply_sender.send(Answer(7, Screen(Markup("Thank you")), edit=5, query_id="q1", then=HELLO))
    assert not telegram.said("sendMessage")
    assert "editMessageText" in caplog.text

"""What the reply sender sends again, and what it does after each refusal of Telegram."""

import asyncio

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.petition.broadcasts.post import Media
from chatbot.screens.screen import Press, Screen
from chatbot.transport.outgoing.client import NeverSentError
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.limits import GIVE_UP

HELLO = Screen(Markup("Hello"), ((Press("Sign", "sign", "primary"),),))
NOT_MODIFIED = (400, "Bad Request: message is not modified: specified new message content is exactly the same")
PICTURE = Screen(Markup("Look"), media=Media("photo", "AgAC-1"), silent=True)


async def test_reply_sender_sends_again_after_a_429(reply_sender, telegram, pace):
    telegram.fail("sendMessage", (429, "Too Many Requests: retry after 13", {"retry_after": 13}))
    first = reply_sender.send(Answer(7, HELLO))
    await asyncio.wait_for(pace.halted.wait(), GIVE_UP)
    second = reply_sender.send(Answer(8, HELLO))
    await asyncio.sleep(0)
    assert pace.refusals == [(7, 13)]
    assert len(telegram.said("sendMessage")) == 1
    pace.open.set()
    await asyncio.gather(first, second)
    assert sorted(sent["chat_id"] for sent in telegram.said("sendMessage")) == [7, 7, 8]


async def test_reply_sender_gives_up_after_a_long_429_and_logs_one_line(
    reply_sender, telegram, pace, caplog, monkeypatch
):
    monkeypatch.setattr("chatbot.transport.outgoing.reply_sender.PATIENCE", 0.05)
    telegram.fail("sendMessage", *[(429, "Too Many Requests: retry after 9000", {"retry_after": 9000})] * 3)
    await reply_sender.send(Answer(7, HELLO))
    pace.open.set()
    await reply_sender.send(Answer(8, HELLO))
    assert pace.refusals == [(7, 9000), (8, 9000)]
    [line] = [record.getMessage() for record in caplog.records]
    assert line == "sendMessage was given up after 1 tries (TooManyRequestsError: Too many requests: wait 9000 s)"


async def test_answer_to_a_chat_halted_too_long_is_not_sent(reply_sender, telegram, pace, caplog):
    pace.delays[7] = 301
    await reply_sender.send(Answer(7, HELLO, query_id="q1"))
    assert [method for method, _ in telegram.calls] == ["answerCallbackQuery"]
    assert "given up after 0 tries" in caplog.text


async def test_unsent_message_is_sent_again(api, pace, telegram, gone):
    class Unplugged:
        """A connection that cannot be made for the first two calls."""

        tries = 0

        async def call_encoded(self, method, body):
            self.tries += 1
            if self.tries <= 2:
                raise NeverSentError("Cannot connect")
            return await api.call_encoded(method, body)

    await ReplySender(Unplugged(), pace, gone.append, wait=lambda tries: 0.0).send(Answer(7, HELLO))
    assert len(telegram.said("sendMessage")) == 1


async def test_reply_sender_gives_up_without_a_connection(pace, gone, monkeypatch, caplog):
    class Unplugged:
        async def call_encoded(self, method, body):
            raise NeverSentError("Cannot connect")

    monkeypatch.setattr("chatbot.transport.outgoing.reply_sender.PATIENCE", 0.05)
    await ReplySender(Unplugged(), pace, gone.append, wait=lambda tries: 0.02).send(Answer(7, HELLO))
    assert "given up" in caplog.text
    assert not gone


LOST_ON_THE_WAY = ["cut", (500, "Internal Server Error"), (502, "Bad Gateway"), b"<html>", b'{"ok":tr']


@pytest.mark.parametrize("fault", LOST_ON_THE_WAY)
async def test_message_that_may_be_lost_is_sent_again(reply_sender, telegram, caplog, fault):
    """A person waits for the answer. To get it twice is better than never."""
    telegram.fail("sendMessage", fault)
    await reply_sender.send(Answer(7, HELLO))
    assert telegram.texts() == ["Hello", "Hello"]
    assert not caplog.records


@pytest.mark.parametrize("fault", LOST_ON_THE_WAY)
async def test_lost_message_is_sent_three_times_at_most(reply_sender, telegram, caplog, fault):
    telegram.fail("sendMessage", *[fault] * 20)
    await reply_sender.send(Answer(7, HELLO))
    assert len(telegram.said("sendMessage")) == 3
    assert caplog.text.count("may have been sent") == 1


async def test_message_without_a_response_is_sent_again(reply_sender, telegram, monkeypatch):
    monkeypatch.setattr("chatbot.transport.outgoing.client.READ", 0.5)
    telegram.fail("sendMessage", "hang")
    await reply_sender.send(Answer(7, HELLO))
    assert telegram.texts() == ["Hello", "Hello"]


@pytest.mark.parametrize("fault", ["cut", (500, "Internal Server Error")])
async def test_edits_and_acknowledgements_are_repeated(reply_sender, telegram, caplog, fault):
    telegram.fail("editMessageText", fault, NOT_MODIFIED)
    telegram.fail("answerCallbackQuery", fault)
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1"))
    assert len(telegram.said("editMessageText")) == 2
    assert len(telegram.said("answerCallbackQuery")) == 2
    assert not caplog.records


async def test_edit_is_tried_four_times_at_most(reply_sender, telegram):
    telegram.fail("editMessageText", *[(500, "Internal Server Error")] * 20)
    await reply_sender.send(Answer(7, HELLO, edit=5))
    assert len(telegram.said("editMessageText")) == 4


@pytest.mark.parametrize(
    "refusal",
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (400, "Bad Request: chat not found"),
    ],
)
@pytest.mark.parametrize("edit", [None, 5])
async def test_reply_sender_reports_a_person_who_is_gone(reply_sender, telegram, gone, refusal, edit):
    telegram.fail("editMessageText" if edit else "sendMessage", refusal)
    await reply_sender.send(Answer(7, HELLO, edit=edit))
    assert gone == [7]
    assert len(telegram.calls) == 1


async def test_reply_sender_follows_a_moved_group(reply_sender, telegram):
    telegram.fail("sendMessage", (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1007}))
    await reply_sender.send(Answer(-7, HELLO))
    assert [sent["chat_id"] for sent in telegram.said("sendMessage")] == [-7, -1007]


@pytest.mark.parametrize("edit", [None, 5])
async def test_reply_sender_follows_a_moved_group_with_all_screens(reply_sender, telegram, edit):
    moved = (400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1007})
    telegram.fail("sendPhoto", moved)
    telegram.fail("editMessageText", moved)
    telegram.fail("sendMessage", moved)
    await reply_sender.send(Answer(-7, HELLO, edit=edit, first=(PICTURE,)))
    assert telegram.said("sendPhoto")[-1]["chat_id"] == -1007
    assert telegram.said("sendMessage")[-1]["chat_id"] == -1007


async def test_refused_content_is_logged_without_its_text(reply_sender, telegram, caplog):
    telegram.fail("sendMessage", (400, 'Bad Request: can\'t parse entities: unsupported start tag "Hana"'))
    await reply_sender.send(Answer(7, HELLO))
    assert "refused for its content" in caplog.text
    assert "Hana" not in caplog.text

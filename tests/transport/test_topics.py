"""Topics: the answer goes to the topic of the message, or to General if that is gone."""

import asyncio
import logging

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer, Heard, InGroup, Person, Pressed, Said
from chatbot.screens.screen import Screen
from chatbot.transport.application import Application
from chatbot.transport.incoming.dispatcher import Dispatcher
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.fake_conversation import FakeConversation
from tests.transport.conftest import Pace

HELLO = Screen(Markup("Hello"))
THREAD_GONE = (400, "Bad Request: message thread not found")
CLOSED = (400, "Bad Request: TOPIC_CLOSED")
TOPIC_WANTED = (400, "Bad Request: use message_thread_id to send messages to this chat")
LOST = (400, "Bad Request: message to edit not found")
SAM = Person(7, "Sam", "en")


@pytest.fixture
def gone():
    return []


@pytest.fixture
def reply_sender(api, gone):
    async def on_gone(chat_id):
        gone.append(chat_id)

    return ReplySender(api, Pace(), on_gone, wait=lambda tries: 0.0)


def threads(telegram):
    return [sent.get("message_thread_id") for sent in telegram.said("sendMessage")]


@pytest.mark.parametrize("event", [Said("hi"), Pressed("sign", "q1", 4), InGroup(-100)])
async def test_answer_goes_to_the_topic_of_the_update(event):
    async def hear(heard):
        return Answer(heard.person.id, HELLO)

    dispatcher = Dispatcher(FakeConversation(hear))
    answer = await dispatcher.take(Heard(1, SAM, event, thread_id=77))
    assert answer is not None
    assert answer.thread_id == 77
    answer = await dispatcher.take(Heard(2, SAM, event))
    assert answer is not None
    assert answer.thread_id is None


async def test_apology_and_slow_down_go_to_the_topic(caplog):
    async def hear(heard):
        raise LookupError

    dispatcher = Dispatcher(FakeConversation(hear))
    answers = [await dispatcher.take(Heard(number, SAM, Said("hi"), thread_id=77)) for number in range(60)]
    assert {answer.thread_id for answer in answers if answer} == {77}
    assert sum(answer is not None for answer in answers) < 60


async def test_answer_sends_every_message_to_the_topic(reply_sender, telegram):
    await reply_sender.send(Answer(7, HELLO, first=(HELLO, HELLO), thread_id=77))
    assert threads(telegram) == [77, 77, 77]


async def test_edit_names_no_topic_and_its_replacement_does(reply_sender, telegram):
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1", thread_id=77))
    [edited] = telegram.said("editMessageText")
    assert "message_thread_id" not in edited
    telegram.fail("editMessageText", LOST)
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1", thread_id=77))
    assert threads(telegram) == [77]


@pytest.mark.parametrize("refusal", [THREAD_GONE, CLOSED])
async def test_answer_goes_to_general_if_the_topic_is_gone(reply_sender, telegram, gone, caplog, refusal):
    telegram.fail("sendMessage", refusal)
    await reply_sender.send(Answer(7, HELLO, thread_id=77))
    assert threads(telegram) == [77, None]
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_reply_sender_tries_general_once(reply_sender, telegram, gone, caplog):
    telegram.fail("sendMessage", THREAD_GONE, THREAD_GONE)
    await reply_sender.send(Answer(7, HELLO, thread_id=77))
    assert threads(telegram) == [77, None]
    assert gone == []


@pytest.mark.parametrize("refusal", [THREAD_GONE, CLOSED])
async def test_group_gets_nothing_outside_the_topic(reply_sender, telegram, gone, caplog, refusal):
    telegram.fail("sendMessage", refusal)
    await reply_sender.send(Answer(-100, HELLO, thread_id=9))
    assert threads(telegram) == [9]
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_group_that_wants_a_topic_for_everything_is_left_alone(reply_sender, telegram, gone, caplog):
    # A command outside of topics has none to answer in.
    for _ in range(3):
        telegram.fail("sendMessage", TOPIC_WANTED)
        await reply_sender.send(Answer(-100, HELLO))
    assert threads(telegram) == [None] * 3, "once for each command"
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_webhook_answers_although_the_topic_is_gone(reply_sender, telegram):
    # Nobody would learn that Telegram refused what is in the body.
    telegram.fail("sendMessage", THREAD_GONE)
    assert reply_sender.respond(Answer(7, HELLO, thread_id=77)) is None
    await reply_sender.close(5)
    assert threads(telegram) == [77, None]
    assert reply_sender.respond(Answer(7, HELLO)) is not None


@pytest.mark.parametrize(("has_topics", "lines"), [(True, 1), (False, 0), (None, 0)])
async def test_bot_warns_of_threaded_mode_once(telegram, token, caplog, has_topics, lines):
    if has_topics is not None:
        telegram.results["getMe"]["has_topics_enabled"] = has_topics

    async def on_gone(chat_id):
        pass

    async with Application(token, telegram.url, pace=Pace(), on_gone=on_gone) as application:
        assert await application.introduce() == "savemyfriend_bot"
        await asyncio.sleep(0)
    told = [record for record in caplog.records if "Threaded Mode" in record.getMessage()]
    assert len(told) == lines
    assert {record.levelname for record in told} <= {"WARNING"}

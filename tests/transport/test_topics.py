"""The answer goes to the topic of the update, or to General if that topic is gone."""

import logging

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer, Heard, InGroup, Person, Pressed, Said
from chatbot.screens.screen import Screen
from chatbot.transport.application import Application
from chatbot.transport.incoming.dispatcher import Dispatcher
from tests.support.fake_conversation import FakeConversation, ignore_gone
from tests.support.limits import GIVE_UP

HELLO = Screen(Markup("Hello"))
THREAD_GONE = (400, "Bad Request: message thread not found")
CLOSED = (400, "Bad Request: TOPIC_CLOSED")
TOPIC_REQUIRED = (400, "Bad Request: use message_thread_id to send messages to this chat")
LOST = (400, "Bad Request: message to edit not found")
SAM = Person(7, "Sam", "en")


def list_topics(telegram):
    """List the topics of the sent messages, in order of arrival; None for General."""
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


async def test_answer_replies_to_a_comment_in_its_group_and_nowhere_else():
    async def hear(heard):
        return Answer(heard.event.chat_id if isinstance(heard.event, InGroup) else 7, HELLO)

    dispatcher = Dispatcher(FakeConversation(hear))
    answer = await dispatcher.take(Heard(1, SAM, InGroup(-100), comment_id=5))
    assert answer is not None
    assert answer.comment_id == 5
    answer = await dispatcher.take(Heard(2, SAM, Said("hi"), comment_id=5))
    assert answer is not None
    assert answer.comment_id is None


async def test_reply_to_a_comment_is_sent_although_the_comment_is_gone(reply_sender, telegram):
    reply = {"message_id": 5, "allow_sending_without_reply": True}
    await reply_sender.send(Answer(-100, HELLO, comment_id=5))
    assert [sent["reply_parameters"] for sent in telegram.said("sendMessage")] == [reply]
    response = reply_sender.respond(Answer(-101, HELLO, comment_id=5))
    assert response is not None
    assert response["reply_parameters"] == reply


async def test_apology_and_request_to_slow_down_go_to_the_topic(caplog):
    async def hear(heard):
        raise LookupError

    dispatcher = Dispatcher(FakeConversation(hear))
    answers = [await dispatcher.take(Heard(number, SAM, Said("hi"), thread_id=77)) for number in range(60)]
    assert {answer.thread_id for answer in answers if answer} == {77}
    assert {answer.screen.text for answer in answers if answer} == {"Sorry", "slow down"}


async def test_answer_sends_every_message_to_the_topic(reply_sender, telegram):
    await reply_sender.send(Answer(7, HELLO, first=(HELLO, HELLO), thread_id=77))
    assert list_topics(telegram) == [77, 77, 77]


async def test_edit_names_no_topic_and_its_replacement_does(reply_sender, telegram):
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1", thread_id=77))
    [edited] = telegram.said("editMessageText")
    assert "message_thread_id" not in edited
    telegram.fail("editMessageText", LOST)
    await reply_sender.send(Answer(7, HELLO, edit=5, query_id="q1", thread_id=77))
    assert list_topics(telegram) == [77]


@pytest.mark.parametrize("refusal", [THREAD_GONE, CLOSED])
async def test_answer_goes_to_general_if_the_topic_is_gone(reply_sender, telegram, gone, caplog, refusal):
    telegram.fail("sendMessage", refusal)
    await reply_sender.send(Answer(7, HELLO, thread_id=77))
    assert list_topics(telegram) == [77, None]
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_reply_sender_gives_up_when_general_refuses_as_well(reply_sender, telegram, gone, caplog):
    telegram.fail("sendMessage", THREAD_GONE, THREAD_GONE)
    await reply_sender.send(Answer(7, HELLO, thread_id=77))
    assert list_topics(telegram) == [77, None]
    assert gone == []


@pytest.mark.parametrize("refusal", [THREAD_GONE, CLOSED])
async def test_group_gets_no_answer_outside_the_topic(reply_sender, telegram, gone, caplog, refusal):
    telegram.fail("sendMessage", refusal)
    await reply_sender.send(Answer(-100, HELLO, thread_id=9))
    assert list_topics(telegram) == [9]
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_refusal_without_a_topic_is_not_repeated_in_a_group(reply_sender, telegram, gone, caplog):
    """The group requires a topic for every message, and the command was outside of topics."""
    for _ in range(3):
        telegram.fail("sendMessage", TOPIC_REQUIRED)
        await reply_sender.send(Answer(-100, HELLO))
    assert list_topics(telegram) == [None] * 3, "one try for each command"
    assert gone == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_response_of_a_webhook_carries_no_answer_to_a_topic(reply_sender, telegram):
    """The bot would not learn that Telegram refuses what is in the response, and could not try General."""
    telegram.fail("sendMessage", THREAD_GONE)
    assert reply_sender.respond(Answer(7, HELLO, thread_id=77)) is None
    await reply_sender.close(GIVE_UP)
    assert list_topics(telegram) == [77, None]
    assert reply_sender.respond(Answer(7, HELLO)) is not None


@pytest.mark.parametrize(("has_topics", "lines"), [(True, 1), (False, 0), (None, 0)])
async def test_bot_warns_of_threaded_mode(telegram, token, pace, caplog, has_topics, lines):
    if has_topics is not None:
        telegram.results["getMe"]["has_topics_enabled"] = has_topics

    async with Application(token, telegram.url, pace=pace, on_gone=ignore_gone) as application:
        assert await application.introduce() == "savemyfriend_bot"
    told = [record for record in caplog.records if "Threaded Mode" in record.getMessage()]
    assert len(told) == lines
    assert {record.levelname for record in told} <= {"WARNING"}

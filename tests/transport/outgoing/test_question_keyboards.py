"""Answered questions lose their buttons, and nothing else does."""

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.screens.screen import Press, Screen

NAME = Screen(Markup("Your name?"), ((Press("Later", "home"),),))
CHECK = Screen(Markup("Ready?"), ((Press("Sign", "check.sign"),),))
HELP = Screen(Markup("Help"), ((Press("Home", "home"),),))


def removed(telegram):
    return [(values["chat_id"], values["message_id"]) for values in telegram.said("editMessageReplyMarkup")]


async def show(reply_sender, telegram, answer, message_id=None):
    """Send an answer, which Telegram shows in this message."""
    telegram.results["sendMessage"] = {"message_id": message_id}
    await reply_sender.send(answer)


async def test_typed_answer_takes_the_buttons_off_its_question(reply_sender, telegram):
    await show(reply_sender, telegram, Answer(7, NAME, asks=True), 11)
    await show(reply_sender, telegram, Answer(7, NAME, asks=True, answers=True), 13)
    await show(reply_sender, telegram, Answer(7, CHECK, asks=True, answers=True), 15)
    assert removed(telegram) == [(7, 11), (7, 13)]
    assert "reply_markup" not in telegram.said("editMessageReplyMarkup")[0]
    assert [method for method, _ in telegram.calls][-2:] == ["sendMessage", "editMessageReplyMarkup"], (
        "the answer first"
    )


async def test_question_in_an_edited_message_is_known(reply_sender, telegram):
    await show(reply_sender, telegram, Answer(7, NAME, edit=9, query_id="q1", asks=True))
    await show(reply_sender, telegram, Answer(7, CHECK, asks=True, answers=True), 15)
    assert removed(telegram) == [(7, 9)]


async def test_tap_and_command_keep_the_buttons_of_a_question(reply_sender, telegram):
    await show(reply_sender, telegram, Answer(7, NAME, asks=True), 11)
    await show(reply_sender, telegram, Answer(7, HELP), 13)
    await show(reply_sender, telegram, Answer(7, CHECK, edit=11, query_id="q1", asks=True))
    await show(reply_sender, telegram, Answer(8, CHECK, asks=True, answers=True), 15)
    assert removed(telegram) == []


async def test_message_that_asks_no_more_keeps_its_buttons(reply_sender, telegram):
    await show(reply_sender, telegram, Answer(7, NAME, edit=9, query_id="q1", asks=True))
    await show(reply_sender, telegram, Answer(7, HELP, edit=9, query_id="q2"))
    await show(reply_sender, telegram, Answer(7, NAME, asks=True, answers=True), 15)
    assert removed(telegram) == []


@pytest.mark.parametrize(
    "fault", [(400, "Bad Request: message to edit not found"), (500, "Internal Server Error"), "cut"]
)
async def test_failure_to_remove_buttons_is_silent_and_not_repeated(reply_sender, telegram, caplog, fault):
    telegram.fail("editMessageReplyMarkup", fault)
    await show(reply_sender, telegram, Answer(7, NAME, asks=True), 11)
    await show(reply_sender, telegram, Answer(7, CHECK, asks=True, answers=True), 13)
    assert removed(telegram) == [(7, 11)]
    assert caplog.records == []


async def test_question_is_not_the_response_of_a_webhook_which_tells_no_message(reply_sender, telegram):
    telegram.results["sendMessage"] = {"message_id": 11}
    assert reply_sender.respond(Answer(7, NAME, asks=True)) is None
    await telegram.until(lambda: telegram.said("sendMessage"))
    assert reply_sender.respond(Answer(8, HELP)) is not None

"""An answered question loses its buttons, and no other message does."""

import asyncio

import pytest
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.problem import ProblemError
from chatbot.screens.screen import Press, Screen
from chatbot.transport.outgoing.reply_sender import ReplySender

NAME = Screen(Markup("Your name?"), ((Press("Later", "home"),),))
CHECK = Screen(Markup("Ready?"), ((Press("Sign", "check.sign"),),))
HELP = Screen(Markup("Help"), ((Press("Home", "home"),),))


class Notes:
    """Keeps a list of all notes. The questions of the updates in `answered` are answered before they are noted."""

    def __init__(self):
        self.noted = []
        self.answered = set()
        self.failure = None

    async def note_asked(self, supporter_id, update_id, message_id):
        if self.failure:
            raise self.failure
        self.noted.append(("asked", supporter_id, update_id, message_id))
        return update_id not in self.answered

    async def note_removed(self, supporter_id, message_ids):
        self.noted.append(("removed", supporter_id, *message_ids))


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def reply_sender(api, pace, notes):
    async def on_gone(chat_id):
        raise AssertionError(chat_id)

    return ReplySender(api, pace, on_gone, notes, wait=lambda tries: 0.0)


def list_removed(telegram):
    """List the messages whose buttons were removed, each after its chat."""
    return [(values["chat_id"], values["message_id"]) for values in telegram.said("editMessageReplyMarkup")]


async def show(reply_sender, telegram, answer, message_id=None):
    """Send an answer, which Telegram shows in this message."""
    telegram.results["sendMessage"] = {"message_id": message_id}
    await reply_sender.send(answer)


async def test_typed_answer_removes_the_buttons_of_its_question(reply_sender, telegram, notes):
    await show(reply_sender, telegram, Answer(7, NAME, asks=901), 11)
    await show(reply_sender, telegram, Answer(7, NAME, asks=902, outdated=(11,)), 13)
    await show(reply_sender, telegram, Answer(7, HELP, outdated=(13,)), 15)
    assert list_removed(telegram) == [(7, 11), (7, 13)]
    assert "reply_markup" not in telegram.said("editMessageReplyMarkup")[0]
    assert [method for method, _ in telegram.calls][-2:] == ["sendMessage", "editMessageReplyMarkup"], (
        "the answer comes first"
    )
    assert notes.noted == [("asked", 7, 901, 11), ("asked", 7, 902, 13), ("removed", 7, 11), ("removed", 7, 13)]


async def test_question_in_the_tapped_message_is_not_noted(reply_sender, telegram, notes):
    telegram.results["editMessageText"] = {"message_id": 9}
    await show(reply_sender, telegram, Answer(7, NAME, edit=9, query_id="q1", asks=901))
    await show(reply_sender, telegram, Answer(7, HELP), 13)
    assert (notes.noted, list_removed(telegram)) == ([], [])


async def test_question_is_noted_with_its_new_message(reply_sender, telegram, notes):
    """The tapped message is gone, so the question comes in a new one."""
    telegram.fail("editMessageText", (400, "Bad Request: message to edit not found"))
    await show(reply_sender, telegram, Answer(7, CHECK, edit=9, query_id="q1", asks=901), 11)
    assert notes.noted == [("asked", 7, 901, 11)]


async def test_question_answered_before_it_was_noted_loses_its_buttons(reply_sender, telegram, notes):
    notes.answered.add(901)
    await show(reply_sender, telegram, Answer(7, NAME, asks=901), 11)
    assert list_removed(telegram) == [(7, 11)]


@pytest.mark.parametrize(
    "fault", [(400, "Bad Request: message to edit not found"), (500, "Internal Server Error"), "cut"]
)
async def test_failure_to_remove_buttons_is_left_to_the_next_turn(reply_sender, telegram, notes, caplog, fault):
    telegram.fail("editMessageReplyMarkup", fault)
    await show(reply_sender, telegram, Answer(7, CHECK, asks=902, outdated=(11,)), 13)
    assert list_removed(telegram) == [(7, 11)]
    is_gone = fault[0] == 400
    assert notes.noted[1:] == ([("removed", 7, 11)] if is_gone else [])
    assert caplog.records == []


async def test_buttons_of_a_busy_chat_wait_for_the_next_turn(reply_sender, telegram, pace, notes, monkeypatch):
    monkeypatch.setattr(pace, "delay", lambda chat_id, *, edit=False: 1.0)
    await show(reply_sender, telegram, Answer(7, HELP, outdated=(11,)), 13)
    assert (list_removed(telegram), notes.noted) == ([], [])


async def test_missing_database_delays_no_answer(reply_sender, telegram, notes, caplog):
    notes.failure = ProblemError("away")
    await asyncio.gather(
        show(reply_sender, telegram, Answer(7, NAME, asks=901), 11),
        show(reply_sender, telegram, Answer(7, CHECK, asks=902), 13),
    )
    assert len(telegram.said("sendMessage")) == 2
    assert caplog.records == []


async def test_bug_in_a_note_sends_no_answer_twice(reply_sender, telegram, notes, caplog):
    notes.failure = KeyError("asked_by")
    await show(reply_sender, telegram, Answer(7, NAME, asks=901), 11)
    assert len(telegram.said("sendMessage")) == 1
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == [
        "the buttons of a question could not be followed"
    ]


async def test_response_of_a_webhook_carries_no_question(reply_sender, telegram):
    """The bot would not learn the id of its message."""
    telegram.results["sendMessage"] = {"message_id": 11}
    assert reply_sender.respond(Answer(7, NAME, asks=901)) is None
    await telegram.until(lambda: telegram.said("sendMessage"))
    assert reply_sender.respond(Answer(7, HELP, outdated=(11,))) is None
    await telegram.until(lambda: list_removed(telegram))
    assert reply_sender.respond(Answer(8, HELP)) is not None

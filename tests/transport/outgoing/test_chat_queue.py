"""The answers to one chat while it may get nothing: in order, few, and the newest always among them."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing.chat_queue import KEPT, ChatQueue, QueuedAnswer
from chatbot.transport.outgoing.reply_sender import ReplySender
from tests.support.limits import GIVE_UP


def answer(text: str, edit: int | None = None, first: tuple[str, ...] = ()) -> Answer:
    return Answer(7, Screen(Markup(text)), edit, first=tuple(Screen(Markup(each)) for each in first))


def queue_up(queue: ChatQueue, *answers: Answer) -> list[QueuedAnswer]:
    turns = [QueuedAnswer(each, 0.0) for each in answers]
    for turn in turns:
        queue.join(turn)
    return turns


def kept(turns: list[QueuedAnswer]) -> list[str]:
    return [str(turn.answer.screen.text) for turn in turns if turn.answer.screen and not turn.superseded]


def test_without_a_wait_nothing_is_left_out():
    queue = ChatQueue()
    turns = queue_up(queue, *(answer("same") for _ in range(100)))
    assert len(kept(turns)) == 100
    assert [turn.called.is_set() for turn in turns] == [True] + [False] * 99


def test_while_one_is_merely_tried_again_nothing_is_left_out_and_nobody_else_waits():
    queue = ChatQueue()
    turns = queue_up(queue, *(answer("same") for _ in range(10)))
    queue.put_off()
    turns += queue_up(queue, *(answer("same") for _ in range(10)))
    assert len(kept(turns)) == 20
    assert all(turn.settled.is_set() for turn in turns)


def test_while_the_chat_waits_a_screen_does_not_come_twice():
    queue = ChatQueue()
    turns = queue_up(queue, *(answer("help") for _ in range(39)), answer("me"), answer("help"))
    queue.hold()
    assert kept(turns) == ["help", "me", "help"]


def test_of_edits_of_one_message_the_last_one_holds_and_what_is_above_it_stays():
    queue = ChatQueue()
    turns = queue_up(
        queue, answer("a", 5), answer("b", 5), answer("c", 6), answer("d", 5, ("letter",)), answer("e", 5), answer("f")
    )
    queue.hold()
    assert kept(turns) == ["a", "c", "d", "e", "f"]


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from([None, 5, 6])), min_size=1, max_size=60))
def test_however_many_come_the_first_and_the_newest_are_spoken_in_order(said):
    queue = ChatQueue()
    [first] = queue_up(queue, answer("first"))
    queue.hold()
    turns = [first, *queue_up(queue, *(answer(*each) for each in said))]
    spoken = []
    for turn in turns:
        if turn.called.is_set() and not turn.superseded:
            spoken.append(turn)
        queue.leave(turn)
    assert spoken == [turn for turn in turns if not turn.superseded]
    assert spoken[0] is first
    assert spoken[-1] is turns[-1]
    assert len(spoken) <= 1 + KEPT
    assert all(turn.called.is_set() for turn in turns), "nobody waits for a turn that never comes"


def test_who_is_superseded_lets_nobody_pass():
    queue = ChatQueue()
    turns = queue_up(queue, answer("one"), answer("two"), answer("two"))
    queue.hold()
    assert not queue.leave(turns[1])
    assert not turns[2].called.is_set()
    queue.leave(turns[0])
    assert turns[2].called.is_set()
    assert queue.leave(turns[2])


async def nobody(_chat_id):
    pass


@pytest.fixture
def messenger(api, pace):
    return ReplySender(api, pace, nobody, wait=lambda tries: 0.0)


async def test_a_thousand_answers_to_a_chat_that_waits_are_six_and_the_tasks_of_the_others_end(
    messenger, telegram, pace
):
    pace.delays[7] = 60.0
    pace.open.clear()
    speeches = []
    for nth in range(1000):
        speeches.append(messenger.speak(answer(str(nth))))
        await asyncio.sleep(0)
    await asyncio.wait_for(asyncio.gather(*speeches[1:-KEPT]), GIVE_UP)
    assert len(messenger._turns) <= 1 + KEPT
    pace.delays.clear()
    pace.open.set()
    await asyncio.gather(*speeches)
    assert telegram.texts() == ["0", "995", "996", "997", "998", "999"]
    assert (messenger._turns, messenger._queues) == ({}, {})


async def test_memory_is_bounded_while_telegram_takes_nothing_from_anybody(
    messenger, telegram, pace, monkeypatch, caplog
):
    monkeypatch.setattr("chatbot.transport.outgoing.reply_sender.MOST", 100)
    pace.open.clear()
    speeches = [messenger.speak(Answer(chat, Screen(Markup("hello")))) for chat in range(1, 301)]
    await asyncio.wait_for(asyncio.gather(*speeches[100:]), GIVE_UP)
    assert len(messenger._turns) == 100
    assert caplog.text.count("an answer was given up (100 others wait)") == 1, "one trouble, one line"
    pace.open.set()
    await asyncio.gather(*speeches)
    assert len(telegram.texts()) == 100


async def test_a_groups_hint_that_would_come_late_does_not_come(messenger, telegram, pace):
    pace.delays[-100_7] = 4.0
    await messenger.speak(Answer(-100_7, Screen(Markup("Open our chat")), query_id="q1"))
    assert [method for method, _ in telegram.calls] == ["answerCallbackQuery"]
    assert messenger.hand_over(Answer(-100_7, Screen(Markup("Open our chat")))) is None
    await messenger.close(1)
    assert len(telegram.calls) == 1

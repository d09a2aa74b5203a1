"""A chat that has to wait gets few answers, in order, and always the newest one."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from chatbot.conversation.interface import Answer
from chatbot.screens.screen import Screen
from chatbot.transport.outgoing.chat_queue import KEPT, ChatQueue, QueuedAnswer
from tests.support.limits import GIVE_UP


def answer(text: str, edit: int | None = None, first: tuple[str, ...] = ()) -> Answer:
    return Answer(7, Screen(Markup(text)), edit, first=tuple(Screen(Markup(each)) for each in first))


def queue_up(queue: ChatQueue, *answers: Answer) -> list[QueuedAnswer]:
    waiting = [QueuedAnswer(each, 0.0) for each in answers]
    for queued in waiting:
        queue.join(queued)
    return waiting


def list_kept(waiting: list[QueuedAnswer]) -> list[str]:
    return [str(queued.answer.screen.text) for queued in waiting if queued.answer.screen and not queued.superseded]


def test_queue_drops_nothing_without_a_wait():
    queue = ChatQueue()
    waiting = queue_up(queue, *(answer("same") for _ in range(100)))
    assert len(list_kept(waiting)) == 100
    assert [queued.ready.is_set() for queued in waiting] == [True] + [False] * 99


def test_retry_drops_no_answer():
    queue = ChatQueue()
    waiting = queue_up(queue, *(answer("same") for _ in range(10)))
    queue.delay()
    waiting += queue_up(queue, *(answer("same") for _ in range(10)))
    assert len(list_kept(waiting)) == 20
    assert all(queued.settled.is_set() for queued in waiting)


def test_waiting_chat_gets_no_screen_twice_in_a_row():
    queue = ChatQueue()
    waiting = queue_up(queue, *(answer("help") for _ in range(39)), answer("me"), answer("help"))
    queue.hold()
    assert list_kept(waiting) == ["help", "me", "help"]


def test_last_edit_of_a_message_supersedes_earlier_ones():
    queue = ChatQueue()
    waiting = queue_up(
        queue, answer("a", 5), answer("b", 5), answer("c", 6), answer("d", 5, ("above",)), answer("e", 5), answer("f")
    )
    queue.hold()
    assert list_kept(waiting) == ["a", "c", "d", "e", "f"]


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from([None, 5, 6])), min_size=1, max_size=60))
def test_queue_sends_the_first_and_the_newest_in_order(said):
    queue = ChatQueue()
    [first] = queue_up(queue, answer("first"))
    queue.hold()
    waiting = [first, *queue_up(queue, *(answer(*each) for each in said))]
    spoken = []
    for queued in waiting:
        if queued.ready.is_set() and not queued.superseded:
            spoken.append(queued)
        queue.leave(queued)
    assert spoken == [queued for queued in waiting if not queued.superseded]
    assert spoken[0] is first
    assert spoken[-1] is waiting[-1]
    assert len(spoken) <= 1 + KEPT
    assert all(queued.ready.is_set() for queued in waiting), "each answer comes to its turn"


def test_answer_does_not_overtake_when_another_is_superseded():
    queue = ChatQueue()
    waiting = queue_up(queue, answer("one"), answer("two"), answer("two"))
    queue.hold()
    assert not queue.leave(waiting[1])
    assert not waiting[2].ready.is_set()
    queue.leave(waiting[0])
    assert waiting[2].ready.is_set()
    assert queue.leave(waiting[2])


async def test_waiting_chat_keeps_six_of_a_thousand_answers(reply_sender, telegram, pace):
    pace.delays[7] = 60.0
    pace.open.clear()
    tasks = []
    for nth in range(1000):
        tasks.append(reply_sender.send(answer(str(nth))))
        await asyncio.sleep(0)
    await asyncio.wait_for(asyncio.gather(*tasks[1:-KEPT]), GIVE_UP)
    assert len(reply_sender._queued) <= 1 + KEPT
    pace.delays.clear()
    pace.open.set()
    await asyncio.gather(*tasks)
    assert telegram.texts() == ["0", "995", "996", "997", "998", "999"]
    assert (reply_sender._queued, reply_sender._queues) == ({}, {})


async def test_memory_stays_bounded_while_telegram_accepts_nothing(reply_sender, telegram, pace, monkeypatch, caplog):
    monkeypatch.setattr("chatbot.transport.outgoing.reply_sender.MOST", 100)
    pace.open.clear()
    tasks = [reply_sender.send(Answer(chat, Screen(Markup("hello")))) for chat in range(1, 301)]
    await asyncio.wait_for(asyncio.gather(*tasks[100:]), GIVE_UP)
    assert len(reply_sender._queued) == 100
    assert caplog.text.count("an answer was given up (100 others wait)") == 1, "one line for all of them"
    pace.open.set()
    await asyncio.gather(*tasks)
    assert len(telegram.texts()) == 100


async def test_group_that_has_to_wait_gets_no_hint(reply_sender, telegram, pace):
    pace.delays[-100_7] = 4.0
    await reply_sender.send(Answer(-100_7, Screen(Markup("Open our chat")), query_id="q1"))
    assert [method for method, _ in telegram.calls] == ["answerCallbackQuery"]
    assert reply_sender.respond(Answer(-100_7, Screen(Markup("Open our chat")))) is None
    await reply_sender.close(GIVE_UP)
    assert len(telegram.calls) == 1

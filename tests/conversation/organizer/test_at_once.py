"""Every button of the desk works if two organizers tap it at once, or if the process is killed meanwhile.

Both organizers get a true answer, the button has one effect, and nobody is told or written to twice.
`test_live_buttons` finds the buttons that have no case.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Final, get_args

import pytest

from chatbot.app.periodic import follow_approvals
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log
from tests.support import linked_places
from tests.support.all_buttons import CASES
from tests.support.chat import Chat
from tests.support.dying_database import press_and_die
from tests.support.killed_process import Moment, press_and_be_killed
from tests.support.same_moment import act_at_once
from tests.support.team_desk import PEOPLE, Actions, Case, Desk


async def check(desk: Desk, case: Case, chats: list[Chat], before: int) -> None:
    """Check the answers, the one effect, what members were told, and what people got."""
    for chat in chats:
        assert chat.answer is not None
        assert chat.answer.screen is not None or chat.notice, "everybody gets an answer"
        assert "Sorry" not in chat.text
    entries = [each.action for each in (await desk.chats.database.transact(audit_log.read, 0, 1000))[before:]]
    assert sorted(entries) == sorted(case.entries + case.each * len(chats))
    await follow_approvals(desk.chats.database, desk.driver.now)
    told = await desk.chats.run_jobs()
    assert all(len(set(texts)) == len(texts) for texts in told.values()), told
    files = [(person, name) for person, name, _, _ in desk.chats.jobs.chat_sender.files]
    assert len(set(files)) == len(files), "nobody gets a file twice"
    assert case.leaves is None or await case.leaves(desk)
    assert await find_problems(desk.chats.database) == []
    got: Counter[tuple[int, int]] = Counter()

    def deliver(delivery: Delivery) -> Result:
        got[running.id, delivery.supporter_id] += 1
        return Sent(delivery.message_id or 1000 * running.id + delivery.supporter_id)

    posted = Counter((call.broadcast.id, call.delivery.code) for call in await linked_places.post(desk.driver))
    assert all(times == 1 for times in posted.values()), "no place gets it twice"
    for running in [each for each in await desk.driver.list_all() if each.state is BroadcastState.RUNNING]:
        while (await desk.driver.get(running.id)).state is BroadcastState.RUNNING:
            await desk.driver.deliver(deliver)
        outcomes = await desk.driver.outcomes(running.id)
        assert all(outcomes[person][0] == "sent" for broadcast, person in got if broadcast == running.id)
    assert all(times == 1 for times in got.values()), "nobody is written to twice"
    for each in await desk.driver.list_all():
        if each.kind == "update" and each.started_at and not each.had_already:
            tally = await desk.driver.tally(each.id)
            assert tally.count("sent") <= len(PEOPLE)


def share_out(case: Case, actions: Actions) -> tuple[str, str]:
    """Return the button of each of the two."""
    pair = actions if isinstance(actions, tuple) else (actions, actions)
    assert all(each == case.button or each.startswith(f"{case.button}:") for each in pair)
    return pair


_ENGINES: Final = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
@pytest.mark.parametrize("name", CASES)
async def test_two_organizers_tap_the_same_button_at_once(desk: Desk, name: str) -> None:
    async def tap_both(first: Chat, second: Chat, actions: tuple[str, str]) -> None:
        await asyncio.gather(first.presses(actions[0]), second.presses(actions[1]))

    await let_two_tap(desk, CASES[name], tap_both)


@pytest.mark.slow
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
@pytest.mark.parametrize("name", CASES)
async def test_second_organizer_taps_before_the_first_tap_is_committed(desk: Desk, url: str, name: str) -> None:
    async def tap_both(first: Chat, second: Chat, actions: tuple[str, str]) -> None:
        await act_at_once(url, first, lambda: first.presses(actions[0]), lambda: second.presses(actions[1]))

    await let_two_tap(desk, CASES[name], tap_both)


async def let_two_tap(
    desk: Desk, case: Case, tap_both: Callable[[Chat, Chat, tuple[str, str]], Awaitable[None]]
) -> None:
    """Have two people tap a button, and check what became of it."""
    actions = share_out(case, await case.prepare(desk))
    before = len(await desk.chats.list_entries())
    await desk.chats.run_jobs()
    pair = [desk.open(name, process) for process, name in zip(desk.processes, case.pair.split(), strict=True)]
    await tap_both(pair[0], pair[1], actions)
    if case.once:
        assert sum(case.once in chat.text for chat in pair) == 1, [chat.text for chat in pair]
    if case.drafts is not None:
        drafts = [each for each in await desk.driver.list_all() if each.state is BroadcastState.DRAFT]
        assert len(drafts) == case.drafts
    await check(desk, case, pair, before)


@pytest.mark.slow
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
@pytest.mark.parametrize("commits", [False, True], ids=["before the commit", "before the answer"])
@pytest.mark.parametrize("name", CASES)
async def test_killed_process_answers_after_its_restart(desk: Desk, name: str, commits: bool) -> None:
    """As below, on PostgreSQL: the transaction ends as after the death of its process, or the answer is lost."""
    case = CASES[name]
    _, action = share_out(case, await case.prepare(desk))
    before = len(await desk.chats.list_entries())
    await desk.chats.run_jobs()
    chat = desk.open(case.pair.split()[1], desk.processes[1])
    await press_and_die(chat, action, desk.processes[1].database, commits=commits)
    assert commits or case.once in chat.text, "as if it came for the first time"
    await check(desk, case, [chat], before)


def dump(url: str) -> list[str]:
    """Return all that is stored in a SQLite file."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return list(connection.iterdump())


@pytest.mark.slow
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("moment", get_args(Moment))
@pytest.mark.parametrize("name", CASES)
async def test_state_report_and_chats_agree_after_sigkill(desk: Desk, url: str, name: str, moment: Moment) -> None:
    """Another process handles the tap and is killed. The person who tapped gets the answer after the restart."""
    case = CASES[name]
    _, action = share_out(case, await case.prepare(desk))
    before = len(await desk.chats.list_entries())
    await desk.chats.run_jobs()
    chat, stored = desk.open(case.pair.split()[1], desk.processes[1]), dump(url)
    await press_and_be_killed(chat, action, url, moment)
    assert (dump(url) == stored) == (moment == "at the commit"), "all of it or nothing"
    await chat.again()
    assert moment == "before the answer" or case.once in chat.text, "as if it came for the first time"
    await check(desk, case, [chat], before)
    assert await find_problems(desk.chats.database) == []
    phone = desk.open("유나", desk.chats)
    for each in await desk.driver.list_all():
        await phone.presses(f"broadcast:open:{each.id}")
        assert phone.text, "every report can be opened"
        assert "Sorry" not in phone.text

"""Every button of the desk works if two organizers tap it at once, or if the process is killed meanwhile.

Both organizers get a true answer, the button has one effect, and nobody is told or written to twice. A button without a
case here adds nothing to the log.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final, get_args

import pytest

from chatbot.app.periodic import follow_approvals
from chatbot.conversation.organizer.broadcasts.actions import ACTS
from chatbot.conversation.steps import TEAM_BUTTONS
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent
from chatbot.petition.model import Campaign
from chatbot.petition.review import filter as conditions
from chatbot.screens import callbacks
from chatbot.screens.screen import Press
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.organizer import audit_log
from chatbot.storage.organizer.review import set_asides
from tests.screens.galleries.all_screens import ORDINARY, screens
from tests.support import broadcast_buttons, desk_buttons, linked_places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, SAM
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.dying_database import press_and_die
from tests.support.killed_process import Moment, press_and_be_killed
from tests.support.team_chats import TeamChats
from tests.support.team_desk import Actions, Case, Desk

PEOPLE: Final = range(1, 7)
CASES: Final = {**broadcast_buttons.CASES, **desk_buttons.CASES}


@pytest.fixture
async def desk(
    url: str,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Desk]:
    """유나 and 하나 as owners and Sam as organizer, on each engine; the processes share a database and a clock."""
    monkeypatch.setattr("chatbot.app.anomaly_watch.draw_noise", lambda: 0)
    monkeypatch.setattr(conditions, "FEW", 1)
    monkeypatch.setattr(set_asides, "AT_ONCE", 2)
    databases = [await open_migrated(url), await open_migrated(url)]
    driver = BroadcastDriver(databases[0])
    first, second = (TeamChats(each, driver, campaign, translators, tmp_path) for each in databases)
    await driver.subscribe(PEOPLE)
    yuna = await first.open_owner()
    hana = await second.add_member(second.chat(HANA, "하나"), "owner")
    sam = await second.add_member(second.chat(SAM, "Sam"), "organizer")
    yield Desk((first, second), yuna, hana, sam)
    for each in databases:
        await each.close()


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
    case = CASES[name]
    actions = share_out(case, await case.prepare(desk))
    before = len(await desk.chats.list_entries())
    await desk.chats.run_jobs()
    pair = [desk.open(name, process) for process, name in zip(desk.processes, case.pair.split(), strict=True)]
    await asyncio.gather(*(chat.presses(action) for chat, action in zip(pair, actions, strict=True)))
    if case.once:
        assert sum(case.once in chat.text for chat in pair) == 1, [chat.text for chat in pair]
    if case.drafts is not None:
        drafts = [each for each in await desk.driver.list_all() if each.state is BroadcastState.DRAFT]
        assert len(drafts) == case.drafts
    await check(desk, case, pair, before)


@pytest.mark.slow
@pytest.mark.parametrize("commits", [False, True], ids=["before the commit", "before the answer"])
@pytest.mark.parametrize("name", CASES)
async def test_killed_process_answers_after_its_restart(desk: Desk, name: str, commits: bool) -> None:
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


# The other buttons


def list_other_buttons(translators: Mapping[str, Translator], campaign: Campaign) -> list[str]:
    """List the data of every button of the team's screens, and of every act about broadcasts, without a case here."""
    drawn = {
        button.action
        for _, screen in screens(translators, campaign, "en", ORDINARY["en"])
        for row in screen.rows
        for button in row
        if isinstance(button, Press) and callbacks.read(button.action).verb in TEAM_BUTTONS
    }
    with_case = {case.button for case in CASES.values()}
    drawn |= {callbacks.BROADCAST(what, 1) for what in ACTS}
    return sorted(each for each in drawn if ":".join(each.split(":")[:2]) not in with_case)


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
async def test_buttons_without_a_case_add_nothing_to_the_log(
    desk: Desk, translators: Mapping[str, Translator], campaign: Campaign
) -> None:
    """A new button that does more than show or ask needs a case."""
    others = list_other_buttons(translators, campaign)
    assert len({":".join(each.split(":")[:2]) for each in others}) > 60
    await desk.chats.sign(0, [("CA", "flood")] * 3)
    sent, waiting, draft = await desk.send(), await desk.write_scheduled(), await desk.write()
    before, broadcasts = await desk.chats.list_entries(), len(await desk.driver.list_all())
    phones = [desk.open("유나", process) for process in desk.processes]
    for action in others:
        verb, what, *more = action.split(":")
        is_about_one = verb == callbacks.BROADCAST and what in ACTS
        for broadcast in [sent, waiting, draft] if is_about_one else [None]:
            tapped = ":".join([verb, what, str(broadcast.id), *more[1:]]) if broadcast else action
            await asyncio.gather(*(phone.presses(tapped) for phone in phones))
            for phone in phones:
                assert phone.answer is not None, tapped
                assert phone.answer.screen is not None or phone.notice, tapped
                assert "Sorry" not in phone.text, tapped
            assert await desk.chats.list_entries() == before, tapped
    assert len(await desk.driver.list_all()) == broadcasts

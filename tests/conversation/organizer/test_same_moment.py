"""Colleagues act on the same thing in the same moment: the second is told what has become of it, and changes nothing.

On PostgreSQL the second act begins before the first is committed. On SQLite one turn comes after the other.
"""

from typing import Final

import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.storage.broadcasts import lifecycle
from chatbot.storage.organizer import team
from tests.support.all_buttons import CASES
from tests.support.chat import Chat
from tests.support.same_moment import Act, HeldDatabase, act_at_once, begin_before_commit
from tests.support.team_desk import Desk
from tests.support.written_broadcasts import ENGLISH, KOREAN

pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)
LATE: Final = "That's no longer possible. This is how it is now."
CHANGES: Final = ("sound:{}:silent", "to:{}:ko", "skip:{}:ko", "write:{}:en", "unask:{}", "drop:{}")


def tap(chat: Chat, action: str) -> Act:
    """An act: tap this button about broadcasts."""
    return lambda: chat.presses(f"broadcast:{action}")


async def ask(desk: Desk) -> tuple[Broadcast, int]:
    """Ask for approval of a broadcast; return it, and the message in which its English text was typed."""
    await desk.chats.database.transact(team.set_threshold, 3, None)
    await desk.yuna.says("/broadcast")
    await desk.yuna.says(ENGLISH)
    written = desk.yuna.written
    await desk.yuna.says(KOREAN)
    await desk.yuna.taps("📣 Send")
    await desk.yuna.taps("Yes, ask a second organizer")
    await desk.chats.run_jobs()
    return await desk.driver.newest(), written


async def test_edit_in_the_moment_of_the_approval_is_not_called_taken(desk: Desk, url: str) -> None:
    asked, written = await ask(desk)
    accept = tap(desk.sam, f"accept:{asked.id}:{asked.revision}")
    await act_at_once(url, desk.sam, accept, lambda: desk.yuna.edits("Our friend is NOT free.", written))
    assert "Approved.</b> It is on its way" in desk.sam.text
    assert "Your edit changes nothing: the update has already gone out" in desk.yuna.text
    assert (await desk.driver.newest()).posts["en"].text == ENGLISH


async def test_approval_in_the_moment_of_an_edit_approves_nothing(desk: Desk, url: str) -> None:
    asked, written = await ask(desk)
    accept = tap(desk.sam, f"accept:{asked.id}:{asked.revision}")
    await act_at_once(url, desk.yuna, lambda: desk.yuna.edits("Our friend is NOT free.", written), accept)
    assert "Your edit is in the draft" in desk.yuna.text
    assert "needs no answer here any more" in desk.sam.text
    assert "Approved" not in desk.sam.text
    assert (await desk.driver.newest()).state is BroadcastState.DRAFT


@pytest.mark.parametrize("change", CHANGES)
async def test_change_in_the_moment_of_the_approval_shows_that_it_is_on_its_way(
    desk: Desk, url: str, change: str
) -> None:
    asked, _ = await ask(desk)
    accept = tap(desk.sam, f"accept:{asked.id}:{asked.revision}")
    await act_at_once(url, desk.sam, accept, tap(desk.yuna, change.format(asked.id)))
    assert (desk.yuna.notice, "On its way" in desk.yuna.text) == (LATE, True)
    sent = await desk.driver.newest()
    assert (sent.state, sent.contents) == (BroadcastState.RUNNING, asked.contents)
    assert sent.audience == asked.audience


@pytest.mark.parametrize("change", ["sound:{}:silent", "skip:{}:ko", "unask:{}"])
async def test_nobody_reads_of_an_approval_that_came_too_late(desk: Desk, url: str, change: str) -> None:
    asked, _ = await ask(desk)
    accept = tap(desk.sam, f"accept:{asked.id}:{asked.revision}")
    await act_at_once(url, desk.yuna, tap(desk.yuna, change.format(asked.id)), accept)
    assert "needs no answer here any more" in desk.sam.text
    told = await desk.chats.run_jobs()
    assert not any("approved" in text for texts in told.values() for text in texts), told
    assert (await desk.driver.newest()).state is BroadcastState.DRAFT


@pytest.mark.parametrize(
    "change", ["sound:{}:silent", "skip:{}:ko", "drop:{}", "schedule:{}:3:1780000000", "start:{}:3"]
)
async def test_writer_changes_nothing_in_the_moment_in_which_a_colleague_takes_over(
    desk: Desk, url: str, change: str
) -> None:
    draft = await desk.write()
    take = tap(desk.sam, f"takeover:{draft.id}:{draft.revision}")
    assert draft.revision == 3
    soon = int(desk.driver.now.timestamp()) + 86_400
    late = tap(desk.yuna, change.format(draft.id, soon))
    await act_at_once(url, desk.sam, take, late)
    assert "This is what people will get" in desk.sam.text
    assert "A draft of Sam" in desk.yuna.text
    taken = await desk.driver.newest()
    assert (taken.organizer_id, taken.revision) == (desk.sam.person.id, draft.revision + 1)
    assert (taken.contents, taken.scheduled_for) == (draft.contents, None)


async def test_text_typed_in_the_moment_of_a_takeover_stays_out_of_the_draft(desk: Desk, url: str) -> None:
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:write:{draft.id}:en")
    take = tap(desk.sam, f"takeover:{draft.id}:{draft.revision}")
    await act_at_once(url, desk.sam, take, lambda: desk.yuna.says("Something else."))
    assert "A draft of Sam" in desk.yuna.text
    assert (await desk.driver.newest()).posts["en"].text == ENGLISH


async def test_schedule_in_the_moment_of_a_new_threshold_asks_for_approval(desk: Desk, url: str) -> None:
    draft = await desk.write()
    soon = int(desk.driver.now.timestamp()) + 86_400
    schedule = tap(desk.yuna, f"schedule:{draft.id}:{draft.revision}:{soon}")
    await act_at_once(url, desk.hana, lambda: desk.hana.presses("team:above:0:3"), schedule)
    assert "A second organizer must approve" in desk.yuna.text
    assert "✅ <b>Scheduled" not in desk.yuna.text


async def test_threshold_in_the_moment_of_a_schedule_names_the_broadcast(desk: Desk, url: str) -> None:
    draft = await desk.write()
    soon = int(desk.driver.now.timestamp()) + 86_400
    schedule = tap(desk.yuna, f"schedule:{draft.id}:{draft.revision}:{soon}")
    await act_at_once(url, desk.yuna, schedule, lambda: desk.hana.presses("team:above:0:3"))
    assert "✅ <b>Scheduled" in desk.yuna.text
    assert "Scheduled updates that need approval now" in desk.hana.text


@pytest.mark.parametrize("is_first", [True, False], ids=["threshold first", "start first"])
async def test_start_and_threshold_in_the_same_moment(desk: Desk, url: str, is_first: bool) -> None:
    draft = await desk.write()
    start, lower = tap(desk.yuna, f"start:{draft.id}:{draft.revision}"), lambda: desk.hana.presses("team:above:0:3")
    if is_first:
        await act_at_once(url, desk.hana, lower, start)
    else:
        await act_at_once(url, desk.yuna, start, lower)
    state, words = (
        (BroadcastState.DRAFT, "must approve") if is_first else (BroadcastState.RUNNING, "On its way to 6 people")
    )
    assert words in desk.yuna.text
    assert (await desk.driver.newest()).state is state


@pytest.mark.parametrize("what", ["pause", "halt", "cancel", "sleepers"])
async def test_broadcast_that_ends_in_the_moment_of_the_tap_is_not_called_stopped(
    desk: Desk, url: str, what: str
) -> None:
    sent = await desk.send()
    await desk.driver.deliver(limit=3)
    held = HeldDatabase(desk.driver.database)
    await begin_before_commit(
        url,
        held,
        lambda: held.transact(lifecycle.end, sent.id, "done", desk.driver.now),
        tap(desk.hana, f"{what}:{sent.id}"),
    )
    assert desk.hana.notice == LATE
    assert (await desk.driver.get(sent.id)).ending == "done"
    assert "Sent.</b>" in desk.hana.text
    assert await desk.chats.list_entries() == ["broadcast.started"]


async def test_broadcast_that_is_cancelled_in_the_moment_of_the_tap_is_not_called_resumed(desk: Desk, url: str) -> None:
    sent = await desk.send()
    await desk.driver.deliver(limit=3)
    await desk.yuna.presses(f"broadcast:pause:{sent.id}")
    await act_at_once(url, desk.yuna, tap(desk.yuna, f"cancel:{sent.id}"), tap(desk.hana, f"goon:{sent.id}"))
    assert "Cancelled" in desk.yuna.text
    assert (desk.hana.notice, "Resumed" in desk.hana.text) == (LATE, False)


@pytest.mark.parametrize(
    ("name", "untrue"), [("rouse", "waiting for their morning"), ("count one again", "It is excluded")]
)
async def test_second_of_two_sees_what_the_first_has_done(desk: Desk, url: str, name: str, untrue: str) -> None:
    actions = await CASES[name].prepare(desk)
    first, second = (actions, actions) if isinstance(actions, str) else actions
    yuna, hana = desk.open("유나", desk.processes[0]), desk.open("하나", desk.processes[1])
    await act_at_once(url, yuna, lambda: yuna.presses(first), lambda: hana.presses(second))
    assert hana.text
    assert untrue not in hana.text

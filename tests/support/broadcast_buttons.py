"""Buttons about broadcasts, and the acts before each of them: for tests of two taps at once, and of kills."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Gone, Result, Sent
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage.organizer import team
from tests.support import linked_places
from tests.support.team_desk import Actions, Case, Desk, fixed


async def _draft_of_sam(desk: Desk) -> Broadcast:
    return await desk.write(desk.sam)


async def _takeover(desk: Desk) -> str:
    draft = await _draft_of_sam(desk)
    return f"broadcast:takeover:{draft.id}:{draft.revision}"


async def _giveback(desk: Desk) -> str:
    draft = await _draft_of_sam(desk)
    chat = desk.chats.chat(4_444, "Mallory")
    await desk.chats.add_member(chat, "organizer")
    await chat.presses(f"broadcast:takeover:{draft.id}:{draft.revision}")
    return f"broadcast:giveback:{draft.id}:{draft.revision + 1}"


async def _unscheduled(desk: Desk) -> str:
    """Schedule a broadcast, and have a third member take it off the schedule."""
    waiting = await desk.write_scheduled()
    chat = desk.chats.chat(4_444, "Mallory")
    await desk.chats.add_member(chat, "organizer")
    await chat.presses(f"broadcast:edit:{waiting.id}")
    return f"broadcast:giveback:{waiting.id}:{waiting.revision + 1}"


async def _copy(desk: Desk) -> str:
    sent = await desk.send()
    await desk.driver.deliver_all()
    return f"broadcast:copy:{sent.id}"


async def _ask_rest(desk: Desk) -> str:
    return f"broadcast:rest:{(await desk.send_some()).id}"


async def _rest(desk: Desk) -> str:
    stopped = await desk.send_some()
    await desk.yuna.presses(f"broadcast:rest:{stopped.id}")
    return next(each for each in desk.yuna.actions if ":again:" in each)


def _fail_some(delivery: Delivery) -> Result:
    return Failed("other") if delivery.supporter_id % 2 else Sent(delivery.supporter_id)


async def _failed(desk: Desk) -> str:
    sent = await desk.send()
    while (await desk.driver.get(sent.id)).state is BroadcastState.RUNNING:
        await desk.driver.deliver(_fail_some)
    ended = await desk.driver.get(sent.id)
    assert ended.ended_at is not None
    return f"broadcast:again:{sent.id}:failed:{int(ended.ended_at.timestamp() * 1000)}"


async def _takeback(desk: Desk) -> str:
    sent = await desk.send()
    await desk.driver.deliver_all()
    return f"broadcast:takeback:{sent.id}"


async def _recall(desk: Desk) -> Broadcast:
    await desk.yuna.presses(await _takeback(desk))
    return await desk.driver.newest()


async def _resume_recall(desk: Desk) -> str:
    recall = await _recall(desk)
    await desk.yuna.presses(f"broadcast:pause:{recall.id}")
    return f"broadcast:resume:{recall.id}"


async def _correct(desk: Desk) -> str:
    sent = await desk.send()
    await desk.driver.deliver_all()
    return f"broadcast:correct:{sent.id}"


async def _start(desk: Desk) -> str:
    waiting = await desk.write_scheduled()
    return f"broadcast:start:{waiting.id}:{waiting.revision}"


async def _wake(desk: Desk) -> str:
    waiting = await desk.write_scheduled()
    return f"broadcast:wake:{waiting.id}:{waiting.revision}"


async def _rouse(desk: Desk) -> str:
    """Send a broadcast while everybody is asleep, and ask whether to wake them."""
    quiet = QuietHours(time(21), time(8))
    for each in (*desk.processes, desk.driver):
        each.campaign = replace(each.campaign, quiet_hours=quiet)
    desk.driver.now = desk.driver.now.replace(hour=15)  # midnight in Seoul
    desk.yuna = desk.open("유나", desk.chats)
    sent = await desk.send()
    await desk.driver.deliver()
    await desk.yuna.presses(f"broadcast:sleepers:{sent.id}")
    return next(each for each in desk.yuna.actions if ":rouse:" in each)


async def _test(desk: Desk) -> str:
    return f"broadcast:test:{(await desk.write()).id}:team"


async def _schedule(desk: Desk) -> str:
    waiting = await desk.write_scheduled()
    at = int((desk.driver.now + timedelta(days=2)).timestamp())
    return f"broadcast:schedule:{waiting.id}:{waiting.revision}:{at}"


async def _request(desk: Desk) -> str:
    waiting = await desk.write_scheduled()
    await desk.chats.database.transact(team.set_threshold, 3, None)
    return f"broadcast:request:{waiting.id}"


def _running(what: str) -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> str:
        sent = await desk.send()
        await desk.driver.deliver(limit=2)
        if what in ("resume", "goon"):
            await desk.yuna.presses(f"broadcast:pause:{sent.id}")
        return f"broadcast:{what}:{sent.id}"

    return prepare


def _waiting(what: str) -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> str:
        return f"broadcast:{what}:{(await desk.write_scheduled()).id}"

    return prepare


def _asked(what: str, *, scheduled: bool = False) -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> str:
        if scheduled:
            await desk.chats.database.transact(team.set_threshold, 3, None)
        asked = await (desk.write_scheduled() if scheduled else desk.ask())
        await desk.chats.run_jobs()
        return f"broadcast:{what}:{asked.id}:{asked.revision}"

    return prepare


async def _unask(desk: Desk) -> str:
    return f"broadcast:unask:{(await desk.ask()).id}"


async def _place(desk: Desk) -> str:
    draft = await desk.write()
    return f"broadcast:place:{draft.id}:+{(await linked_places.link(desk.driver, -101, '길동네')).code}"


async def _start_with_place(desk: Desk) -> str:
    place = await linked_places.link(desk.driver, -101, "길동네")
    draft = await desk.write()
    await desk.yuna.presses(f"broadcast:place:{draft.id}:+{place.code}")
    await desk.yuna.presses(f"broadcast:review:{draft.id}")
    await desk.yuna.taps("🕘 Later")
    await desk.yuna.says("12/1 9:00")
    await desk.yuna.taps("Yes, schedule it")
    waiting = await desk.driver.newest()
    return f"broadcast:start:{waiting.id}:{waiting.revision}"


async def _repost(desk: Desk) -> str:
    """Send a broadcast to everybody and to a place, which refuses it."""
    action = await _start_with_place(desk)
    await desk.yuna.presses(action)
    sent = await desk.driver.newest()
    await desk.driver.deliver()
    await linked_places.post(desk.driver, lambda _: Gone("rights"))
    await desk.driver.deliver()
    await desk.yuna.presses(f"broadcast:placesrest:{sent.id}")
    return next(each for each in desk.yuna.actions if ":repost:" in each)


CASES: Final = {
    "take over": Case("broadcast:takeover", _takeover, ("broadcast.taken",), "This is what people will get"),
    "take back": Case("broadcast:giveback", _giveback, ("broadcast.taken",), pair="Sam Sam"),
    "schedule again": Case("broadcast:giveback", _unscheduled, ("broadcast.scheduled",), pair="유나 유나"),
    "drafts": Case("broadcast:drafts", fixed("broadcast:drafts")),
    "new": Case("broadcast:new", fixed("broadcast:new"), drafts=2),
    "copy": Case("broadcast:copy", _copy, drafts=1),
    "ask rest": Case("broadcast:rest", _ask_rest),
    "rest": Case("broadcast:again", _rest, ("broadcast.again_rest",), "On its way to those who don't have it"),
    "again": Case("broadcast:again", _failed, ("broadcast.again_failed",), "Trying them again"),
    "recall": Case("broadcast:takeback", _takeback, ("broadcast.recalled",), "being deleted for everyone"),
    "resume recall": Case("broadcast:resume", _resume_recall, ("broadcast.resumed",)),
    "correct": Case("broadcast:correct", _correct),
    "start": Case("broadcast:start", _start, ("broadcast.started",), "On its way to 6 people"),
    "urgent": Case("broadcast:wake", _wake, ("broadcast.urgent", "broadcast.started"), "On its way to 6 people"),
    "schedule": Case("broadcast:schedule", _schedule, ("broadcast.scheduled",)),
    "edit": Case("broadcast:edit", _waiting("edit"), ("broadcast.unscheduled",), "This is what people will get"),
    "drop": Case("broadcast:drop", _waiting("drop"), ("broadcast.discarded",)),
    "request": Case("broadcast:request", _request, ("broadcast.asked",)),
    "pause": Case("broadcast:pause", _running("pause"), ("broadcast.paused",)),
    "resume": Case("broadcast:resume", _running("resume"), ("broadcast.resumed",)),
    "halt": Case("broadcast:halt", _running("halt"), ("broadcast.paused",)),
    "go on": Case("broadcast:goon", _running("goon"), ("broadcast.resumed",)),
    "cancel": Case("broadcast:cancel", _running("cancel"), ("broadcast.cancelled",)),
    "approve": Case("broadcast:approve", _asked("approve"), pair="하나 Sam"),
    "accept": Case(
        "broadcast:accept", _asked("accept"), ("broadcast.approved_started",), "Approved.</b>", pair="하나 Sam"
    ),
    "accept for a time": Case(
        "broadcast:accept", _asked("accept", scheduled=True), ("broadcast.approved",), "Approved.</b>", pair="하나 Sam"
    ),
    "decline": Case("broadcast:decline", _asked("decline"), pair="하나 Sam"),
    "refuse": Case("broadcast:refuse", _asked("refuse"), ("broadcast.declined",), "Not approved.</b>", pair="하나 Sam"),
    "refuse a time": Case(
        "broadcast:refuse",
        _asked("refuse", scheduled=True),
        ("broadcast.declined",),
        "Not approved.</b>",
        pair="하나 Sam",
    ),
    "withdraw the request": Case("broadcast:unask", _unask, ("broadcast.unasked",), pair="유나 유나"),
    "look": Case("broadcast:look", _asked("look"), pair="하나 Sam"),
    "rouse": Case("broadcast:rouse", _rouse, ("broadcast.woken",)),
    "test": Case("broadcast:test", _test, ("broadcast.tested",), pair="유나 유나"),
    "place": Case("broadcast:place", _place, pair="유나 유나"),
    "start with a place": Case("broadcast:start", _start_with_place, ("broadcast.started",), "On its way to 6 people"),
    "post again": Case("broadcast:repost", _repost, ("broadcast.again_places",), "On its way to channels and groups"),
}

"""Buttons about signatures, the team and files, and the acts before each of them."""

from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.petition.review.detector import WINDOW
from chatbot.storage.organizer import invitations
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import counters
from tests.support.cast import SAM
from tests.support.set_asides import ask_about, give_reason
from tests.support.team_desk import ALONE, Actions, Case, Desk, find_button, fixed

FIRST: Final = 178_922
"""The number of the first signature in these tests."""


# Signatures


async def _flood(desk: Desk, people: int = 7) -> None:
    await desk.chats.sign(0, [("CA", "flood")] * people)


async def _detect(desk: Desk) -> Actions:
    await detect_in_new_signatures(desk.chats.database, desk.driver.now)
    await _flood(desk, 30)
    desk.driver.now += WINDOW
    await detect_in_new_signatures(desk.chats.database, desk.driver.now)
    await desk.sam.says("/doubts")
    return next(each for each in desk.sam.actions if each.startswith("doubts:look:"))


async def _start(desk: Desk) -> Actions:
    await _flood(desk)
    await give_reason(desk.yuna, desk.chats)
    return find_button(desk.yuna, "doubts:start:")


async def _started(desk: Desk) -> int:
    await desk.yuna.presses(str(await _start(desk)))
    return int(find_button(desk.yuna, "doubts:stop:").rsplit(":", 1)[1])


def _both_start(conditions: str) -> Callable[[Desk], Awaitable[Actions]]:
    """Both owners have the same signatures counted, or find the same one, and are asked whether to exclude it."""

    async def prepare(desk: Desk) -> Actions:
        await _flood(desk)
        for chat in (desk.yuna, desk.hana):
            if conditions:
                await give_reason(chat, desk.chats, conditions)
            else:
                await chat.presses(f"doubts:exclude:{FIRST}")
                await chat.says("she says it is not hers")
        return find_button(desk.yuna, "doubts:start:"), find_button(desk.hana, "doubts:start:")

    return prepare


def _are_set_aside(count: int) -> Callable[[Desk], Awaitable[bool]]:
    async def check(desk: Desk) -> bool:
        return await desk.chats.database.transact(counters.read, counters.SET_ASIDE) == count

    return check


async def _go(desk: Desk) -> Actions:
    """Look at a set-aside of a colleague while it is carried out."""
    return f"doubts:go:{await _half_done(desk)}"


async def _half_done(desk: Desk) -> int:
    """Start setting aside, and delete the job when it has set two signatures aside, so that the tap comes first."""
    number = await _started(desk)
    await desk.chats.database.transact(set_asides.set_aside_some, number, 0)
    await desk.chats.database.transact(lambda tx: tx.run("DELETE FROM jobs"))
    return number


async def _stop(desk: Desk) -> Actions:
    return f"doubts:stop:{await _half_done(desk)}"


async def _restore(desk: Desk) -> Actions:
    number = await _started(desk)
    await desk.chats.run_jobs()
    for chat in (desk.yuna, desk.hana):
        await chat.presses(f"doubts:back:{number}")
    return find_button(desk.yuna, "doubts:restore:"), find_button(desk.hana, "doubts:restore:")


async def _count_one(desk: Desk) -> Actions:
    await _flood(desk)
    await desk.yuna.presses(f"doubts:exclude:{FIRST}")
    await desk.yuna.says("she says it is not hers")
    await desk.yuna.presses(find_button(desk.yuna, "doubts:start:"))
    await desk.chats.run_jobs()
    for chat in (desk.yuna, desk.hana):
        await chat.presses(f"doubts:again:{FIRST}")
    return find_button(desk.yuna, "doubts:count:"), find_button(desk.hana, "doubts:count:")


def _after_flood(action: str) -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(desk: Desk) -> Actions:
        await _flood(desk)
        return action

    return prepare


async def _why(desk: Desk) -> Actions:
    await _flood(desk)
    return f"doubts:why:{(await ask_about(desk.yuna, desk.chats, 'source: flood')).id}"


# The team, and files


async def _change_role(desk: Desk) -> Actions:
    for chat in (desk.yuna, desk.hana):
        await chat.presses(f"team:ask:{SAM}:organizer:viewer")
    return find_button(desk.yuna, "team:change:"), find_button(desk.hana, "team:change:")


async def _invite(desk: Desk) -> Actions:
    await desk.yuna.presses("team:invite")
    return find_button(desk.yuna, "team:new:viewer:")


async def _withdraw(desk: Desk) -> Actions:
    await desk.yuna.presses(str(await _invite(desk)))
    [invitation] = await desk.chats.database.transact(invitations.list_open, desk.driver.now)
    return f"team:withdraw:{invitation.id}"


async def _make(desk: Desk) -> Actions:
    await _flood(desk)
    await desk.yuna.says("/export")
    await desk.yuna.presses(next(each for each in desk.yuna.actions if each.startswith("export:ask:")))
    return find_button(desk.yuna, "export:make:")


CASES: Final = {
    "look at a signal": Case("doubts:look", _detect, each=("doubts.counted",), pair="하나 Sam"),
    "choose a condition": Case("doubts:with", _after_flood("doubts:with:fast"), each=("doubts.counted",)),
    "one signature": Case("doubts:one", _after_flood(f"doubts:one:{FIRST}"), each=("doubts.counted",)),
    "exclude one": Case("doubts:exclude", _after_flood(f"doubts:exclude:{FIRST}")),
    "find signatures": Case("doubts:choose", _after_flood("doubts:choose")),
    "why": Case("doubts:why", _why, pair=ALONE),
    "set aside": Case("doubts:start", _start, ("doubts.started",), pair=ALONE),
    "set aside by both": Case(
        "doubts:start", _both_start("source: flood"), ("doubts.started",), leaves=_are_set_aside(7)
    ),
    "exclude one by both": Case("doubts:start", _both_start(""), ("doubts.started",), leaves=_are_set_aside(1)),
    "look how far it is": Case("doubts:go", _go),
    "stop": Case("doubts:stop", _stop, ("doubts.stopped",)),
    "put back": Case("doubts:restore", _restore, ("doubts.back",)),
    "count one again": Case("doubts:count", _count_one, ("doubts.one_back",), "✅ It counts again"),
    "change a role": Case("team:change", _change_role, ("team.changed",)),
    "invite": Case("team:new", _invite, ("team.invited",), pair=ALONE),
    "withdraw an invitation": Case("team:withdraw", _withdraw, ("team.withdrew",)),
    "zone": Case("team:zone", fixed("team:zone")),
    "own zone": Case("team:here", fixed("team:here:UTC")),
    "notices": Case("team:notices", fixed("team:notices:own")),
    "threshold": Case("team:above", fixed("team:above:0:3"), ("team.threshold",)),
    "poster": Case("link:print", fixed("link:print:ko:radio"), pair=ALONE),
    "QR code": Case("link:qr", fixed("link:qr:radio"), pair=ALONE),
    "card": Case("stats:card", fixed("stats:card:square.ko"), pair=ALONE),
    "chart": Case("stats:growth", fixed("stats:growth:all"), pair=ALONE),
    "ranks": Case("stats:ranks", fixed("stats:ranks:all"), pair=ALONE),
    "write from the desk": Case("desk:run", fixed("desk:run:broadcast"), drafts=2),
    "write from the desk on two phones": Case("desk:run", fixed("desk:run:broadcast"), drafts=1, pair=ALONE),
    "make a file": Case("export:make", _make, ("export.signatures",), pair=ALONE),
}

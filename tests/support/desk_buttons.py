"""Buttons about the petition, its signatures, its team and its files, and the acts before each of them."""

from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.petition.lifecycle import StatusChange
from chatbot.petition.review.detector import WINDOW
from chatbot.storage.organizer import invitations
from chatbot.storage.organizer.review import set_asides
from tests.support.cast import SAM
from tests.support.chat import Chat
from tests.support.set_asides import ask_about, give_reason
from tests.support.team_desk import Actions, Case, Desk

FIRST: Final = 178_922
"""The number of the first signature in these tests."""


def _find(chat: Chat, start: str) -> str:
    [found] = [each for each in chat.actions if each.startswith(start)]
    return found


# The petition


async def _ask_status(chat: Chat, change: StatusChange) -> str:
    """Begin a change, and answer all questions but the last."""
    await chat.presses(f"course:begin:{change}")
    if change == "milestone":
        await chat.says("200,000")
    elif change != "reopened":
        await chat.says("We were heard.")
        await chat.says("들었습니다.")
    return _find(chat, "course:do:")


async def _close(desk: Desk) -> None:
    await desk.yuna.presses(await _ask_status(desk.yuna, "closed"))


def _decided(change: StatusChange, *, closed: bool = False) -> Callable[[Desk], Awaitable[Actions]]:
    """Ask both owners whether to make this change. Each of them has another button."""

    async def prepare(desk: Desk) -> Actions:
        if closed:
            await _close(desk)
        return await _ask_status(desk.yuna, change), await _ask_status(desk.hana, change)

    return prepare


async def _human(desk: Desk) -> Actions:
    await desk.yuna.presses("course:human")
    return next(each for each in desk.yuna.actions if each.startswith("course:human:on:"))


async def _close_with_words(desk: Desk) -> Actions:
    await _close(desk)
    return "course:tell:statement"


async def _close_without_words(desk: Desk) -> Actions:
    await desk.yuna.presses("course:begin:closed")
    for language in ("en", "ko"):
        await desk.yuna.presses(f"course:skip:{language}")
    await desk.yuna.presses(_find(desk.yuna, "course:do:"))
    return "course:tell:end"


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
    return _find(desk.yuna, "doubts:start:")


async def _started(desk: Desk) -> int:
    await desk.yuna.presses(str(await _start(desk)))
    return int(_find(desk.yuna, "doubts:stop:").rsplit(":", 1)[1])


async def _stop(desk: Desk) -> Actions:
    """Start setting aside, and delete the job when it has set two signatures aside, so that the tap comes first."""
    number = await _started(desk)
    await desk.chats.database.transact(set_asides.set_aside_some, number, 0)
    await desk.chats.database.transact(lambda tx: tx.run("DELETE FROM jobs"))
    return f"doubts:stop:{number}"


async def _restore(desk: Desk) -> Actions:
    number = await _started(desk)
    await desk.chats.run_jobs()
    for chat in (desk.yuna, desk.hana):
        await chat.presses(f"doubts:back:{number}")
    return _find(desk.yuna, "doubts:restore:"), _find(desk.hana, "doubts:restore:")


async def _count_one(desk: Desk) -> Actions:
    await _flood(desk)
    await desk.yuna.presses(f"doubts:exclude:{FIRST}")
    await desk.yuna.says("she says it is not hers")
    await desk.yuna.presses(_find(desk.yuna, "doubts:start:"))
    await desk.chats.run_jobs()
    for chat in (desk.yuna, desk.hana):
        await chat.presses(f"doubts:again:{FIRST}")
    return _find(desk.yuna, "doubts:count:"), _find(desk.hana, "doubts:count:")


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
    return _find(desk.yuna, "team:change:"), _find(desk.hana, "team:change:")


async def _invite(desk: Desk) -> Actions:
    await desk.yuna.presses("team:invite")
    return _find(desk.yuna, "team:new:viewer:")


async def _withdraw(desk: Desk) -> Actions:
    await desk.yuna.presses(str(await _invite(desk)))
    [invitation] = await desk.chats.database.transact(invitations.list_open, desk.driver.now)
    return f"team:withdraw:{invitation.id}"


async def _make(desk: Desk) -> Actions:
    await _flood(desk)
    await desk.yuna.says("/export")
    await desk.yuna.presses(next(each for each in desk.yuna.actions if each.startswith("export:ask:")))
    return _find(desk.yuna, "export:make:")


def _fixed(action: str) -> Callable[[Desk], Awaitable[Actions]]:
    async def prepare(_desk: Desk) -> Actions:
        return action

    return prepare


ALONE: Final = "유나 유나"
CASES: Final = {
    "close": Case("course:do", _decided("closed"), ("course.closed",), "✅ The petition is closed"),
    "victory": Case("course:do", _decided("victory"), ("course.victory",), "✅ Closed as won"),
    "answer": Case("course:do", _decided("answer"), ("course.answer",), "✅ The answer is changed"),
    "milestone": Case("course:do", _decided("milestone"), ("course.milestone",), "✅ The next milestone"),
    "reopen": Case("course:do", _decided("reopened", closed=True), ("course.reopened",), "✅ The petition is open"),
    "note": Case("course:do", _decided("statement", closed=True), ("course.statement",), "✅ The closing note"),
    "thank": Case("course:thank", _fixed("course:thank:1000"), drafts=1, pair=ALONE),
    "tell words": Case("course:tell", _close_with_words, drafts=1, pair=ALONE),
    "tell the end": Case("course:tell", _close_without_words, drafts=1, pair=ALONE),
    "tell signers": Case("appeal:notice", _fixed("appeal:notice"), drafts=1, pair=ALONE),
    "human check": Case("course:human", _human, ("course.human",)),
    "look at a signal": Case("doubts:look", _detect, each=("doubts.counted",), pair="하나 Sam"),
    "choose a condition": Case("doubts:with", _after_flood("doubts:with:fast"), each=("doubts.counted",)),
    "one signature": Case("doubts:one", _after_flood(f"doubts:one:{FIRST}"), each=("doubts.counted",)),
    "exclude one": Case("doubts:exclude", _after_flood(f"doubts:exclude:{FIRST}")),
    "why": Case("doubts:why", _why, pair=ALONE),
    "set aside": Case("doubts:start", _start, ("doubts.started",), pair=ALONE),
    "stop": Case("doubts:stop", _stop, ("doubts.stopped",)),
    "put back": Case("doubts:restore", _restore, ("doubts.back",)),
    "count one again": Case("doubts:count", _count_one, ("doubts.one_back",), "✅ It counts again"),
    "change a role": Case("team:change", _change_role, ("team.changed",)),
    "invite": Case("team:new", _invite, ("team.invited",), pair=ALONE),
    "withdraw an invitation": Case("team:withdraw", _withdraw, ("team.withdrew",)),
    "zone": Case("team:zone", _fixed("team:zone")),
    "notices": Case("team:notices", _fixed("team:notices:own")),
    "threshold": Case("team:above", _fixed("team:above:0:3"), ("team.threshold",)),
    "make a file": Case("export:make", _make, ("export.signatures",), pair=ALONE),
}

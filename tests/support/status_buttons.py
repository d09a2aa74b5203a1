"""Buttons about the status of the petition, and the acts before each of them."""

from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.petition.lifecycle import StatusChange
from chatbot.storage.organizer import status_drafts
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_desk import ALONE, Actions, Case, Desk, find_button, fixed


async def _ask_status(chat: Chat, change: StatusChange) -> str:
    """Begin a change, and answer all questions but the last."""
    await chat.presses(f"course:begin:{change}")
    if change == "milestone":
        await chat.says("200,000")
    elif change != "reopened":
        await chat.says("We were heard.")
        await chat.says("들었습니다.")
    return find_button(chat, "course:do:")


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
    await desk.yuna.presses(find_button(desk.yuna, "course:do:"))
    return "course:tell:end"


async def _decided_alone(desk: Desk) -> Actions:
    return await _ask_status(desk.yuna, "closed")


def _begun(change: StatusChange, action: str) -> Callable[[Desk], Awaitable[Actions]]:
    """Begin a change, which this button carries on or leaves. The status stays as it is."""

    async def prepare(desk: Desk) -> Actions:
        await desk.yuna.presses(f"course:begin:{change}")
        return action

    return prepare


async def _answered(desk: Desk) -> Actions:
    """Publish an answer, and begin to change it."""
    await desk.yuna.presses(await _ask_status(desk.yuna, "answer"))
    await desk.yuna.presses("course:begin:answer")
    return "course:clear"


def _has_draft(change: StatusChange | None, member_id: int = YUNA) -> Callable[[Desk], Awaitable[bool]]:
    async def check(desk: Desk) -> bool:
        draft = await desk.chats.database.transact(status_drafts.find, member_id)
        return (draft.change if draft else None) == change

    return check


CASES: Final = {
    "close": Case("course:do", _decided("closed"), ("course.closed",), "✅ The petition is closed"),
    "victory": Case("course:do", _decided("victory"), ("course.victory",), "✅ Closed as won"),
    "answer": Case("course:do", _decided("answer"), ("course.answer",), "✅ The answer is saved"),
    "milestone": Case("course:do", _decided("milestone"), ("course.milestone",), "✅ The next milestone"),
    "reopen": Case("course:do", _decided("reopened", closed=True), ("course.reopened",), "✅ The petition is open"),
    "note": Case("course:do", _decided("statement", closed=True), ("course.statement",), "✅ The closing note"),
    "close on two phones": Case(
        "course:do", _decided_alone, ("course.closed",), "✅ The petition is closed", pair=ALONE
    ),
    "begin to close": Case("course:begin", fixed("course:begin:closed"), leaves=_has_draft("closed", HANA)),
    "begin to close on two phones": Case(
        "course:begin", fixed("course:begin:closed"), pair=ALONE, leaves=_has_draft("closed")
    ),
    "close without English": Case(
        "course:skip", _begun("closed", "course:skip:en"), pair=ALONE, leaves=_has_draft("closed")
    ),
    "close without more words": Case(
        "course:enough", _begun("closed", "course:enough"), pair=ALONE, leaves=_has_draft("closed")
    ),
    "write in Korean first": Case(
        "course:words", _begun("closed", "course:words:ko"), pair=ALONE, leaves=_has_draft("closed")
    ),
    "take the answer away": Case("course:clear", _answered, pair=ALONE, leaves=_has_draft("answer")),
    "milestone of the files": Case(
        "course:files", _begun("milestone", "course:files"), pair=ALONE, leaves=_has_draft("milestone")
    ),
    "leave it as it is": Case("course:leave", _begun("closed", "course:leave"), pair=ALONE, leaves=_has_draft(None)),
    "thank": Case("course:thank", fixed("course:thank:1000"), drafts=1, pair=ALONE),
    "tell words": Case("course:tell", _close_with_words, drafts=1, pair=ALONE),
    "tell the end": Case("course:tell", _close_without_words, drafts=1, pair=ALONE),
    "tell signers": Case("appeal:notice", fixed("appeal:notice"), drafts=1, pair=ALONE),
    "human check": Case("course:human", _human, ("course.human",)),
}

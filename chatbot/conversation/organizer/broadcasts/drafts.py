"""Drafts of the team: continue one, begin another, take over that of a colleague, or take it back."""

import re
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Said
from chatbot.conversation.organizer.broadcasts import approval, rewriting
from chatbot.conversation.organizer.broadcasts.posts import hear_post
from chatbot.conversation.organizer.broadcasts.preview import is_approval_missing, review, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer.broadcasts import scheduling as schedule_screens
from chatbot.screens.organizer.broadcasts.title import note_titles
from chatbot.screens.organizer.team import colleagues as screens
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import jobs, team

_COMMAND: Final = re.compile(r"/\w+(@\w+)?\s*")


async def begin(turn: Turn, words: str) -> Reply:
    """Continue the only draft, list several, or begin one. Words after the command are the first post."""
    if words and isinstance(turn.event, Said):
        return await _begin_with(turn, turn.event)
    found = await broadcasts.list_drafts(turn.tx, turn.person.id)
    if len(found) > 1 or (found and found[0].organizer_id != turn.person.id):
        return await list_drafts(turn, "")
    return await (review(turn, found[0]) if found else begin_new(turn, ""))


async def list_drafts(turn: Turn, _argument: str) -> Reply:
    """List the drafts of the whole team, the newest first."""
    found = await broadcasts.list_drafts(turn.tx, turn.person.id)
    names = await team.find_names(turn.tx)
    return Reply.done_writing(turn, screens.list_drafts(turn._, found, names, turn.person.id, turn.now))


async def begin_new(turn: Turn, _argument: str) -> Reply:
    """Begin a draft; one that is still empty is used again."""
    return await review(turn, await _find_empty(turn))


async def take_over(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Take over the draft of a colleague, in the revision that was shown. They are told, and can take it back."""
    former = broadcast.organizer_id
    if former == turn.person.id:
        return await review(turn, broadcast)
    if not await drafts.take_over(turn.tx, broadcast.id, read_number(more), former, turn.person.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.changed_meanwhile(turn._))
    draft = await broadcasts.get(turn.tx, broadcast.id)
    await tell_former(turn, draft, former)
    names = await team.find_names(turn.tx)
    await note_broadcast(turn, "broadcast.taken", broadcast, but=(former,), name=names.get(former, ""))
    return await review(turn, draft)


async def tell_former(turn: Turn, draft: Broadcast, former: int) -> None:
    """Tell a writer who has the draft now, with the button that takes it back."""
    details = {"broadcast": draft.id, "revision": draft.revision, **await _describe(turn, draft)}
    await jobs.tell_one(turn.tx, former, "taken_over", details, turn.now)


async def _describe(turn: Turn, draft: Broadcast) -> dict[str, str | int | None]:
    names = await team.find_names(turn.tx)
    return {
        **note_titles(draft),
        "by": names.get(turn.person.id, turn.person.name),
        "hour": int(draft.last_hour.timestamp()) if draft.last_hour else None,
    }


async def take_back(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Take a draft back from the colleague who took it over; unchanged, it is scheduled again for its hour."""
    former, hour = broadcast.organizer_id, broadcast.last_hour
    if broadcast.state is not BroadcastState.DRAFT or former == turn.person.id:
        return await show(turn, broadcast)
    is_unchanged = read_number(more) == broadcast.revision
    if is_unchanged and broadcast.is_complete and hour and hour > turn.now:
        done = await drafts.schedule(turn.tx, broadcast.id, broadcast.revision, hour, turn.person.id)
    else:
        done = await drafts.take_over(turn.tx, broadcast.id, broadcast.revision, former, turn.person.id)
    if not done:
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id), screens.changed_meanwhile(turn._))
    taken = await broadcasts.get(turn.tx, broadcast.id)
    details = {"broadcast": taken.id, **await _describe(turn, taken)}
    await jobs.tell_one(turn.tx, former, "taken_back", details, turn.now)
    if taken.scheduled_for is None:
        names = await team.find_names(turn.tx)
        await note_broadcast(turn, "broadcast.taken", broadcast, but=(former,), name=names.get(former, ""))
        return await review(turn, taken, None if is_unchanged else screens.was_changed(turn._))
    await note_broadcast(turn, "broadcast.scheduled", broadcast, but=(former,), at=int(taken.scheduled_for.timestamp()))
    if await is_approval_missing(turn, taken, turn.person.id):
        return await approval.request(turn, taken, starts=False)
    return Reply.staying(turn, schedule_screens.scheduled(turn._, taken.scheduled_for))


async def _begin_with(turn: Turn, said: Said) -> Reply:
    """Take the words after /broadcast as the post in the organizer's language."""
    found = _COMMAND.match(str(said.formatted)) if said.formatted is not None else None
    formatted = Markup(str(said.formatted)[found.end() :]) if found else None  # noqa: S704 - escaped in transport
    words = replace(said, text=said.payload, command=None, payload="", formatted=formatted)
    if edited := await rewriting.take(turn, words):  # an edited command arrives like a new one
        return edited
    draft = await _find_empty(turn)
    writing = replace(
        turn, event=words, step="post", broadcast_id=draft.id, writing_language=turn.language, interrupted=False
    )
    return await hear_post(writing, words.text)


async def _find_empty(turn: Turn) -> Broadcast:
    draft = await broadcasts.find_empty_draft(turn.tx, turn.person.id)
    return draft or await drafts.create(turn.tx, turn.person.id, turn.now)

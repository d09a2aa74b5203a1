"""Additions: a sent broadcast in another language, for readers who have not got it."""

from dataclasses import replace

from chatbot.conversation.organizer.broadcasts.preview import add_reached, ask_post, draw_posts, review, show
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.screens.organizer.broadcasts import correcting as screens
from chatbot.screens.organizer.broadcasts import progress
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts


async def choose_language(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """List the languages without a post."""
    if not await _takes_languages(turn, broadcast):
        return await show(turn, broadcast, progress.too_late(turn._))
    return replace(Reply.staying(turn, screens.choose_language(turn._, turn.campaign, broadcast)), below=True)


async def begin(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Begin an addition in `language`, below the posts that were sent, or continue its draft."""
    if not await _takes_languages(turn, broadcast) or language not in broadcast.list_missing(turn.campaign):
        return await show(turn, broadcast, progress.too_late(turn._))
    draft = await broadcasts.find_draft(turn.tx, turn.person.id, broadcast.id)
    if draft is None or (draft.kind, draft.of_id, draft.audience.language) != ("addition", broadcast.id, language):
        draft = await drafts.create_addition(turn.tx, turn.person.id, turn.now, broadcast, language)
    if draft.posts:
        return await review(turn, draft)
    reached = add_reached(turn, broadcast, draft)
    return replace(await ask_post(turn, draft, language, reached), first=draw_posts(turn, broadcast))


async def _takes_languages(turn: Turn, broadcast: Broadcast) -> bool:
    tally = await deliveries.tally(turn.tx, broadcast.id)
    return broadcast.takes_languages(tally) and bool(broadcast.list_missing(turn.campaign))

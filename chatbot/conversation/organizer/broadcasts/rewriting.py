"""Edits: an organizer corrects the message that a post was written in, as everybody does in Telegram."""

from dataclasses import replace

from chatbot.conversation.interface import Said, SentMedia
from chatbot.conversation.organizer.broadcasts.posts import go_on, has_custom_emoji, read_content, save
from chatbot.conversation.organizer.broadcasts.preview import ask_post, draw_posts, find_sent, lock, review
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.post import PostRefusedError
from chatbot.petition.languages import Language
from chatbot.petition.team import is_at_least
from chatbot.screens.organizer.broadcasts import posts as screens
from chatbot.storage.broadcasts import broadcasts, origins


async def take(turn: Turn, said: Said | SentMedia) -> Reply | None:
    """Take an edit over into the draft and show it anew, or say why it changes nothing. None: it is no post."""
    if turn.team is None or not is_at_least(turn.team.role, "organizer") or said.message_id is None:
        return None
    origin = await origins.find(turn.tx, turn.person.id, said.message_id)
    if origin is None:
        return None
    broadcast = await lock(turn, await broadcasts.get(turn.tx, origin.broadcast_id))
    if broadcast.state is BroadcastState.DRAFT and broadcast.organizer_id == turn.person.id:
        return await _change(turn, broadcast, origin.language, said)
    sent = await find_sent(turn, broadcast)
    if sent.recalled_at is not None:
        return Reply.staying(turn, None)
    return Reply.staying(turn, screens.edit_is_late(turn._, sent))


async def _change(turn: Turn, draft: Broadcast, language: Language, said: Said | SentMedia) -> Reply:
    before = draft.posts[language]
    try:
        post = read_content(said, before)
    except PostRefusedError as refused:
        problem = screens.old_text_stays(turn._, screens.post_refused(turn._, refused))
        return await ask_post(turn, draft, language, problem)
    if post == before:  # what was said to it the first time may have been lost with its process
        return await go_on(turn, draft, language) if turn.is_repeated else Reply.staying(turn, None)
    draft = await save(replace(turn, event=said), draft, language, post)
    hint = screens.edit_taken(turn._)
    if has_custom_emoji(said):
        hint += "\n\n" + screens.has_custom_emoji(turn._)
    asked = turn.writing_language
    if turn.step == "post" and turn.broadcast_id == draft.id and asked not in (None, language):
        return replace(await ask_post(turn, draft, asked, hint), first=draw_posts(turn, draft))
    return await review(turn, draft, hint)

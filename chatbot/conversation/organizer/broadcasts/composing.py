"""Writing a broadcast: its posts, its button, and the review of how it will arrive."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import SentMedia
from chatbot.conversation.organizer.broadcasts.posts import ask_post_again, hear_post, refuse_split
from chatbot.conversation.organizer.broadcasts.preview import (
    draw_posts,
    review,
    show,
    show_current,
    with_open_draft,
)
from chatbot.conversation.parts import name_parts
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import PostRefusedError, read_button
from chatbot.petition.broadcasts.rest import can_be_sent_anew, count_copied
from chatbot.petition.languages import Language
from chatbot.screens.organizer.broadcasts import composing as screens
from chatbot.screens.organizer.broadcasts import ending
from chatbot.screens.organizer.broadcasts import posts as post_screens
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts, following, recalls


async def stop_writing(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Stop writing this draft. It stays."""
    return Reply.done_writing(turn, screens.put_aside(turn._, broadcast))


put_aside: Final = with_open_draft(stop_writing)


# The button.


async def ask_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for the button, in the first language."""
    if not broadcast.posts:
        return await review(turn, broadcast)
    return _ask_button(turn, broadcast, broadcast.list_written(turn.campaign)[0])


@with_open_draft
async def _ask_button_again(turn: Turn, draft: Broadcast) -> Reply:
    language = turn.writing_language or turn.language
    return _ask_button(turn, draft, language) if language in draft.posts else await show_current(turn)


@with_open_draft
async def _hear_button(turn: Turn, draft: Broadcast, text: str) -> Reply:
    language = turn.writing_language or turn.language
    if language not in draft.posts:
        return await show_current(turn)
    try:
        button = read_button(text, _known_url(turn, draft, language))
    except PostRefusedError as refused:
        return _ask_button(turn, draft, language, post_screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, draft.id, language, replace(draft.posts[language], button=button))
    draft = await broadcasts.get(turn.tx, draft.id)
    written = draft.list_written(turn.campaign)
    for other in written[written.index(language) + 1 :]:
        return _ask_button(turn, draft, other)
    return await review(turn, draft)


async def remove_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Remove the button in every language."""
    for language, post in broadcast.posts.items():
        await drafts.write_post(turn.tx, broadcast.id, language, replace(post, button=None))
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id))


def _ask_button(turn: Turn, draft: Broadcast, language: Language, problem: Markup | None = None) -> Reply:
    screen = screens.ask_button(turn._, draft, language, _known_url(turn, draft, language), problem)
    return Reply.writing(turn, screen, "button", draft.id, language)


def _known_url(turn: Turn, draft: Broadcast, language: Language) -> str | None:
    """The link to offer: that of the language asked for first, or else its own."""
    own = draft.posts[language].button
    first = draft.posts[draft.list_written(turn.campaign)[0]].button
    known = first or own
    return known.url if known else None


# The review.


@with_open_draft
async def hear_review(turn: Turn, draft: Broadcast, _text: str) -> Reply:
    """Changes need a tap: for any typed text, show the buttons again."""
    if refusal := await refuse_split(turn, draft):
        return refusal
    reply = await review(turn, draft, screens.tap_please(turn._), with_posts=False)
    return replace(reply, refused_parts=name_parts(turn.event) if isinstance(turn.event, SentMedia) else None)


async def open_review(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Go back to the review, in place."""
    return await review(turn, broadcast, with_posts=False)


async def send_test(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Send it to this organizer alone, exactly as everybody will get it."""
    return await review(turn, broadcast, screens.tested(turn._))


async def show_posts(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show the posts in every language, in any state, with the buttons below."""
    return replace(await show(turn, broadcast), first=draw_posts(turn, broadcast))


async def set_sound(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Choose whether phones make a sound when it arrives."""
    await drafts.set_silent(turn.tx, broadcast.id, silent=more == "silent")
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id), with_posts=False)


async def ask_discard(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for confirmation before it is discarded."""
    return Reply.staying(turn, screens.ask_discard(turn._, broadcast))


async def discard(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Discard a broadcast that was not sent."""
    await following.close_requests(turn.tx, turn.now, broadcast.id)
    if not await drafts.discard(turn.tx, broadcast.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id))
    if broadcast.posts:
        await note_broadcast(turn, "broadcast.discarded", broadcast)
    screen = screens.discarded(turn._)
    return Reply.done_writing(turn, screen) if turn.broadcast_id == broadcast.id else Reply.staying(turn, screen)


async def copy(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Begin a draft with the posts of an ended broadcast. If people have it, the draft warns of that."""
    tally = await deliveries.tally(turn.tx, broadcast.id)
    is_landing = await deliveries.has_in_flight(turn.tx, broadcast.id)
    is_new = can_be_sent_anew(broadcast, tally, await recalls.find(turn.tx, broadcast))
    had_already = 0 if is_new else count_copied(broadcast, tally)
    if is_landing or not (is_new or had_already):
        return await show(turn, broadcast)
    # The button was tapped twice.
    waiting = await broadcasts.find_draft(turn.tx, turn.person.id)
    if waiting and waiting.kind == "update" and waiting.posts == broadcast.posts:
        return await review(turn, waiting)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now, renews=broadcast.renews)
    # Asked after `create`, whose counter makes two organizers who tap at once wait for each other.
    if await broadcasts.has_newer_twin(turn.tx, broadcast):
        await drafts.discard(turn.tx, draft.id)
        return await show(turn, broadcast, ending.is_copied(turn._))
    for language, post in broadcast.posts.items():
        await drafts.write_post(turn.tx, draft.id, language, post)
    if had_already:
        await drafts.note_copy(turn.tx, draft.id, had_already)
    await drafts.set_audience(turn.tx, draft.id, broadcast.audience)
    await drafts.set_reach(turn.tx, draft.id, broadcast.reach)
    await drafts.set_silent(turn.tx, draft.id, silent=broadcast.silent)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


STEPS: Final[Mapping[StepName, Step]] = {
    "post": Step(hear_post, ask_post_again, put_aside, ("post", "review"), needs="organizer"),
    "button": Step(_hear_button, _ask_button_again, put_aside, ("button", "review"), needs="organizer"),
    "review": Step(
        hear_review,
        with_open_draft(review),
        put_aside,
        ("post", "button", "countries", "hour", "idle"),
        needs="organizer",
    ),
}

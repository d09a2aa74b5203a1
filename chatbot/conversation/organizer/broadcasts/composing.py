"""Writing a broadcast: its posts, its button, and the review of how it will arrive."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup, escape

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Said, SentMedia
from chatbot.conversation.organizer.broadcasts.preview import (
    ask_post,
    count_readers,
    draw_posts,
    find_open_draft,
    review,
    show,
    show_current,
)
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, list_unsent_languages
from chatbot.petition.broadcasts.post import (
    MEDIA_KINDS,
    Media,
    Post,
    PostProblem,
    PostRefusedError,
    read_button,
    read_post,
)
from chatbot.petition.languages import Language
from chatbot.screens.organizer.broadcasts import audience
from chatbot.screens.organizer.broadcasts import composing as screens
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts


async def begin(turn: Turn, _argument: str) -> Reply:
    """Begin a broadcast, or continue the draft."""
    draft = await broadcasts.find_draft(turn.tx, turn.person.id)
    if draft is None:
        draft = await drafts.create(turn.tx, turn.person.id, turn.now)
    return await review(turn, draft)


async def put_aside(turn: Turn, _argument: str) -> Reply:
    """Stop writing. The draft stays."""
    draft = await find_open_draft(turn)
    if draft is None:
        return await show_current(turn)
    return await stop_writing(turn, draft, "")


async def stop_writing(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Stop writing this draft. It stays."""
    return Reply.done_writing(turn, screens.put_aside(turn._, broadcast))


# Posts.


async def _hear_post(turn: Turn, _text: str) -> Reply:
    draft = await find_open_draft(turn)
    if draft is None:
        return await show_current(turn)
    language = turn.writing_language or turn.language
    if not _takes(turn, draft, language):
        return await review(turn, draft)
    before = draft.posts.get(language)
    if draft.kind == "correction" and (before is None or not isinstance(turn.event, Said)):
        return await ask_post(turn, draft, language, screens.words_only(turn._))
    try:
        post = _read_post(turn, before if draft.kind == "correction" else None)
    except PostRefusedError as refused:
        return await ask_post(turn, draft, language, screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, draft.id, language, replace(post, button=before.button if before else None))
    draft = await broadcasts.get(turn.tx, draft.id)
    return await _go_on(turn, draft, language) if before is None else await _finish(turn, draft)


async def _ask_post_again(turn: Turn) -> Reply:
    draft, language = await find_open_draft(turn), turn.writing_language or turn.language
    if draft is None:
        return await show_current(turn)
    return await (ask_post(turn, draft, language) if _takes(turn, draft, language) else review(turn, draft))


def _takes(turn: Turn, draft: Broadcast, language: Language) -> bool:
    """Whether a post in this language can be written; False if the campaign dropped the language meanwhile."""
    return language in (*turn.campaign.languages, *draft.posts, draft.audience.language)


def _read_post(turn: Turn, corrected: Post | None) -> Post:
    match turn.event:
        case Said(text=text, formatted=formatted):
            media = corrected.media if corrected else None
        case SentMedia(kind=kind, file_id=str(file_id), caption=text, formatted=formatted):
            known = next((each for each in MEDIA_KINDS if each == kind), None)
            if known is None or turn.event.in_album:  # its second picture would be taken for the other language
                raise PostRefusedError(PostProblem.WRONG_KIND)
            media = Media(known, file_id)
        case _:
            raise PostRefusedError(PostProblem.WRONG_KIND)
    return read_post(escape(text) if formatted is None else formatted, len(text), media)


async def _go_on(turn: Turn, draft: Broadcast, after: Language) -> Reply:
    """Offer the languages that are missing. Of two languages, the organizer's own was asked for first."""
    missing = draft.list_missing(turn.campaign) if draft.kind == "update" else []
    if len(turn.campaign.languages) > 2 and missing:
        return await choose_language(turn, draft, "")
    if after == turn.language and missing != [after] and missing:
        return await ask_post(turn, draft, next(each for each in missing if each != after))
    return await _finish(turn, draft)


async def _finish(turn: Turn, draft: Broadcast) -> Reply:
    """Ask who gets a broadcast that is not written in every language, then show the review."""
    return await (ask_reach(turn, draft, "") if draft.posts else review(turn, draft, screens.nothing_yet(turn._)))


async def choose_language(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Let the organizer choose the next language, of those that are missing."""
    if broadcast.kind != "update" or not broadcast.list_missing(turn.campaign):
        return await review(turn, broadcast)
    screen = screens.choose_language(turn._, turn.campaign, broadcast)
    return Reply.writing(turn, screen, "review", broadcast.id)


async def write(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Ask for the post in one language, to add or change it."""
    is_free = broadcast.kind == "update" and language in turn.campaign.languages
    if not is_free and language not in broadcast.posts:
        return await review(turn, broadcast)
    return await ask_post(turn, broadcast, language)


async def skip(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Leave out one language."""
    if broadcast.kind != "update" or language not in (*turn.campaign.languages, *broadcast.posts):
        return await review(turn, broadcast)
    await drafts.remove_post(turn.tx, broadcast.id, language)
    return await _go_on(turn, await broadcasts.get(turn.tx, broadcast.id), language)


async def ask_reach(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask whether a broadcast without a post in every language is for its readers only or for everyone."""
    if not broadcast.posts or not broadcast.list_missing(turn.campaign) or broadcast.kind != "update":
        return await review(turn, broadcast)
    screen = audience.ask_reach(turn._, turn.campaign, broadcast, await count_readers(turn, broadcast))
    return Reply.writing(turn, screen, "review", broadcast.id)


# The button.


async def ask_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for the button, in the first language."""
    if not broadcast.posts:
        return await review(turn, broadcast)
    return _ask_button(turn, broadcast, broadcast.list_written(turn.campaign)[0])


async def _ask_button_again(turn: Turn) -> Reply:
    draft, language = await find_open_draft(turn), turn.writing_language or turn.language
    return _ask_button(turn, draft, language) if draft and language in draft.posts else await show_current(turn)


async def _hear_button(turn: Turn, text: str) -> Reply:
    draft, language = await find_open_draft(turn), turn.writing_language or turn.language
    if draft is None or language not in draft.posts:
        return await show_current(turn)
    try:
        button = read_button(text, _known_url(turn, draft, language))
    except PostRefusedError as refused:
        return _ask_button(turn, draft, language, screens.post_refused(turn._, refused))
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


async def hear_review(turn: Turn, _text: str) -> Reply:
    """Changes need a tap: for any typed text, show the buttons again."""
    draft = await find_open_draft(turn)
    if draft is None:
        return await show_current(turn)
    return await review(turn, draft, screens.tap_please(turn._), with_posts=False)


async def _review_again(turn: Turn) -> Reply:
    draft = await find_open_draft(turn)
    return await review(turn, draft) if draft else await show_current(turn)


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
    if not await drafts.discard(turn.tx, broadcast.id):
        return await show(turn, await broadcasts.get(turn.tx, broadcast.id))
    if broadcast.posts:
        await note_broadcast(turn, "broadcast.discarded", broadcast)
    screen = screens.discarded(turn._)
    return Reply.done_writing(turn, screen) if turn.broadcast_id == broadcast.id else Reply.staying(turn, screen)


async def copy(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Begin a draft with the posts of an ended broadcast, in the languages in which it reached nobody."""
    languages = list_unsent_languages(broadcast, await deliveries.tally(turn.tx, broadcast.id))
    # The languages would tell something about who signed; the report has no such button then.
    if not languages or (broadcast.is_by_signature and broadcast.recalled_at is None):
        return await show(turn, broadcast)
    # The button was tapped twice.
    waiting = await broadcasts.find_draft(turn.tx, turn.person.id)
    if waiting and waiting.kind == "update" and waiting.posts == {each: broadcast.posts[each] for each in languages}:
        return await review(turn, waiting)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now, renews=broadcast.renews)
    for language in languages:
        await drafts.write_post(turn.tx, draft.id, language, broadcast.posts[language])
    # The readers of the other languages have it, and a post in another language would be the second for them.
    is_part = len(languages) < len(broadcast.posts)
    reader = languages[0] if is_part and len(languages) == 1 else broadcast.audience.language
    await drafts.set_audience(turn.tx, draft.id, Audience(reader, broadcast.audience.countries))
    await drafts.set_reach(turn.tx, draft.id, "readers" if is_part else broadcast.reach)
    await drafts.set_silent(turn.tx, draft.id, silent=broadcast.silent)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


STEPS: Final[Mapping[StepName, Step]] = {
    "post": Step(_hear_post, _ask_post_again, put_aside, ("post", "review"), needs="organizer"),
    "button": Step(_hear_button, _ask_button_again, put_aside, ("button", "review"), needs="organizer"),
    "review": Step(
        hear_review,
        _review_again,
        put_aside,
        ("post", "button", "countries", "hour", "idle"),
        needs="organizer",
    ),
}

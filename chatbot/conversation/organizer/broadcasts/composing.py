"""Writing a broadcast: its posts, its button, and the review of how it will arrive."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from markupsafe import Markup, escape

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.interface import Said, SentMedia
from chatbot.conversation.organizer.broadcasts.preview import (
    ask_post,
    draw_posts,
    find_open_draft,
    review,
    show,
    show_current,
)
from chatbot.conversation.step_names import BroadcastStep, StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, list_unheard_languages
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
from chatbot.petition.model import LANGUAGES, read_language
from chatbot.screens.organizer.broadcasts import audience
from chatbot.screens.organizer.broadcasts import composing as screens
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts
from chatbot.storage.people import subscriptions

_BUTTON_TASKS: Mapping[Language, BroadcastStep] = {"ko": "button_ko", "en": "button_en"}


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


async def _hear_post(turn: Turn, _text: str, language: Language) -> Reply:
    draft = await find_open_draft(turn)
    if draft is None:
        return await show_current(turn)
    before = draft.posts.get(language)
    if draft.kind == "correction" and (before is None or not isinstance(turn.event, Said)):
        return await ask_post(turn, draft, language, screens.words_only(turn._))
    try:
        post = _read_post(turn, before if draft.kind == "correction" else None)
    except PostRefusedError as refused:
        return await ask_post(turn, draft, language, screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, draft.id, language, replace(post, button=before.button if before else None))
    return await _go_on(turn, draft.id, language if before is None else LANGUAGES[-1])


async def _ask_post_again(turn: Turn, language: Language) -> Reply:
    draft = await find_open_draft(turn)
    return await ask_post(turn, draft, language) if draft else await show_current(turn)


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


async def _go_on(turn: Turn, broadcast_id: int, after: Language) -> Reply:
    """Ask for the posts missing `after` this language; then who gets a single language; then review."""
    draft = await broadcasts.get(turn.tx, broadcast_id)
    for language in LANGUAGES[LANGUAGES.index(after) + 1 :]:
        if language in draft.missing:
            return await ask_post(turn, draft, language)
    if len(draft.posts) == 1 and draft.kind == "update":
        return await ask_reach(turn, draft, "")
    return await review(turn, draft, None if draft.posts else screens.nothing_yet(turn._))


async def write(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Ask for the post in one language, to add or change it."""
    language = read_language(more)
    if language is None or (broadcast.kind != "update" and language not in broadcast.posts):
        return await review(turn, broadcast)
    return await ask_post(turn, broadcast, language)


async def skip(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Leave out one language."""
    language = read_language(more)
    if language is None or broadcast.kind != "update":
        return await review(turn, broadcast)
    await drafts.remove_post(turn.tx, broadcast.id, language)
    return await _go_on(turn, broadcast.id, language)


async def ask_reach(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask whether a post in one language only is for its readers or for everyone."""
    if len(broadcast.posts) != 1 or broadcast.kind != "update":
        return await review(turn, broadcast)
    readers = await subscriptions.count_audience(turn.tx, broadcast.audience)
    return Reply.writing(turn, audience.ask_reach(turn._, broadcast, readers), "review", broadcast.id)


# The button.


async def ask_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for the button, in the first language."""
    return _ask_button(turn, broadcast, next(iter(broadcast.posts)))


async def _ask_button_again(turn: Turn, language: Language) -> Reply:
    draft = await find_open_draft(turn)
    return _ask_button(turn, draft, language) if draft else await show_current(turn)


async def _hear_button(turn: Turn, text: str, language: Language) -> Reply:
    draft = await find_open_draft(turn)
    if draft is None or language not in draft.posts:
        return await show_current(turn)
    try:
        button = read_button(text, _known_url(draft, language))
    except PostRefusedError as refused:
        return _ask_button(turn, draft, language, screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, draft.id, language, replace(draft.posts[language], button=button))
    draft = await broadcasts.get(turn.tx, draft.id)
    written = list(draft.posts)
    for other in written[written.index(language) + 1 :]:
        return _ask_button(turn, draft, other)
    return await review(turn, draft)


async def remove_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Remove the button in every language."""
    for language, post in broadcast.posts.items():
        await drafts.write_post(turn.tx, broadcast.id, language, replace(post, button=None))
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id))


def _ask_button(turn: Turn, draft: Broadcast, language: Language, problem: Markup | None = None) -> Reply:
    screen = screens.ask_button(turn._, draft, language, _known_url(draft, language), problem)
    return Reply.writing(turn, screen, _BUTTON_TASKS[language], draft.id)


def _known_url(draft: Broadcast, language: Language) -> str | None:
    """The link to offer: that of the language asked for first, or else its own."""
    own = draft.posts[language].button
    first = next(iter(draft.posts.values())).button
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
    """Begin a draft with the posts of an ended broadcast, in the languages in which nobody received it."""
    words = list_unheard_languages(broadcast, await deliveries.tally(turn.tx, broadcast.id))
    # The languages would tell something about who signed; the report has no such button then.
    if not words or (broadcast.is_by_signature and broadcast.recalled_at is None):
        return await show(turn, broadcast)
    # The button was tapped twice.
    waiting = await broadcasts.find_draft(turn.tx, turn.person.id)
    if waiting and waiting.kind == "update" and waiting.posts == {each: broadcast.posts[each] for each in words}:
        return await review(turn, waiting)
    draft = await drafts.create(turn.tx, turn.person.id, turn.now, renews=broadcast.renews)
    for language in words:
        await drafts.write_post(turn.tx, draft.id, language, broadcast.posts[language])
    reader = words[0] if len(words) < len(broadcast.posts) else broadcast.audience.language
    await drafts.set_audience(turn.tx, draft.id, Audience(reader, broadcast.audience.countries))
    await drafts.set_reach(turn.tx, draft.id, broadcast.reach)
    await drafts.set_silent(turn.tx, draft.id, silent=broadcast.silent)
    return await review(turn, await broadcasts.get(turn.tx, draft.id))


def _step(
    hear: Callable[[Turn, str, Language], Awaitable[Reply]],
    ask: Callable[[Turn, Language], Awaitable[Reply]],
    language: Language,
    *leads_to: str,
) -> Step:
    """Declare a step at which an organizer writes in one language."""
    in_language = {"language": language}
    return Step(partial(hear, **in_language), partial(ask, **in_language), put_aside, leads_to, needs="organizer")


STEPS: Final[Mapping[StepName, Step]] = {
    "post_ko": _step(_hear_post, _ask_post_again, "ko", "post_en", "review"),
    "post_en": _step(_hear_post, _ask_post_again, "en", "review"),
    "button_ko": _step(_hear_button, _ask_button_again, "ko", "button_en", "review"),
    "button_en": _step(_hear_button, _ask_button_again, "en", "review"),
    "review": Step(
        hear_review,
        _review_again,
        put_aside,
        ("post_ko", "post_en", "button_ko", "button_en", "countries", "hour", "idle"),
        needs="organizer",
    ),
}

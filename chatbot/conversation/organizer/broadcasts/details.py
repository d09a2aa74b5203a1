"""Details of a draft: its settings, its buttons, a picture in one language only, and a test to the team."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note_broadcast
from chatbot.conversation.organizer.broadcasts.composing import put_aside
from chatbot.conversation.organizer.broadcasts.preview import (
    count_recipients,
    draw_posts,
    review,
    show_current,
    with_open_draft,
)
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import (
    MAX_CAPTION_LENGTH,
    READY_BUTTONS,
    PostRefusedError,
    read_button,
)
from chatbot.petition.job import JobDetails
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import Language
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.broadcasts import details as screens
from chatbot.screens.organizer.broadcasts import posts as post_screens
from chatbot.screens.organizer.broadcasts.message import mark_test
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import jobs, team


async def show_settings(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Show the settings of a draft, in place."""
    if not broadcast.posts:
        return await review(turn, broadcast)
    screen = screens.show_settings(turn._, turn.campaign, broadcast, await count_recipients(turn, broadcast))
    return Reply.writing(turn, screen, "review", broadcast.id)


async def set_sound(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Choose whether phones make a sound when it arrives."""
    await drafts.set_silent(turn.tx, broadcast.id, silent=more == "silent")
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id), with_posts=False)


# The buttons.


async def ask_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask for the button, in their own language first."""
    if not broadcast.posts:
        return await review(turn, broadcast)
    return _ask_button(turn, broadcast, _list_own_first(turn, broadcast)[0])


@with_open_draft
async def _ask_button_again(turn: Turn, draft: Broadcast) -> Reply:
    language = turn.writing_language or turn.language
    return _ask_button(turn, draft, language) if language in draft.posts else await show_current(turn)


@with_open_draft
async def _hear_button(turn: Turn, draft: Broadcast, text: str) -> Reply:
    language = turn.writing_language or turn.language
    if language not in draft.posts:
        return await show_current(turn)
    known_url = _known_url(turn, draft, language)
    if draft.posts[language].button is None and not draft.has_room_for_button and known_url is None:
        return _ask_button(turn, draft, language, screens.no_room(turn._))
    try:
        button = read_button(text, known_url)
    except PostRefusedError as refused:
        return _ask_button(turn, draft, language, post_screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, draft.id, language, replace(draft.posts[language], button=button))
    draft = await broadcasts.get(turn.tx, draft.id)
    written = _list_own_first(turn, draft)
    for other in written[written.index(language) + 1 :]:
        return _ask_button(turn, draft, other)
    return await review(turn, draft)


async def remove_button(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Remove the button in every language."""
    for language, post in broadcast.posts.items():
        await drafts.write_post(turn.tx, broadcast.id, language, replace(post, button=None))
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id))


async def choose_ready(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Add a ready-made button (`+sign`), or take it away (`-sign`); without a sign, whichever is not so yet."""
    if not broadcast.posts or broadcast.renews is not None:
        return await review(turn, broadcast)
    language, chosen = _list_own_first(turn, broadcast)[0], broadcast.ready_buttons
    name = more.lstrip("+-")
    is_wanted = more.startswith("+") or (more == name and name not in chosen)
    if is_wanted and name not in chosen and not broadcast.has_room_for_button:
        return _ask_button(turn, broadcast, language, screens.no_room(turn._))
    after = [each for each in READY_BUTTONS if (is_wanted if each == name else each in chosen)]
    await drafts.set_ready_buttons(turn.tx, broadcast.id, after)
    return _ask_button(turn, await broadcasts.get(turn.tx, broadcast.id), language, changed=True)


def _ask_button(
    turn: Turn, draft: Broadcast, language: Language, problem: Markup | None = None, *, changed: bool = False
) -> Reply:
    known = _known_url(turn, draft, language)
    screen = screens.ask_button(turn._, draft, language, known, problem, changed=changed)
    return Reply.writing(turn, screen, "button", draft.id, language)


def _known_url(turn: Turn, draft: Broadcast, language: Language) -> str | None:
    """The link to offer: that of the language asked for first, or else its own."""
    own = draft.posts[language].button
    first = draft.posts[_list_own_first(turn, draft)[0]].button
    known = first or own
    return known.url if known else None


def _list_own_first(turn: Turn, draft: Broadcast) -> list[Language]:
    """List the languages of its posts as they are asked for: their own, then the others."""
    return sorted(draft.list_written(turn.campaign), key=lambda each: each != turn.language)


# A picture in one language only.


async def share_picture(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Use the picture or file of one post for all others that have none."""
    post = broadcast.posts.get(language)
    if post is None or broadcast.lone_picture != language:
        return await review(turn, broadcast)
    others = {each: other for each, other in broadcast.posts.items() if other.media is None}
    long = [each for each, other in others.items() if len(strip_tags(other.text)) > MAX_CAPTION_LENGTH]
    if long:
        return await review(turn, broadcast, screens.text_too_long(turn._, long), with_posts=False)
    for each, other in others.items():
        await drafts.write_post(turn.tx, broadcast.id, each, replace(other, media=post.media))
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id), screens.picture_used(turn._))


async def leave_picture(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Leave the picture in the one language."""
    await drafts.leave_picture_alone(turn.tx, broadcast.id)
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id), with_posts=False)


# A test.


async def send_test(turn: Turn, broadcast: Broadcast, more: str) -> Reply:
    """Send it in all its languages to this organizer, or to the team as well; ask which, unless `more` says so."""
    if not broadcast.posts:
        return await review(turn, broadcast)
    members = list_at_least(await team.find_members(turn.tx, turn.configured_owners), "organizer", but=turn.person.id)
    others = [each.id for each in members if each.notices == "all"]
    if more not in ("me", "team"):
        return Reply.writing(turn, screens.ask_test(turn._, broadcast, len(others)), "review", broadcast.id)
    told = others if more == "team" else []
    if told and not await drafts.note_test(turn.tx, broadcast.id, turn.person.id, turn.now):
        return Reply.staying(turn, None, screens.too_soon(turn._))
    names = await team.find_names(turn.tx)
    name = names.get(turn.person.id, turn.person.name)
    about: JobDetails = {"broadcast": broadcast.id, "revision": broadcast.revision, "by": name}
    for member_id in told:
        await jobs.add(turn.tx, drafts.TEST, about, turn.now, chat_id=member_id)
    if told:
        await note_broadcast(turn, "broadcast.tested", broadcast, people=len(told) + 1)
    reply = await review(turn, broadcast, screens.sent_as_test(turn._, len(told)))
    return replace(reply, first=tuple(mark_test(turn._, each) for each in draw_posts(turn, broadcast)))


STEPS: Final[Mapping[StepName, Step]] = {
    "button": Step(_hear_button, _ask_button_again, put_aside, ("button", "review"), needs="organizer")
}

"""Writing the posts of a broadcast, one in each language."""

import json
from dataclasses import asdict, replace

from markupsafe import Markup, escape

from chatbot.conversation.interface import Event, Said, SentMedia
from chatbot.conversation.organizer.broadcasts.preview import ask_post, count_readers, review, with_open_draft
from chatbot.conversation.parts import are_together, name_parts
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import (
    MAX_TEXT_LENGTH,
    MEDIA_KINDS,
    Media,
    Post,
    PostProblem,
    PostRefusedError,
    read_post,
)
from chatbot.petition.language_guess import guess_written_language, strip_tags
from chatbot.petition.languages import Language
from chatbot.screens.organizer.broadcasts import audience
from chatbot.screens.organizer.broadcasts import composing as screens
from chatbot.screens.organizer.broadcasts import posts as post_screens
from chatbot.storage.broadcasts import broadcasts, drafts, origins


@with_open_draft
async def hear_post(turn: Turn, draft: Broadcast, _text: str) -> Reply:
    """Take the post in the language that was asked for."""
    if refusal := await refuse_split(turn, draft):
        return refusal
    language = turn.writing_language or turn.language
    if not _takes(turn, draft, language):
        return await review(turn, draft)
    before = draft.posts.get(language)
    if draft.kind == "correction" and (before is None or not isinstance(turn.event, Said)):
        return await ask_post(turn, draft, language, screens.words_only(turn._))
    try:
        post = read_content(turn.event, before)
    except PostRefusedError as refused:
        reply = await ask_post(turn, draft, language, post_screens.post_refused(turn._, refused))
        return replace(reply, refused_parts=name_parts(turn.event)) if refused.problem is PostProblem.ALBUM else reply
    if turn.interrupted:
        return _ask_typed(turn, draft, language, post)
    draft = await save(turn, draft, language, post)
    hint = post_screens.has_custom_emoji(turn._) if has_custom_emoji(turn.event) else None
    if before is not None and draft.kind == "update" and before.media == post.media is not None:
        hint = _join(hint, post_screens.kept_media(turn._))
    return await go_on(turn, draft, language, hint) if before is None else await _finish(turn, draft, hint)


@with_open_draft
async def ask_post_again(turn: Turn, draft: Broadcast) -> Reply:
    """Ask again for the post, or whether a text typed after another command is meant as the post."""
    language = turn.writing_language or turn.language
    if event := _unpack(turn.typed):
        return _ask_typed(replace(turn, event=event), draft, language, read_content(event, draft.posts.get(language)))
    return await (ask_post(turn, draft, language) if _takes(turn, draft, language) else review(turn, draft))


def _ask_typed(turn: Turn, draft: Broadcast, language: Language, post: Post) -> Reply:
    """Ask whether something typed after another command is the text that was asked for before."""
    screen = post_screens.ask_typed(turn._, draft, language, post)
    reply = Reply.writing(turn, screen, "post", draft.id, language)
    return replace(reply, interrupted=True, typed=_pack(turn.event))


async def take_typed(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Take it as the text; if it was taken already, go on. Without it, ask for the text again."""
    event = _unpack(turn.typed)
    if event is None and language in broadcast.posts:
        return await go_on(turn, broadcast, language)
    if event is None or turn.broadcast_id != broadcast.id or turn.writing_language != language:
        return await write(turn, broadcast, language)
    return await hear_post(replace(turn, event=event, interrupted=False, typed=None), "")


def _pack(event: Event) -> str | None:
    if not isinstance(event, Said | SentMedia):
        return None
    kept = asdict(event) | {"sent_at": None, "formatted": str(event.formatted) if event.formatted else None}
    return json.dumps(kept, ensure_ascii=False)


def _unpack(typed: str | None) -> Said | SentMedia | None:
    if typed is None:
        return None
    kept = json.loads(typed)
    kept["formatted"] = Markup(kept["formatted"]) if kept["formatted"] else None  # noqa: S704 - escaped in transport
    return SentMedia(**kept) if "kind" in kept else Said(**kept)


def read_content(event: Event, before: Post | None) -> Post:
    """Read a message as a post. What it lacks, words or a picture, stays as it was `before`.

    Raises `PostRefusedError`.
    """
    match event:
        case Said(text=text, formatted=formatted):
            media = before.media if before else None
        case SentMedia(album=str(_)):
            raise PostRefusedError(PostProblem.ALBUM)
        case SentMedia(kind=kind, file_id=str(file_id), caption=text, formatted=formatted):
            known = next((each for each in MEDIA_KINDS if each == kind), None)
            if known is None:
                raise PostRefusedError(PostProblem.WRONG_KIND)
            media = Media(known, file_id)
            if not text and before is not None:
                text, formatted = strip_tags(before.text), before.text
        case _:
            raise PostRefusedError(PostProblem.WRONG_KIND)
    post = read_post(escape(text) if formatted is None else formatted, len(text), media)
    return replace(post, button=before.button if before else None)


async def save(turn: Turn, draft: Broadcast, language: Language, post: Post) -> Broadcast:
    """Store a post with the message it was written in, so that an edit of this message changes it."""
    await drafts.write_post(turn.tx, draft.id, language, post)
    if isinstance(turn.event, Said | SentMedia):
        said, writer = turn.event, turn.person.id
        await origins.note(
            turn.tx, draft.id, language, written_by=writer, message_id=said.message_id, sent_at=said.sent_at
        )
    return await broadcasts.get(turn.tx, draft.id)


def has_custom_emoji(event: Event) -> bool:
    """Whether something in this message arrives as an ordinary emoji."""
    return isinstance(event, Said | SentMedia) and event.has_custom_emoji


async def refuse_split(turn: Turn, draft: Broadcast) -> Reply | None:
    """Refuse the second part of a text that was too long for one message, together with the first part.

    It would be taken for the text in the next language.
    """
    event = turn.event
    if not isinstance(event, Said) or draft.kind == "addition":
        return None
    first = await origins.find_latest(turn.tx, draft.id, turn.person.id)
    if first is None or not are_together(first.sent_at, event.sent_at) or (event.message_id or 0) <= first.message_id:
        return None
    begun = draft.posts[first.language]
    length = len(strip_tags(begun.text)) + len(event.text)
    if begun.media is not None or length <= MAX_TEXT_LENGTH:
        return None
    parts = [guess_written_language(text, turn.campaign.languages) for text in (begun.text, escape(event.text))]
    if None not in parts and parts[0] != parts[1]:  # texts in two languages, forwarded together
        return None
    if draft.of_id is None:
        await drafts.remove_post(turn.tx, draft.id, first.language)
    else:
        original = await broadcasts.get(turn.tx, draft.of_id)
        await drafts.write_post(turn.tx, draft.id, first.language, original.posts[first.language])
    refused = PostRefusedError(PostProblem.SPLIT, length, MAX_TEXT_LENGTH)
    draft = await broadcasts.get(turn.tx, draft.id)
    reply = await ask_post(turn, draft, first.language, post_screens.post_refused(turn._, refused))
    return replace(reply, refused_parts=name_parts(event))


def _takes(turn: Turn, draft: Broadcast, language: Language) -> bool:
    """Whether a post in this language can be written; False if the campaign dropped the language meanwhile."""
    return language in (*turn.campaign.languages, *draft.posts, draft.audience.language)


async def go_on(turn: Turn, draft: Broadcast, after: Language, hint: Markup | None = None) -> Reply:
    """Offer the languages that are missing. Of two languages, the organizer's own was asked for first."""
    missing = draft.list_missing(turn.campaign) if draft.kind == "update" else []
    if len(turn.campaign.languages) > 2 and missing:
        return await choose_language(turn, draft, "")
    if after == turn.language and missing != [after] and missing:
        return await ask_post(turn, draft, next(each for each in missing if each != after), hint)
    return await _finish(turn, draft, hint)


async def _finish(turn: Turn, draft: Broadcast, hint: Markup | None = None) -> Reply:
    """Ask who gets a broadcast that is not written in every language, then show the review."""
    if draft.posts and draft.list_missing(turn.campaign) and draft.kind == "update":
        reply = await ask_reach(turn, draft, "")
        assert reply.screen is not None
        return replace(reply, screen=replace(reply.screen, text=_join(hint, reply.screen.text)))
    return await review(turn, draft, hint if draft.posts else screens.nothing_yet(turn._))


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
    return await go_on(turn, await broadcasts.get(turn.tx, broadcast.id), language)


async def remove_media(turn: Turn, broadcast: Broadcast, language: str) -> Reply:
    """Remove the picture or file of one post. The words stay."""
    post = broadcast.posts.get(language)
    if post is None or post.media is None or broadcast.kind == "correction":
        return await review(turn, broadcast)
    if not strip_tags(post.text).strip():
        refused = PostRefusedError(PostProblem.EMPTY)
        return await ask_post(turn, broadcast, language, post_screens.post_refused(turn._, refused))
    await drafts.write_post(turn.tx, broadcast.id, language, replace(post, media=None))
    return await review(turn, await broadcasts.get(turn.tx, broadcast.id))


async def ask_reach(turn: Turn, broadcast: Broadcast, _more: str) -> Reply:
    """Ask whether a broadcast without a post in every language is for its readers only or for everyone."""
    if not broadcast.posts or not broadcast.list_missing(turn.campaign) or broadcast.kind != "update":
        return await review(turn, broadcast)
    screen = audience.ask_reach(turn._, turn.campaign, broadcast, await count_readers(turn, broadcast))
    return Reply.writing(turn, screen, "review", broadcast.id)


def _join(*hints: Markup | None) -> Markup:
    return Markup("\n\n").join(hint for hint in hints if hint)

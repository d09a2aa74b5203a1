"""The timeline: sent broadcasts, then the campaign's bundled news, newest first, a page each."""

from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.post import MAX_TEXT_LENGTH, MediaKind, Post
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import Language
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back
from chatbot.screens.screen import ButtonRow, Link, Press, Screen
from chatbot.screens.supporter.subscription import subscription_row


def broadcast_page(
    _: Translator,
    language: Language,
    post: Post,
    sent_at: datetime,
    broadcast_id: int,
    number: int,
    pages: int,
    reader: ReaderContext,
) -> Screen:
    """Show the broadcast sent at `sent_at` as page `number` of `pages`; its picture or file is a tap away."""
    rows: list[ButtonRow] = []
    if post.media is not None:
        rows.append((Press(_show(_, post.media.kind), callbacks.PICTURE(broadcast_id)),))
    if post.button is not None:
        rows.append((Link(post.button.label, post.button.url),))
    place = _("<i>{date}</i>", date=_.moment(sent_at))
    if pages > 1:
        place = Markup(" · ").join((place, _place(_, number, pages)))
    return _page(_, language, post.text, place, rows, number, pages, reader)


def bundled_page(
    _: Translator, language: Language, words: CampaignWords, number: int, newer: int, reader: ReaderContext
) -> Screen:
    """Show bundled news after `newer` broadcasts; page `number` counts both."""
    pages = newer + len(words.updates)
    if not words.updates:
        return _page(_, language, _("<b>Updates</b>\n\nThere is no news yet."), None, [], 1, 1, reader)
    # An old button may name a page that a shorter text lacks.
    number = min(max(number, newer + 1), pages)
    place = _place(_, number, pages) if pages > 1 else None
    return _page(_, language, _.page(words.updates[number - newer - 1].text), place, [], number, pages, reader)


def gone(_: Translator) -> str:
    """Notice: the broadcast was recalled, so its picture is gone. Plain text."""
    return _.label("This update is no longer here.")


def _page(
    _: Translator,
    language: Language,
    text: Markup,
    place: Markup | None,
    rows: list[ButtonRow],
    number: int,
    pages: int,
    reader: ReaderContext,
) -> Screen:
    # The longest text fills a message, so the heading is left out.
    if place and len(strip_tags(text)) + len(strip_tags(place)) + 2 <= MAX_TEXT_LENGTH:
        text = Markup("\n\n").join(part for part in (text, place) if part)
    share = Press(_.label("📣 Send it to a friend"), callbacks.SHARE(callbacks.BELOW))
    rows = [*rows, _turning(_, number, pages), (share,), subscription_row(_, language, reader), (way_back(_),)]
    return Screen(text, tuple(row for row in rows if row))


def _place(_: Translator, number: int, pages: int) -> Markup:
    return _("<i>{page} / {pages}</i>", page=_.number(number), pages=_.number(pages))


def _turning(_: Translator, number: int, pages: int) -> ButtonRow:
    row = []
    if number > 1:
        row.append(Press(_.label("‹ Newer"), callbacks.UPDATES(number - 1)))
    if number < pages:
        row.append(Press(_.label("Older ›"), callbacks.UPDATES(number + 1)))
    return tuple(row)


def _show(_: Translator, kind: MediaKind) -> str:
    match kind:
        case "photo":
            return _.label("🖼 Show the picture")
        case "video" | "animation":
            return _.label("🎬 Show the video")
        case "document":
            return _.label("📎 Show the file")

"""The title of a broadcast in lists: its first words."""

import unicodedata
from typing import Final

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import MediaKind, Post
from chatbot.petition.job import JobDetails
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import find_nearest

_WIDTH = 28
"""Latin characters that fit a row of buttons; a Hangul syllable is as wide as two."""
_SIGNS: dict[MediaKind, str] = {"photo": "🖼", "video": "🎬", "animation": "🎬", "document": "📎"}

_TITLE_IN: Final = "title_in_"
"""Before the language, in the details of a notice."""


def headline(_: Translator, broadcast: Broadcast) -> str:
    """Return its first words in the reader's language, else in any; plain text for buttons."""
    language = find_nearest(_.language, broadcast.posts, _.languages)
    return headline_of(broadcast.posts[language]) if language else "…"


def headline_of(post: Post) -> str:
    """Return the first words of a post, with a sign for its picture or file."""
    sign = f"{_SIGNS[post.media.kind]} " if post.media else ""
    lines = (" ".join(line.split()) for line in strip_tags(post.text).splitlines())
    return (sign + _shorten(next(filter(None, lines), ""))).strip() or "…"


def note_titles(broadcast: Broadcast) -> dict[str, str]:
    """Return details of a notice with the title in each language it is written in, for readers of any."""
    return {_TITLE_IN + language: headline_of(post) for language, post in broadcast.posts.items()}


def read_title(_: Translator, details: JobDetails) -> str:
    """Return the title in the reader's language, else in any, from the details of a notice. Plain text.

    Jobs of earlier versions, and the audit log, have one `title`.
    """
    written = [name.removeprefix(_TITLE_IN) for name in details if name.startswith(_TITLE_IN)]
    language = find_nearest(_.language, written, _.languages)
    return str(details.get(f"{_TITLE_IN}{language}") or details.get("title") or "…")


def _shorten(line: str) -> str:
    width = 0
    for place, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > _WIDTH:
            return f"{line[:place].rstrip()}…"
    return line

"""The title of a broadcast in lists: its first words."""

import unicodedata

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import MediaKind, Post
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import find_nearest

_WIDTH = 28
"""Latin characters that fit a row of buttons; a Hangul syllable is as wide as two."""
_SIGNS: dict[MediaKind, str] = {"photo": "🖼", "video": "🎬", "animation": "🎬", "document": "📎"}


def headline(_: Translator, broadcast: Broadcast) -> str:
    """Return its first words in the reader's language, else in any; plain text for buttons."""
    language = find_nearest(_.language, broadcast.posts, _.languages)
    return headline_of(broadcast.posts[language]) if language else "…"


def headline_of(post: Post) -> str:
    """Return the first words of a post, with a sign for its picture or file."""
    sign = f"{_SIGNS[post.media.kind]} " if post.media else ""
    lines = (" ".join(line.split()) for line in strip_tags(post.text).splitlines())
    return (sign + _shorten(next(filter(None, lines), ""))).strip() or "…"


def _shorten(line: str) -> str:
    width = 0
    for place, character in enumerate(line):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > _WIDTH:
            return f"{line[:place].rstrip()}…"
    return line

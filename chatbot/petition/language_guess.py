"""Guesses the language of a text from its letters."""

import html
import re
from typing import Final

from markupsafe import Markup

from chatbot.petition.languages import Language

_TAG: Final = re.compile("<[^<>]*>")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_IN_LINKS: Final = re.compile(r"://|@|\.\w")
_TAGGED: Final = re.compile(r"[#/]\w+")
_ENOUGH: Final = 10
"""Fewest letters that show a language. A Korean syllable counts as three."""


def strip_tags(text: Markup) -> str:
    """Return the plain text of Telegram's HTML."""
    return html.unescape(_TAG.sub("", text))


def guess_written_language(text: Markup) -> Language | None:
    """Guess the language of a text; None if it has too few letters."""
    said = " ".join(word for word in strip_tags(text).split() if not _IN_LINKS.search(word))
    words = _TAGGED.sub(" ", said)
    korean, english = len(_HANGUL.findall(words)) * 3, len(_LATIN.findall(words))
    if korean + english < _ENOUGH:
        return None
    return "ko" if korean > english else "en"

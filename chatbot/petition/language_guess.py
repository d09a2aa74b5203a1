"""Guesses the language of a text from its script."""

import html
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup

from chatbot.petition.languages import Language
from chatbot.petition.text.scripts import find_script, list_scripts

_TAG: Final = re.compile("<[^<>]*>")
_IN_LINKS: Final = re.compile(r"://|@|\.\w")
_TAGGED: Final = re.compile(r"[#/]\w+")
_ENOUGH: Final = 10
"""Fewest letters that show a language."""
_SYLLABLES: Final = frozenset(("HANGUL", "HIRAGANA", "KATAKANA", "CJK"))
_LETTERS_OF_SYLLABLE: Final = 3


def strip_tags(text: Markup) -> str:
    """Return the plain text of Telegram's HTML."""
    return html.unescape(_TAG.sub("", text))


def guess_written_language(text: Markup, languages: Iterable[Language]) -> Language | None:
    """Guess in which of `languages` a text is written, by its script.

    None if it has too few letters, if two of the languages have its script, or if the script of one is not known.
    """
    said = " ".join(word for word in strip_tags(text).split() if not _IN_LINKS.search(word))
    letters: Counter[str] = Counter()
    for character, count in Counter(_TAGGED.sub(" ", said)).items():
        letters[find_script(character) or ""] += count
    for script in _SYLLABLES & letters.keys():
        letters[script] *= _LETTERS_OF_SYLLABLE
    scripts = {language: list_scripts(language) for language in languages}
    found = {language: sum(letters[script] for script in own) for language, own in scripts.items()}
    most = max(found.values(), default=0)
    likely = [language for language, count in found.items() if count == most]
    return likely[0] if most >= _ENOUGH and len(likely) == 1 and all(scripts.values()) else None

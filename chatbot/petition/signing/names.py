"""Cleans a supporter's name, typed or from their Telegram profile, or refuses it with a reason.

Any real name is accepted: one word or ten, in any script, with apostrophes, hyphens, dots and the marks a script
needs. Emoji and other pictures are removed rather than refused: half of Telegram's profiles have one ("Hana 🌸"),
"sign as <my profile's name>" must work with one tap, and the list of supporters is handed over as text.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from chatbot.petition.signing.signs import find_wrong_signs
from chatbot.petition.text.addresses import is_address
from chatbot.petition.text.characters import is_decoration, is_letter, is_stacked, strip_invisible
from chatbot.petition.text.code import has_code

MAX_NAME_LENGTH: Final = 100
"""Longest cleaned name, in characters (code points)."""
_MOST_TYPED: Final = 10 * MAX_NAME_LENGTH
"""Longest text that is cleaned, in characters: room for pictures, spaces and letters that are typed in parts."""


class NameProblem(StrEnum):
    """Why a name is refused."""

    EMPTY = "empty"
    """No visible character."""
    NO_LETTER = "no_letter"
    """Digits, punctuation or pictures only."""
    TOO_LONG = "too_long"
    """More than MAX_NAME_LENGTH characters."""
    LINK = "link"
    """Contains an address, a domain or an @handle."""
    FORMULA = "formula"
    """Begins with = + - or @, which a spreadsheet runs and Telegram links, or with /, as commands do."""
    DISGUISED = "disguised"
    """Disguised as another text: reversed by a bidirectional override, or shown by a private font."""
    STACKED = "stacked"
    """More marks on a letter than any script has."""
    SIGNS = "signs"
    """Has signs that names do not have, or not in this place: markup, braces, code."""
    DIGITS = "digits"
    """A number, or so many digits that they are one: of a telephone, for example."""


class NameRefusedError(ValueError):
    """The text is not accepted as a name; `problem` says why, `signs` which signs are wrong if any are."""

    def __init__(self, problem: NameProblem, signs: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.signs = signs


_OVERRIDES: Final = "\u202d\u202e"
# Private use, surrogates and noncharacters; an unassigned character is only one newer than this Python.
_UNREADABLE: Final = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_FORMULA: Final = "=+-@\u2212/"
# A telephone number, and three numbers in a row. "John Smith 3rd" and "Louis 14" are people; 1E5 and 0xff are numbers.
_DIGITS: Final = re.compile(r"(?:\d\D{0,3}){7}|(?:(?<!\w)\d+(?!\w)\W*){3}")
_NUMBER: Final = re.compile(r"0x[0-9a-f]+|\d[\d.,]*e[\d.,]+", re.IGNORECASE)


def read_name(text: str) -> str:
    """Return the cleaned name: in NFC, on one line, with single spaces, no invisible characters and no pictures.

    Raises `NameRefusedError` for a text that is not a name. Cleaning a name again changes nothing.
    """
    text = text.strip()
    if len(text) > _MOST_TYPED:
        raise NameRefusedError(NameProblem.TOO_LONG)
    if any(override in text for override in _OVERRIDES) or _UNREADABLE.search(text):
        raise NameRefusedError(NameProblem.DISGUISED)
    name = unicodedata.normalize("NFC", " ".join(strip_invisible(text, is_dropped=is_decoration).split()))
    if not any(map(is_letter, name)):
        raise NameRefusedError(NameProblem.NO_LETTER if strip_invisible(text).strip() else NameProblem.EMPTY)
    if len(name) > MAX_NAME_LENGTH:
        raise NameRefusedError(NameProblem.TOO_LONG)
    _refuse_what_is_no_name(name)
    return name


def _refuse_what_is_no_name(name: str) -> None:
    plain = unicodedata.normalize("NFKC", name).replace("\u3002", ".").lstrip()
    if plain.startswith(tuple(_FORMULA)):
        raise NameRefusedError(NameProblem.FORMULA)
    if is_address(name):
        raise NameRefusedError(NameProblem.LINK)
    if is_stacked(name):
        raise NameRefusedError(NameProblem.STACKED)
    signs = find_wrong_signs(name)
    if signs or has_code(name):
        raise NameRefusedError(NameProblem.SIGNS, signs)
    if _DIGITS.search(plain) or _NUMBER.fullmatch(plain):
        raise NameRefusedError(NameProblem.DIGITS)

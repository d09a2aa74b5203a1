"""Cleans a supporter's name, typed or from their Telegram profile, or refuses it with a reason.

Any real name is accepted: one word or ten, in any script, with apostrophes, hyphens, dots and the marks a script
needs. Emoji and other pictures are removed rather than refused: half of Telegram's profiles have one ("Hana 🌸"),
"sign as <my profile's name>" must work with one tap, and the list of supporters is handed over as text.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from chatbot.petition.text.characters import is_decoration, is_letter, is_stacked, strip_invisible

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


class NameRefusedError(ValueError):
    """The text is not accepted as a name; `problem` says why."""

    def __init__(self, problem: NameProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


_OVERRIDES: Final = "\u202d\u202e"
# Private use, surrogates and noncharacters; an unassigned character is only one newer than this Python.
_UNREADABLE: Final = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_FORMULA: Final = "=+-@\u2212/"
# Texts that Telegram or a reader takes for links. Two-letter domains that are family names after an initial (Li, Ma,
# Mo, So, La, No) are left out: "X.Li" is a person. So is "J.Kim"; see _INITIALS.
_LINK: Final = re.compile(
    r"""
    :// | \bwww\. | @ | (?-i:\bt\.me\b)
    | \b[\w-]+\.[a-z]{2,24}/
    | \b[\w-]+\.(?:com|net|org|info|biz|xyz|app|dev|site|online|shop|store|top|link|club|live|page|web|blog|news|chat|
                   click|fun|pro|vip|icu|space|website|tech|cloud|asia|kim|bot|ton|gov|edu|mobi|onion)\b(?!\.\s*\w)
    | \b[\w-]{2,}\.(?:co|or|go|ne|ac|re)\.[a-z]{2}\b
    | \b[\w-]{2,}\.(?-i:me|io|co|tv|cc|ly|gg|gl|be|to|ai|sh|st|im|kr|jp|cn|hk|tw|ru|ua|uk|us|eu|de|fr|es|it|nl|pl|ca|au|
                        in|id|vn|th|tk|ml|ga|cf|gq|pw|ws|su)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


# Initials or a title before a family name that is also a domain, and nothing of an address after it. "J.Kim",
# "H.S.Kim", "Mr.Kim" and "J.Kim-Lee" are people; "shop.kim", "a.kim/x" and "www.a.kim" are not.
_INITIALS: Final = re.compile(
    r"""
    (?<![\w.@:/-]) (?!www\.) (?:(?:[^\W\d_]{1,3}|prof|miss)\.)+
    (?:kim|page|ton|link|live|pro|web|asia|bot|top|cloud|click|fun|space) (?![\w/:@?\#]|\.\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_name(text: str) -> str:
    """Return the cleaned name: in NFC, on one line, with single spaces, no invisible characters and no pictures.

    Raises `NameRefusedError` for a text that is not a name. Cleaning a name again changes nothing.
    """
    text = text.strip()
    if len(text) > _MOST_TYPED:
        raise NameRefusedError(NameProblem.TOO_LONG)
    if any(override in text for override in _OVERRIDES) or _UNREADABLE.search(text):
        raise NameRefusedError(NameProblem.DISGUISED)
    if not strip_invisible(text).strip():
        raise NameRefusedError(NameProblem.EMPTY)
    name = unicodedata.normalize("NFC", " ".join(strip_invisible(text, is_dropped=is_decoration).split()))
    if not any(map(is_letter, name)):
        raise NameRefusedError(NameProblem.NO_LETTER)
    if len(name) > MAX_NAME_LENGTH:
        raise NameRefusedError(NameProblem.TOO_LONG)
    plain = unicodedata.normalize("NFKC", name).replace("\u3002", ".")
    if plain.lstrip().startswith(tuple(_FORMULA)):
        raise NameRefusedError(NameProblem.FORMULA)
    if _LINK.search(_INITIALS.sub(" ", plain)):
        raise NameRefusedError(NameProblem.LINK)
    if is_stacked(name):
        raise NameRefusedError(NameProblem.STACKED)
    return name

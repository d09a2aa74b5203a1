"""A supporter's name as they type it, or as their Telegram profile has it: cleaned, or refused with the reason.

Any name of the world is welcome: one word or ten, in any script, with apostrophes, hyphens, dots and the marks a script
needs. Emoji and other pictures are left out rather than refused: half of Telegram's profiles wear one ("Hana 🌸"), so
"sign as <my profile's name>" must work with one tap, and the list of supporters is handed on as text.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

from chatbot.petition.text.characters import is_decoration, is_letter, is_stacked, strip_invisible

MAX_NAME_LENGTH: Final = 100
"""Characters (code points) a cleaned name may have."""
_MOST_TYPED: Final = 10 * MAX_NAME_LENGTH
"""Characters a text may have to be looked at: room for pictures, spaces and letters that are typed in parts."""


class NameProblem(StrEnum):
    """Why a text cannot be somebody's name."""

    EMPTY = "empty"
    """Nothing that can be seen."""
    NO_LETTER = "no_letter"
    """Digits, punctuation or pictures only."""
    TOO_LONG = "too_long"
    """More than MAX_NAME_LENGTH characters."""
    LINK = "link"
    """An address, a domain or an @handle is in it."""
    FORMULA = "formula"
    """Begins with = + - or @, which a spreadsheet runs and Telegram links, or with /, as commands do."""
    DISGUISED = "disguised"
    """Meant to look like something else: reversed by a bidirectional override, or drawn by a private font."""
    STACKED = "stacked"
    """More marks piled on a letter than any script does."""


class NameRefusedError(ValueError):  # a refusal, said kindly; not an error of the program
    """The text is not a name; `problem` says why."""

    def __init__(self, problem: NameProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


_OVERRIDES: Final = "\u202d\u202e"
# Private use, surrogates and noncharacters; an unassigned character is only one newer than this Python.
_UNREADABLE: Final = re.compile("[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff]")
_FORMULA: Final = "=+-@\u2212/"
# What Telegram turns into a link by itself, or a person would. The two-letter domains leave out those that are family
# names after an initial (Li, Ma, Mo, So, La, No): "X.Li" is a person. So is "J.Kim"; see _INITIALS.
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


# Initials or a title right before a family name that is a domain as well, and no address goes on behind it. "J.Kim",
# "H.S.Kim", "Mr.Kim" and "J.Kim-Lee" are people; "shop.kim", "a.kim/x" and "www.a.kim" are not.
_INITIALS: Final = re.compile(
    r"""
    (?<![\w.@:/-]) (?!www\.) (?:(?:[^\W\d_]{1,3}|prof|miss)\.)+
    (?:kim|page|ton|link|live|pro|web|asia|bot|top|cloud|click|fun|space) (?![\w/:@?\#]|\.\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_name(text: str) -> str:
    """The name in `text`: in NFC, on one line, single spaces, nothing invisible and no pictures.

    Raises NameRefusedError when it is no name. Reading a name again gives the same name.
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

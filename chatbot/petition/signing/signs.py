"""Signs in names: those that names of some script have, and where they may stand.

Letters, marks and numbers need no permission. Of all other signs a name has only these, so that markup and code are
no names, in whatever language they are written.
"""

import re
import unicodedata
from typing import Final

from chatbot.petition.text.characters import JOINERS

_APOSTROPHES: Final = "'\u2018\u2019\u201b\u2032\u055a"
_ACCENTS: Final = "`\u00b4"  # typed for an apostrophe
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u058a\u05be\u1400\u1806\u2e40\u30a0"
_DOTS: Final = ".\u00b7\u2022\u2027\u2024\u2219\u22c5\u30fb\uff65\u3002\uff61\u2026"
_COMMAS: Final = ",\u060c\u3001\uff64"
_OF_SCRIPTS: Final = "\u05f3\u05f4\u0f0b\u0f0c\u1361\u070a"
"""Hebrew's marks of abbreviations, and the signs between Tibetan, Ethiopic and Syriac syllables or words."""
_ENDS: Final = "?!\u00a1\u00bf\u061f\u037e"
_PLACED: Final = '"()/:&_=' + _ACCENTS
"""Signs that are wrong in most places: `_PLACES` has the right ones."""

_SIGNS: Final = frozenset(" " + JOINERS + _APOSTROPHES + _HYPHENS + _DOTS + _COMMAS + _OF_SCRIPTS + _ENDS + _PLACED)
_ALIKE: Final = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\u3003", '"')
)
"""Full-width forms, and the marks of quotations in all languages."""

_LETTER: Final = r"[^\W\d_]"
_PLACES: Final = re.compile(
    rf"""
    (?:(?<=\s)|(?<=\()|\A) " (?=[\w']) [^"()<>]{{1,60}} (?<=[\w.'!]) " (?=[\s,)]|\Z)    # Dwayne "The Rock" Johnson
    | \( (?=[\w.'"]) [^()]* {_LETTER} [^()]* (?<![\s,:&/]) \)                          # 홍길동(洪吉童), (J.Kim)
    | (?<={_LETTER}) / (?={_LETTER})                                                   # Raj a/l Kumar, 하나/Hana
    | (?<!\w{{2}})(?<={_LETTER}) : (?=[^\W\d_A-Z])                                     # the Swedish J:son
    | (?<=\w\s) & (?=\s\w)                                                             # Sam & Hana
    | (?<=[^\W_]) _ (?=[^\W_])                                                         # a pen name: hana_kim
    | (?:(?<={_LETTER})|(?<!\S)) [{_ACCENTS}] (?={_LETTER})                             # O`Brien
    | (?<=[\u05d0-\u05ea]) " (?=[\u05d0-\u05ea])                                       # the Hebrew abbreviation רמב"ם
    | (?<=[\u30a1-\u30fc]) = (?=[\u30a1-\u30fc])                                       # the katakana of Jean-Jacques
    """,
    re.VERBOSE,
)
_PATH: Final = re.compile(r"/[a-z]{3,}|/.*/")
_DOUBLED: Final = re.compile(
    rf"([{re.escape(_HYPHENS)}])\1|([{re.escape(_COMMAS)}])\s*\2|(?<!{_LETTER})''|''(?!{_LETTER})|'''"
)
_FIRST: Final = re.compile(rf"[{re.escape(_COMMAS)}:&_/]")


def find_wrong_signs(name: str) -> str:
    """Return the signs of `name` (in NFC) that a name does not have, or not where they stand; each once."""
    folded = name.translate(_ALIKE)
    wrong = [
        own
        for own, sign in zip(name, folded, strict=True)
        if sign not in _SIGNS and unicodedata.category(sign)[0] not in "LMN"
    ]
    if not wrong:
        wrong = [*_find_misplaced(folded)]
    return "".join(dict.fromkeys(wrong))


def _find_misplaced(folded: str) -> str:
    left = _PLACES.sub(lambda found: _keep_inner(found[0]), folded)
    misplaced = "".join(sign for sign in left if sign in _PLACED)
    for pattern in (_PATH, _DOUBLED, _FIRST):
        found = pattern.match(folded) if pattern is _FIRST else pattern.search(folded)
        misplaced += found[0][0] if found else ""
    return misplaced


def _keep_inner(found: str) -> str:
    """Return what stands between quotation marks or brackets, whose own signs must be right as well."""
    return found[1:-1] if len(found) > 2 else ""

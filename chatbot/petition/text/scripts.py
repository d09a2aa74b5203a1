"""Scripts of letters and of languages: Unicode's names of letters, and CLDR's likely script of a language."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.core import get_global, parse_locale

_HAN: Final = ("CJK",)
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Adlm": ("ADLAM",),
    "Arab": ("ARABIC",),
    "Armn": ("ARMENIAN",),
    "Beng": ("BENGALI",),
    "Cakm": ("CHAKMA",),
    "Cans": ("CANADIAN",),
    "Cher": ("CHEROKEE",),
    "Cyrl": ("CYRILLIC",),
    "Deva": ("DEVANAGARI",),
    "Ethi": ("ETHIOPIC",),
    "Geor": ("GEORGIAN",),
    "Grek": ("GREEK",),
    "Gujr": ("GUJARATI",),
    "Guru": ("GURMUKHI",),
    "Hans": _HAN,
    "Hant": _HAN,
    "Hebr": ("HEBREW",),
    "Jpan": ("HIRAGANA", "KATAKANA", *_HAN),
    "Khmr": ("KHMER",),
    "Knda": ("KANNADA",),
    "Kore": ("HANGUL",),
    "Laoo": ("LAO",),
    "Latn": ("LATIN",),
    "Mlym": ("MALAYALAM",),
    "Mong": ("MONGOLIAN",),
    "Mtei": ("MEETEI",),
    "Mymr": ("MYANMAR",),
    "Nkoo": ("NKO",),
    "Olck": ("OL",),
    "Orya": ("ORIYA",),
    "Sinh": ("SINHALA",),
    "Syrc": ("SYRIAC",),
    "Taml": ("TAMIL",),
    "Telu": ("TELUGU",),
    "Tfng": ("TIFINAGH",),
    "Thaa": ("THAANA",),
    "Thai": ("THAI",),
    "Tibt": ("TIBETAN",),
    "Vaii": ("VAI",),
    "Yiii": ("YI",),
}
"""The first words of the names of a script's letters, by the script's ISO 15924 code."""

ALPHABETS: Final = frozenset(word for words in _WORDS.values() for word in words) - {
    *_HAN,
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
}
"""Scripts that stand alone in a word. Those of East Asia are written together, and with Latin letters."""

UNSPACED: Final = frozenset(("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "KHMER", "LAO", "MYANMAR", "THAI", "TIBETAN"))
"""Scripts in which other letters may follow a word without a space: the next word, or an ending."""


def find_script(character: str) -> str | None:
    """Return the script of a letter or mark, as the first word of its Unicode name; None for any other character.

    Marks that any script uses have the script `COMBINING`.
    """
    if unicodedata.category(character)[0] not in "LM":
        return None
    name = unicodedata.name(character, "").removeprefix("HALFWIDTH ").removeprefix("FULLWIDTH ")
    return name.partition(" ")[0] or None


@lru_cache(maxsize=256)
def list_scripts(language: str) -> frozenset[str]:
    """Return the scripts that a language is written in, as `find_script` names them; empty if they are not known."""
    try:
        code, territory, script, *_ = parse_locale(language)
    except ValueError:
        return frozenset()
    known = get_global("likely_subtags")
    likely = known.get(f"{code}_{territory}") or known.get(code, "")
    return frozenset(_WORDS.get(script or likely.split("_")[1 if likely.count("_") > 1 else 0], ()))

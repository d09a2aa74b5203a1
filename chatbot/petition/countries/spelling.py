"""Normalises the spelling of country names: different spellings of a name share one key."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from chatbot.petition.text.scripts import find_script

# Letters without a Unicode decomposition, as people type them on other keyboards, and those typed for each other.
_PLAIN: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ə": "a",
        "&": " and ",
        "ي": "ى",
        "ی": "ى",
        "ې": "ى",
        "ک": "ك",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ـ": None,
        "\u200c": None,
        "\u200d": None,
        "ー": None,
    }
    | {chr(c): chr(c + 0x60) for c in range(0x3041, 0x3097)}
)
HANGUL: Final = "HANGUL"
HAN: Final = "CJK"
_WITH_HAN: Final = frozenset((HAN, "HIRAGANA", "KATAKANA"))
_APOSTROPHES: Final = frozenset("'’‘ʻʼʿʾ`´′＇")
_SHORT: Final = {"st": "saint", "ste": "saint", "rep": "republic"}


# Marks that people leave out: accents; vowel signs of Arabic and Hebrew; the dots below letters of northern India.
_DROPPED: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c]"
)


def spell(text: str) -> list[str]:
    """Return the words of `text` in lower case, without diacritics and punctuation; Hangul as whole syllables.

    Letters that are typed for each other in a script are the same here: the two kinds of kana, Arabic and Persian yeh.
    """
    loose = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in _DROPPED.sub("", loose) if c not in _APOSTROPHES)
    composed = unicodedata.normalize("NFC", bare).translate(_PLAIN)
    words = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in composed).split()
    return [_SHORT.get(word, word) for word in words]


def join(words: Iterable[str], without: frozenset[str] = frozenset()) -> str:
    """Return one key for `words` except those in `without`: "South Korea" and "southkorea" share it."""
    return "".join(word for word in words if word not in without)


def sort_join(words: Sequence[str], without: frozenset[str] = frozenset()) -> str:
    """Return one key for `words` in any order: "Korea, Republic of" and "Republic of Korea" share it."""
    return join(sorted(words), without)


def has_hangul(key: str) -> bool:
    """Whether `key` contains a Korean syllable."""
    return any("\uac00" <= c <= "\ud7a3" for c in key)


def find_family(key: str) -> str:
    """Return the script of `key`; one for all of Korean, and one for all of Chinese and Japanese.

    Only names of one family are compared with each other.
    """
    if has_hangul(key):
        return HANGUL
    script = find_script(key[:1]) if key else None
    return HAN if script in _WITH_HAN else script or ""


@lru_cache(maxsize=1)
def _leads_of_tails() -> dict[int, str]:
    """Map each final consonant of a syllable to the same initial one (a cluster to two), by their Unicode names."""
    leads = {unicodedata.name(chr(c)).removeprefix("HANGUL CHOSEONG "): chr(c) for c in range(0x1100, 0x1113)}
    tails = {}
    for code in range(0x11A8, 0x11C3):
        name = unicodedata.name(chr(code)).removeprefix("HANGUL JONGSEONG ")
        tails[code] = leads.get(name) or "".join(leads[part] for part in name.split("-"))
    return tails


def keystrokes(key: str) -> str:
    """Return `key` as typed letters: Hangul syllables are decomposed, with one form of each consonant."""
    return unicodedata.normalize("NFD", key).translate(_leads_of_tails()) if has_hangul(key) else key

"""Normalises the spelling of country names: different spellings of a name share one key."""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

# Letters without a Unicode decomposition, as people type them on other keyboards.
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
    }
)
_APOSTROPHES: Final = frozenset("'’‘ʻʼʿʾ`´′＇")
_SHORT: Final = {"st": "saint", "ste": "saint", "rep": "republic"}


def spell(text: str) -> list[str]:
    """Return the words of `text` in lower case, without diacritics and punctuation; Hangul as whole syllables."""
    loose = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in loose if not "\u0300" <= c <= "\u036f" and c not in _APOSTROPHES)
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

"""What a typed answer means: a wish to stop, no answer, a name in a sentence, or hardly a name.

The words are those of all languages in `words`, whatever the reader's is: people change languages in a chat.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from chatbot.petition.signing.names import read_name
from chatbot.petition.text.characters import is_mark
from chatbot.petition.text.scripts import ALPHABETS, find_script

_LONGEST: Final = 400
"""Longer texts are no such answer, in characters."""
_MOST_WORDS: Final = 8
_MOST_COMMAS: Final = 2
_SHORTEST_SENTENCE: Final = 4
"""Letters of the shortest sentence without a space: the longest common names of such languages have three."""
_LONGEST_GIVEN: Final = 3
_LONGEST_FAMILY: Final = 2
"""Syllables of Korean names."""
_LONGEST_WORDS: Final = {"HANGUL": 7, "CJK": 6}
_SINGLE_LETTERS: Final = (
    "HANGUL LETTER",
    "HANGUL CHOSEONG",
    "HANGUL JUNGSEONG",
    "HANGUL JONGSEONG",
    "HALFWIDTH HANGUL",
)
_MARKS_OF_SENTENCES: Final = re.compile(r"[?？؟;¿¡！]|!(?![^\W\d_])|\.\.|…|。")


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name to sign with. If it `is_doubtful`, ask once whether it is meant: it may be a question or a greeting."""

    name: str
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    cancel: frozenset[str]
    skip: frozenset[str]
    no_names: frozenset[str]
    greetings: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    sentence_words: frozenset[str]
    sentence_ends: tuple[str, ...]
    no_starts: frozenset[str]
    with_full_stop: frozenset[str]
    family_names: tuple[str, ...]


def is_cancel(text: str) -> bool:
    """Whether `text` says no more than that they want to stop. "STOP!" is said to others."""
    return len(text) <= _LONGEST and "!" not in text and _bare(text) in _load().cancel


def is_skip(text: str) -> bool:
    """Whether `text` says no more than that they give no answer to this question."""
    return len(text) <= _LONGEST and (_bare(text) in _load().skip or text.strip() == "-")


def parse_name(text: str) -> ParsedName:
    """Return the name in `text`, without a sentence around it such as "My name is".

    Raises `NameRefusedError` if no name can be made of it.
    """
    whole = " ".join(text.split())
    told, is_told = _find_told(whole)
    if told == whole or not any(map(str.isalpha, told)):
        name = read_name(text)
        return ParsedName(name, _is_doubtful(name))
    name = read_name(told)
    if _is_doubtful(name) or name.split()[0].casefold() in _load().no_starts:
        return ParsedName(read_name(text), is_doubtful=True)
    return ParsedName(name, not is_told)


def join_names(first: str, last: str) -> str:
    """Return the name of a Telegram profile. Korean names of two parts are put in their own order: 홍 and 길동.

    Telegram has the given name first. A family name that was typed there, because it comes first, is recognised.
    """
    families, plain = _load().family_names, " ".join(part for part in (first, last) if part)
    if not (first and last and all(map(_is_syllable, first + last))):
        return plain
    if last in families and len(first) <= _LONGEST_GIVEN:
        return last + first
    if first in families and len(last) <= _LONGEST_GIVEN:
        return first + last
    is_whole = len(first) == _LONGEST_GIVEN and first.startswith(families)
    return plain if is_whole or len(first) > _LONGEST_GIVEN or len(last) > _LONGEST_FAMILY else last + first


def _find_told(whole: str) -> tuple[str, bool]:
    """Return the name in a sentence, and whether the sentence told that it is one; without a sentence, all of it."""
    words = _load()
    text = whole.replace("’", "'").replace("‘", "'")
    rest = _strip_start(text, words.greetings)
    named = _strip_start(rest, words.before)
    ended = _strip_end(named, words.after)
    if named == rest and ended == named:
        return whole, True
    name = _strip_full_stop(ended)
    if all(map(_is_syllable, name.replace(" ", ""))):
        return name, name.startswith(words.family_names)
    return name, named != rest or name != named


def _strip_start(text: str, starts: Iterable[str]) -> str:
    folded = text.casefold()
    for start in starts:
        if folded.startswith(start) and len(folded) == len(text):
            rest = text[len(start) :]
            if not (start[-1].isascii() and start[-1].isalpha()) or (not rest[:1].isalnum() and rest[:1] not in "'-"):
                return rest.lstrip(" ,.:;!-–—")
    return text


def _strip_end(text: str, ends: Iterable[str]) -> str:
    bare = text.rstrip(" .!~。")
    folded = bare.casefold()
    for end in ends:
        if folded.endswith(end) and len(folded) == len(bare):
            rest = bare[: -len(end)]
            if not end[0].isascii() or rest[-1:] == " ":
                return rest.rstrip(" ,")
    return text


def _strip_full_stop(text: str) -> str:
    """Remove the end of a sentence; "Jr." and "J." keep theirs."""
    bare = text.rstrip(" .!~。")
    last = re.split(r"[\s.]", bare)[-1].casefold()
    is_short = len(last) == 1 and last.isascii()
    return text if text[len(bare) :] == "." and (is_short or last in _load().with_full_stop) else bare


def _is_doubtful(name: str) -> bool:
    """Whether a name is hardly one, but a question, a sentence, a greeting, noise, or a word of this bot."""
    words, bare = _load(), _bare(name)
    if bare in words.no_names or bare in words.skip or bare in words.cancel or _MARKS_OF_SENTENCES.search(name):
        return True
    parts = name.split()
    if len(parts) > _MOST_WORDS or sum(name.count(comma) for comma in ",،、，") > _MOST_COMMAS:
        return True
    if len(parts) > 1 and any(part.strip(".,!\"'()") in words.sentence_words for part in parts):
        return True
    return (
        (len(bare) >= _SHORTEST_SENTENCE and bare.endswith(words.sentence_ends))
        or _has_single_letters_only(name)
        or any(_is_odd_word(word) for word in re.split(r"[\W\d_]+", name))
    )


def _has_single_letters_only(name: str) -> bool:
    """Whether all letters are parts of Korean syllables, as in ㅋㅋㅋ."""
    return all(unicodedata.name(c, "").startswith(_SINGLE_LETTERS) for c in name if c.isalpha())


def _is_odd_word(word: str) -> bool:
    """Whether letters of several alphabets make up one word, or so many syllables that they are a sentence."""
    scripts = {find_script(letter) for letter in word}
    alphabets = scripts & ALPHABETS
    if len(alphabets) > 1 or (alphabets - {"LATIN"} and scripts & _LONGEST_WORDS.keys()):
        return True
    return any(len(word) > most and scripts == {script} for script, most in _LONGEST_WORDS.items())


def _is_syllable(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


def _bare(text: str) -> str:
    """Return the letters and numbers of `text`, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFKC", text[:_LONGEST]).casefold() if c.isalnum() or is_mark(c))


@lru_cache(maxsize=1)
def _load() -> _Words:
    """Load the words of all languages; the longest first where a text is tried for them in turn."""
    tables = list(_read_all())

    def gather(key: str) -> list[str]:
        return [word.replace("’", "'").casefold() for table in tables for word in table.get(key, ())]

    def order(key: str) -> tuple[str, ...]:
        return tuple(sorted(gather(key), key=len, reverse=True))

    return _Words(
        cancel=frozenset(map(_bare, gather("cancel"))),
        skip=frozenset(map(_bare, gather("skip"))) - {""},
        no_names=frozenset(map(_bare, gather("no_names"))),
        greetings=order("greetings"),
        before=order("before"),
        after=order("after"),
        sentence_words=frozenset(gather("sentence_words")),
        sentence_ends=tuple(map(_bare, gather("sentence_ends"))),
        no_starts=frozenset(gather("no_starts")),
        with_full_stop=frozenset(gather("with_full_stop")),
        family_names=order("family_names"),
    )


def _read_all() -> Iterator[dict[str, Any]]:
    folder = files("chatbot.petition.signing").joinpath("words")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        yield tomllib.loads(file.read_text(encoding="utf-8"))

"""Finds the country in a text: in any language, misspelt or not, as a code or a flag.

A single sure country is accepted at once; several are offered. North Korea is never accepted without a question.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from babel.core import get_global, parse_locale

from chatbot.petition.countries.fuzzy import Likeness, choose_sure, find_alike, find_alike_abroad
from chatbot.petition.countries.names import CODES, SMALL, Vocabulary, country_name, load_vocabulary
from chatbot.petition.countries.parts import list_inside, list_with_part
from chatbot.petition.countries.spelling import has_hangul, join, sort_join, spell
from chatbot.petition.countries.world import NORTH, SOUTH, is_long, load_world
from chatbot.petition.languages import Language

__all__ = ["CODES", "Match", "country_flag", "country_name", "find_country", "likely_countries", "prepare"]

MOST_OFFERS: Final = 6
# The longest names are shorter: "the United Kingdom of Great Britain and Northern Ireland" is 56 characters.
_MOST_CHARACTERS: Final = 160
_MOST_WORDS: Final = 24
_LONGEST_NAME: Final = 8
_MOST_PARTS: Final = 4
"""Words of a sentence that are looked for in names; each is compared with all names of its script."""
_LONGEST_TAG: Final = 64  # real ones have up to 35
_LONGEST_ENDING: Final = 12
_FLAG_LETTERS: Final = 0x1F1E6
_TAG_LETTERS: Final = 0xE0061


@dataclass(frozen=True, slots=True)
class Match:
    """The result of a search: one `sure` code, or `offers` to choose from, best first, or neither.

    `divided`: North Korea may be meant. Then no country is sure, and both Koreas are among the offers.
    """

    sure: str | None = None
    offers: tuple[str, ...] = ()
    divided: bool = False


def find_country(text: str, languages: Sequence[Language]) -> Match:
    """Find the countries that `text` may mean. Never raises.

    `languages` are those of the campaign, the reader's first. Their names are known best; then come all that CLDR has.
    """
    text = text.strip()[:_MOST_CHARACTERS]
    words = spell(text)[:_MOST_WORDS]
    flags = _find_flags(text)
    if not words and not flags:
        return Match()
    known = load_vocabulary(frozenset(languages))
    named = _find_named(text, words, known, languages)
    if flags:
        agreed = len(flags) == 1 and (named.sure == flags[0] or (not named.offers and _is_only_around(words, known)))
        named = _settle((flags[0],), sure=True) if agreed else _settle((*flags, named.sure or "", *named.offers))
    if _may_mean_north(words, named, known):
        return _settle((SOUTH, NORTH, *named.offers))
    return named


def prepare(languages: Iterable[Language]) -> None:
    """Load all names at the start, so that the first person who needs them need not wait."""
    load_vocabulary(frozenset(languages))
    load_world()


def _settle(codes: Iterable[str], *, sure: bool = False) -> Match:
    """Return the match for `codes`, best first: one of them `sure`, or all as offers. The North is never sure."""
    found = tuple(dict.fromkeys(code for code in codes if code))
    if NORTH in found:
        others = tuple(code for code in found if code not in (NORTH, SOUTH))
        return Match(None, (SOUTH, NORTH, *others)[:MOST_OFFERS], divided=True)
    return Match(found[0]) if sure and len(found) == 1 else Match(None, found[:MOST_OFFERS])


def _find_named(text: str, words: Sequence[str], known: Vocabulary, languages: Sequence[Language]) -> Match:
    """Match the words, trying the most reliable way first."""
    key = join(words, SMALL)
    bare = "".join(c for c in text if c.isalnum()).lower()
    code = known.codes.get(bare)
    codes = known.names.get(key) or known.turned.get(sort_join(words, SMALL))
    if not (key or code) or key in known.nothing:
        return _settle(codes or ())
    if codes or code:
        others = () if key in known.own else load_world().names.get(key, ())
        return _settle((*(codes or (code,)), *others), sure=bool(codes) or bare not in known.words_like_codes)
    if key not in known.around and (codes := load_world().names.get(key)):
        return _settle((*codes, *_find_rivals(key, known)), sure=is_long(key))
    return _read_sentence(text, words, known, languages)


def _find_rivals(key: str, known: Vocabulary) -> list[str]:
    """List the countries one mistake away from `key`, for a key that was matched by another language's name."""
    return [likeness.code for likeness in find_alike([key], known) if likeness.mistakes <= 1]


def _is_only_around(words: Sequence[str], known: Vocabulary) -> bool:
    return all(word in known.around or word in SMALL or word in known.nothing for word in words)


def _read_sentence(text: str, words: Sequence[str], known: Vocabulary, languages: Sequence[Language]) -> Match:
    """Match a sentence, an address or a misspelt name: "I live in Canada", "Seoul, South Korea", "Germny"."""
    named, placed, rest = _find_mentions(words, set(re.findall(r"\b[A-Z]{2,3}\b", text)), known)
    if len(named) == 1 and not rest and set(placed) <= set(named):
        return _settle((*named, *_find_rivals(join(words), known)), sure=True)
    if not named and ((len(placed) == 1 and not rest) or (not placed and _is_only_around(rest, known))):
        return _settle(placed)
    core = [word for word in words if word not in known.around]
    keys = [key for spelt in (words, core) for key in (join(spelt), join(spelt, SMALL), sort_join(spelt, SMALL)) if key]
    alike = find_alike(keys, known)
    alike.sort(key=lambda likeness: (likeness.mistakes, country_name(likeness.code, *languages)))
    abroad = _find_nearer_abroad(keys[0], alike)
    sure = choose_sure([*alike, *abroad])
    if sure and {*named, *placed} <= {sure}:
        return _settle((sure,), sure=True)
    near = [likeness.code for likeness in alike if likeness.mistakes <= alike[0].mistakes + 1]
    parts = list_with_part(keys[:1], known) or list_inside(keys[0])
    if not (named or placed or parts):
        parts = list_with_part(sorted(rest, key=len)[-_MOST_PARTS:], known)
    found = [sure or "", *named, *parts, *near, *placed] if sure or named else [*parts, *near, *placed]
    found = found or _find_begun(join(words, SMALL), known, languages)
    return _settle([*found, *(likeness.code for likeness in abroad)])


def _find_nearer_abroad(key: str, alike: Sequence[Likeness]) -> list[Likeness]:
    """List other countries with names in any language that are as near to `key` as the nearest of `alike`."""
    found = find_alike_abroad(key, alike[0].mistakes) if alike else find_alike_abroad(key)
    known = {likeness.code: likeness.mistakes for likeness in alike}
    most = found[0].mistakes + (not alike) if found else 0
    return [each for each in found if each.mistakes <= most and each.mistakes < known.get(each.code, _MOST_CHARACTERS)]


def _find_mentions(
    words: Sequence[str], capitals: set[str], known: Vocabulary
) -> tuple[list[str], list[str], list[str]]:
    """Return the countries named in `words`, those only hinted at, and the words that are neither names nor filler.

    `capitals` are the words in capitals, which may be codes such as US.
    """
    names = load_world().names
    named: list[str] = []
    placed: list[str] = []
    rest: list[str] = []
    start = 0
    while start < len(words):
        for size in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            key = join(words[start : start + size], SMALL)
            if codes := _look_up(key, known.names, known.endings):
                (named if len(codes) == 1 else placed).extend(codes)
                break
            if codes := _look_up(key, known.places, known.endings) or (names.get(key) if is_long(key) else None):
                placed.extend(codes)
                break
        else:
            size = 1
            word = words[start]
            if word.upper() in capitals and word in known.codes and word not in known.words_like_codes:
                named.append(known.codes[word])
            elif word not in known.around and word not in SMALL:
                rest.append(word)
        start += size
    return list(dict.fromkeys(named)), list(dict.fromkeys(placed)), rest


def _look_up(key: str, table: Mapping[str, tuple[str, ...]], endings: frozenset[str]) -> tuple[str, ...] | None:
    """Look up `key` in `table`, also without the endings that Korean adds to a name."""
    codes = table.get(key)
    if codes or not has_hangul(key[-1:]):
        return codes
    for end in range(len(key) - 1, max(len(key) - _LONGEST_ENDING, 1) - 1, -1):
        codes = table.get(key[:end])
        if codes and _is_ending(key[end:], endings):
            return codes
    return None


def _is_ending(tail: str, endings: frozenset[str]) -> bool:
    """Whether `tail` consists of one or more endings."""
    return not tail or any(tail[:end] in endings and _is_ending(tail[end:], endings) for end in range(1, len(tail) + 1))


def _find_begun(key: str, known: Vocabulary, languages: Sequence[Language]) -> list[str]:
    """List the countries whose name begins with `key`: "Kazakh", "United"."""
    if len(key) < (3 if key.isascii() else 2):
        return []
    begun = {code for name, code in known.shown if name.startswith(key)}
    return sorted(begun, key=lambda code: country_name(code, *languages))


def _may_mean_north(words: Sequence[str], named: Match, known: Vocabulary) -> bool:
    """Whether anything in `words` may mean North Korea, in any language."""
    key, world = join(words), load_world()
    if any(northern in key for northern in (*known.northern, *world.northern)):
        return True
    return SOUTH in (named.sure, *named.offers) and any(
        word in known.north or (word in world.north and word not in known.around) for word in words
    )


def _find_flags(text: str) -> list[str]:
    """List the countries of the flag emoji in `text`; the flag of Scotland, for example, counts for its country."""
    pairs = re.findall("[\U0001f1e6-\U0001f1ff]{2}", text)
    parts = re.findall("\U0001f3f4([\U000e0061-\U000e007a]{2})[\U000e0061-\U000e007a]{1,3}\U000e007f", text)
    found = [
        "".join(chr(ord(c) - base + ord("A")) for c in letters)
        for base, flags in ((_FLAG_LETTERS, pairs), (_TAG_LETTERS, parts))
        for letters in flags
    ]
    return [code for code in dict.fromkeys(found) if code in CODES]


def country_flag(code: str) -> str:
    """Return the flag emoji of a two-letter country code."""
    return "".join(chr(ord(letter) - ord("A") + _FLAG_LETTERS) for letter in code)


def likely_countries(language_code: str | None, favourites: tuple[str, ...], count: int) -> tuple[str, ...]:
    """List at most `count` countries to offer first: that of the language tag, then `favourites`.

    The tag is Telegram's IETF tag, such as "en-AU" (or "en_AU"), which names a territory, or "ja" (or "jpn"), whose
    likely territory CLDR knows. An unknown tag adds nothing. North Korea is never in the list.
    """
    likely = (*_territories(language_code or ""), *favourites)
    return tuple(dict.fromkeys(code for code in likely if code in CODES and code != NORTH))[:count]


def _territories(tag: str) -> Iterable[str]:
    """Yield the territory of an IETF language tag; nothing for any other text."""
    if len(tag) > _LONGEST_TAG:
        return
    subtags = unicodedata.normalize("NFKC", tag).replace("_", "-").split("-")
    # A single letter begins an extension, as in "ko-KR-x-emoji" and "ko-KR-u-nu-latn": it does not name a territory.
    end = next((place for place, subtag in enumerate(subtags) if place and len(subtag) == 1), None)
    try:
        language, territory, script, *_ = parse_locale("-".join(subtags[:end]), sep="-")
    except ValueError:
        return
    if territory in CODES and territory != NORTH:
        yield territory
        return
    language = get_global("language_aliases").get(language, language).partition("_")[0]
    known = get_global("likely_subtags")
    likely = known.get(f"{language}_{script}") or known.get(language)
    if likely:
        yield likely.rpartition("_")[2]

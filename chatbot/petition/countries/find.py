"""Finds the country in a text: in any language, misspelt or not, as a code or a flag.

A single sure country is accepted at once; several are offered. North Korea is never accepted without a question.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from chatbot.petition.countries.fuzzy import Likeness, choose_sure, find_alike, find_alike_abroad
from chatbot.petition.countries.mentions import decide, find_mentions, find_town_in, has_all
from chatbot.petition.countries.names import ANSWERS, CODES, SMALL, UNTOLD, Vocabulary, country_name, load_vocabulary
from chatbot.petition.countries.parts import list_inside, list_with_part
from chatbot.petition.countries.spelling import join, sort_join, spell
from chatbot.petition.countries.towns import find_town, load_towns
from chatbot.petition.countries.world import NORTH, SOUTH, is_long, load_world
from chatbot.petition.languages import Language

__all__ = ["ANSWERS", "CODES", "UNTOLD", "Match", "country_flag", "country_name", "find_country", "prepare"]

MOST_OFFERS: Final = 6
# The longest names are shorter: "the United Kingdom of Great Britain and Northern Ireland" is 56 characters.
_MOST_CHARACTERS: Final = 160
_MOST_WORDS: Final = 24
_MOST_PARTS: Final = 4
"""Words of a sentence that are looked for in names; each is compared with all names of its script."""
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
        meant = not named.divided and flags[0] in (named.sure, *named.offers)
        agreed = len(flags) == 1 and (meant or (not named.offers and _is_only_around(words, known)))
        named = _settle((flags[0],), sure=True) if agreed else _settle((*flags, named.sure or "", *named.offers))
    if _may_mean_north(words, named, known):
        return _settle((SOUTH, NORTH, *named.offers))
    return named


def prepare(languages: Iterable[Language]) -> None:
    """Load all names at the start, so that the first person who needs them need not wait."""
    load_vocabulary(frozenset(languages))
    load_world()
    load_towns()


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
    if key in known.untold:
        return _settle((UNTOLD,), sure=True)
    if asked := known.asked.get(key):
        return _settle(asked)
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
    if codes := known.places.get(key):
        return _settle(codes, sure=True)
    if key not in known.around and (codes := load_world().cities.get(key)):
        return _settle((*codes, *_find_rivals(key, known), *_find_rivals_abroad(key)), sure=True)
    if key not in known.around and (codes := find_town(key).cities):
        return _settle((*codes, *_find_rivals(key, known)))
    return _read_sentence(text, words, known, languages)


def _find_rivals(key: str, known: Vocabulary) -> list[str]:
    """List the countries one mistake away from `key`, for a key that was matched by another language's name."""
    return [likeness.code for likeness in find_alike([key], known) if likeness.mistakes <= 1]


def _find_rivals_abroad(key: str) -> list[str]:
    """List the countries with a name one mistake away from `key` in any language: Luanda, Ruanda."""
    return [likeness.code for likeness in find_alike_abroad(key, 1)]


def _is_only_around(words: Sequence[str], known: Vocabulary) -> bool:
    return all(word in known.around or word in SMALL or word in known.nothing for word in words)


def _read_sentence(text: str, words: Sequence[str], known: Vocabulary, languages: Sequence[Language]) -> Match:
    """Match a sentence, an address or a misspelt name: "I live in Canada", "Seoul, South Korea", "Germny"."""
    mentions, rest = find_mentions(words, set(re.findall(r"\b[A-Z]{2,3}\b", text)), known)
    named = [mention.codes[0] for mention in mentions if mention.is_name and len(mention.codes) == 1]
    placed = [code for mention in mentions for code in mention.codes if code not in named]
    placed.sort(key=lambda code: not has_all(code, mentions))
    if any(mention.is_asked for mention in mentions):
        return _settle((*named, *placed))
    decided = decide(mentions, rest, known)
    if len(decided) == 1:
        return _settle(decided, sure=True)
    common = [code for code in (*named, *placed) if all(code in mention.codes for mention in mentions)]
    common = list(dict.fromkeys(common))
    if len(common) == 1 and not rest and not all(mention.is_people for mention in mentions):
        return _settle((*common, *_find_rivals(join(words), known)), sure=True)
    if mentions and not named and not rest and (common or len(mentions) == 1):
        return _settle(common)
    if not mentions and _is_only_around(rest, known):
        return _settle(())
    deciders = [code for mention in mentions if mention.is_region for code in mention.codes]
    if (named or deciders) and placed and not rest:
        return _settle((*deciders, *named, *placed))
    if not mentions and (codes := find_town_in(rest, known).cities):
        return _settle(codes)
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
    """Return the flag emoji of a two-letter country code; a globe for people who do not say theirs."""
    if code == UNTOLD:
        return "\U0001f310"
    return "".join(chr(ord(letter) - ord("A") + _FLAG_LETTERS) for letter in code)

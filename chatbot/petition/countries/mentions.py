"""The countries mentioned in a text: by their name, a place, a region or their people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from chatbot.petition.countries.names import SMALL, Vocabulary
from chatbot.petition.countries.spelling import has_hangul, join
from chatbot.petition.countries.towns import Town, find_town, load_towns
from chatbot.petition.countries.world import is_long, load_world

_LONGEST_NAME: Final = 8
_LONGEST_ENDING: Final = 12
_Found = TypeVar("_Found")
_NO_TOWN: Final = Town()
_DISTRICTS: Final = frozenset("시군구읍면동리가로길")
"""Last syllables of the parts of a Korean address."""


@dataclass(frozen=True, slots=True)
class Mention:
    """The countries that a part of a text tells: by their name, by a place in them, or by their people."""

    codes: tuple[str, ...]
    town: Town = _NO_TOWN
    """The countries with a city of the name."""
    regions: tuple[str, ...] = ()
    """The regions that are meant, as `US-TX`, if they have codes."""
    is_name: bool = False
    is_region: bool = False
    is_people: bool = False
    is_asked: bool = False


def find_mentions(words: Sequence[str], capitals: set[str], known: Vocabulary) -> tuple[list[Mention], list[str]]:
    """Return the countries mentioned in `words`, and the words that are neither names nor filler.

    `capitals` are the words in capitals, which may be codes such as US.
    """
    mentions: list[Mention] = []
    rest: list[str] = []
    start = 0
    while start < len(words):
        for size in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            if found := _find_mention(join(words[start : start + size], SMALL), known):
                mentions.append(found)
                break
        else:
            size = 1
            word = words[start]
            if word.upper() in capitals and _is_region_code(words, start, known) and (mentions or rest):
                own = (known.codes[word],) if word in known.codes else ()
                mentions.append(_mention_region(known.region_codes[word], own))
            elif word.upper() in capitals and word in known.codes and word not in known.words_like_codes:
                mentions.append(Mention((known.codes[word],), is_name=True))
            elif word not in known.around and word not in SMALL:
                rest.append(word)
        start += size
    return list(dict.fromkeys(mentions)), rest


def _is_region_code(words: Sequence[str], at: int, known: Vocabulary) -> bool:
    """Whether a word is a code of a region: “in” only at the end."""
    word = words[at]
    return word in known.region_codes and (word not in known.around or at == len(words) - 1)


def _find_mention(key: str, known: Vocabulary) -> Mention | None:
    if asked := _look_up(key, known.asked, known.endings):
        return Mention(asked, is_asked=True)
    if codes := _look_up(key, known.names, known.endings):
        return Mention(codes, is_name=True)
    if codes := _look_up(key, known.regions, known.endings):
        return _mention_region(codes)
    if codes := _look_up(key, known.places, known.endings):
        return Mention(codes, find_town(key))
    if codes := _look_up(key, known.peoples, known.endings):
        return Mention(codes, is_people=True)
    world = load_world()
    if is_long(key) and (codes := world.names.get(key) or world.cities.get(key)):
        return Mention(codes, find_town(key), is_people=key not in world.cities)
    return None


def _mention_region(regions: Sequence[str], own: tuple[str, ...] = ()) -> Mention:
    """Mention one of these regions, or a country of the same code."""
    codes = tuple(each.partition("-")[0] for each in regions)
    return Mention((*codes, *own), regions=tuple(each for each in regions if "-" in each), is_region=True)


def _look_up(key: str, table: Mapping[str, _Found], endings: frozenset[str]) -> _Found | None:
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


def decide(mentions: Sequence[Mention], rest: Sequence[str], known: Vocabulary) -> list[str]:
    """List the countries or regions named that have every other place in the text: “Paris, Texas”, “Waco TX”.

    A small place counts beside a region, but not beside a country: there a large one elsewhere may be meant. Beside a
    region where no place of the name is known, it is asked: “Havana, Texas”.
    """
    deciders = [mention for mention in mentions if mention.is_region or mention.is_name]
    others = [mention for mention in mentions if mention not in deciders]
    if not deciders or not (others or rest) or any(mention.is_people or mention.is_asked for mention in mentions):
        return []
    is_near = any(mention.is_region for mention in deciders)
    if is_near and rest and all(_is_district(word, known) for word in rest):
        rest = ()  # “서울 마포구 합정동”: only Korea has regions that are written beside districts
    towns = [find_town_in(rest, known)] if rest else []
    regions = frozenset(region for mention in deciders for region in mention.regions) if is_near else None
    return [
        code
        for code in dict.fromkeys(code for mention in deciders for code in mention.codes)
        if all(code in mention.codes for mention in deciders)
        and all(code in mention.codes or _has(code, mention.town, regions) for mention in others)
        and all(_has(code, town, regions) for town in towns)
    ]


def has_all(code: str, mentions: Sequence[Mention]) -> bool:
    """Whether the country has every place of these mentions, be it a small one: the US in “Cairo, Georgia”."""
    return all(code in (*mention.codes, *mention.town.cities, *mention.town.smaller) for mention in mentions)


def find_town_in(words: Sequence[str], known: Vocabulary) -> Town:
    """Find the countries of the city that `words` name, also with the endings of a sentence."""
    key = join(words)
    return find_town(key) if find_town(key).cities else _look_up(key, load_towns(), known.endings) or _NO_TOWN


def _has(code: str, town: Town, regions: Collection[str] | None) -> bool:
    """Whether the country has a city of the name, or a place in one of these regions; None if no region is named."""
    if regions is None:
        return code in town.cities
    meant, there = ({each for each in those if each.startswith(f"{code}-")} for those in (regions, town.regions))
    return code in (*town.cities, *town.smaller) and not (meant and there and meant.isdisjoint(there))


def _is_district(word: str, known: Vocabulary) -> bool:
    name = word[:-1]
    return has_hangul(name) and word[-1] in _DISTRICTS and _find_mention(name, known) is None

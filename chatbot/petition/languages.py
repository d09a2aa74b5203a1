"""Languages as data: what a campaign says of each, what CLDR adds, and which one a person is spoken to in."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, cast

from babel import Locale, UnknownLocaleError
from babel.core import get_global

Language = str
"""The code of a language as its folder is named: `ko`, `pt_BR`, `zh_Hant`."""
Direction = Literal["ltr", "rtl"]

SOURCE_LOCALE: Final = Locale.parse("en_US")
"""The locale of the texts in the code. Its language is the last one of every chain of fallbacks."""
_CODE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_(?:[A-Z]{2}|[0-9]{3}))?(?:_[a-z0-9]{4,8})*")
"""What the code of a language looks like: language, then script, territory and variants, if any."""
LONGEST_CODE: Final = 12
"""Most characters of a code, so that the data of every button has room for it; `zh_Hant_HK` has 10."""

_TAG: Final = re.compile(r"([a-z]{2,3})(?:_([a-z]{4}))?(?:_([a-z]{2}|[0-9]{3}))?(?:_([a-z0-9_]+))?")
_LONGEST_TAG: Final = 64
_NO_ZONE: Final = "UTC"
"""The zone of a language whose readers live in many."""


class _Parts(NamedTuple):
    """The parts of a language tag; those that it does not have are empty."""

    language: str
    script: str = ""
    territory: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class LanguageFacts:
    """What is known about one language of a campaign."""

    code: Language
    name: str
    """The language's own name: 한국어."""
    direction: Direction
    zone: str
    """The time zone of most of its readers; UTC where there is no one zone."""
    fallback: Language | None
    """The language of a text that is missing in this one; None if the campaign has no other."""
    country: str | None = None
    """The country where nearly all of its readers live; None where there is no one country."""

    @property
    def has_zone(self) -> bool:
        """Whether most of its readers live in one zone."""
        return self.zone != _NO_ZONE


def is_code(text: str) -> bool:
    """Whether a text is the code of a language, as its folder is named."""
    return len(text) <= LONGEST_CODE and _CODE.fullmatch(text) is not None


def parse_locale(language: Language) -> Locale | None:
    """Return CLDR's locale of a language; None if CLDR does not have it."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return None


def find_own_name(language: Language) -> str:
    """Return CLDR's name of a language for its own readers; its code if CLDR does not have it."""
    locale = parse_locale(language)
    name = (locale.languages.get(language) or locale.display_name or language) if locale else language
    return name[0].title() + name[1:]


def describe_languages(
    languages: Sequence[Language], given: Mapping[Language, Mapping[str, str]] | None = None
) -> dict[Language, LanguageFacts]:
    """Describe the languages of a campaign, in this order. `given` are facts that differ from CLDR's, by language."""
    return {each: _describe(each, languages, (given or {}).get(each, {})) for each in languages}


def match_language(tag: str | None, languages: Collection[Language], fallback: Language) -> Language:
    """Return the language for a person whose app has the language tag `tag`, which may be any text.

    Tried are the full tag, language and territory, language and script, the language. CLDR adds the script and the
    territory of a tag without them: `zh-TW` finds `zh_Hant`.
    """
    return _match(tag, tuple(languages), fallback) if tag and len(tag) <= _LONGEST_TAG else fallback


@lru_cache(maxsize=1_024)
def _match(tag: str, languages: tuple[Language, ...], fallback: Language) -> Language:
    known = {_list_candidates(each)[0]: each for each in languages}
    return next((known[each] for each in _list_candidates(tag) if each in known), fallback)


def list_two_letter_codes(languages: Iterable[Language]) -> dict[str, Language]:
    """Return languages by their ISO 639-1 code, the only codes that Telegram has for a bot's profile.

    `pt_BR` is found under `pt`, if there is no `pt`. Of several, the first one is taken. A language with three letters
    has no such code.
    """
    found = {language: language for language in languages if len(language) == 2}
    for language in languages:
        code = language.partition("_")[0]
        if len(code) == 2:
            found.setdefault(code, language)
    return found


def choose_default(languages: Collection[Language]) -> Language:
    """Return the language for people whose own is not offered: that of the source if it is offered, or the first."""
    return SOURCE_LOCALE.language if SOURCE_LOCALE.language in languages else next(iter(languages))


def find_offered(
    language: Language, offered: Collection[Language], listed: Mapping[Language, LanguageFacts]
) -> Language:
    """Return the language in which a reader of `language` is written to: itself, or an offered fallback.

    `language` may be one that the campaign had in earlier files.
    """
    if language in offered:
        return language
    found = next((each for each in list_fallbacks(language, listed) if each in offered), None)
    return found or match_language(language, offered, choose_default(offered))


def list_fallbacks(language: Language, facts: Mapping[Language, LanguageFacts]) -> Iterator[Language]:
    """Yield the language, its fallback, the fallback of that, and so on, each once."""
    seen: set[Language] = set()
    following: Language | None = language
    while following is not None and following not in seen:
        yield following
        seen.add(following)
        following = facts[following].fallback if following in facts else None


def find_nearest(
    language: Language, written: Collection[Language], facts: Mapping[Language, LanguageFacts]
) -> Language | None:
    """Return the language of the text for a reader of `language`, of those in which it is written.

    This is their own or a fallback of it, else the first in the order of `facts`. None if it is written in none.
    """
    choices = (*list_fallbacks(language, facts), *facts, *written)
    return next((each for each in choices if each in written), None)


def split_tag(tag: str) -> tuple[str, str]:
    """Return the language and the territory that a language tag names; empty where it names none."""
    parts = _read_tag(tag) if len(tag) <= _LONGEST_TAG else None
    return (parts.language, parts.territory) if parts else ("", "")


@lru_cache(maxsize=256)
def find_country_of(language: Language) -> str | None:
    """Return the only territory in which CLDR knows the language as an official one, anywhere in it."""
    spoken, territory = split_tag(language)
    if territory or not spoken:
        return territory or None
    official = {
        place
        for place, languages in get_global("territory_languages").items()
        for each, facts in languages.items()
        if each.partition("_")[0] == spoken and facts["official_status"]
    }
    return official.pop() if len(official) == 1 else None


def _describe(language: Language, languages: Sequence[Language], given: Mapping[str, str]) -> LanguageFacts:
    locale = parse_locale(language)
    others = [each for each in languages if each != language]
    source = SOURCE_LOCALE.language
    return LanguageFacts(
        code=language,
        name=given.get("name") or find_own_name(language),
        direction=cast("Direction", given.get("direction") or (locale.text_direction if locale else "ltr")),
        zone=given.get("zone") or _find_zone(language),
        fallback=given.get("fallback") or (source if source in others else next(iter(others), None)),
        country=given.get("country") or find_country_of(language),
    )


def _find_zone(language: Language) -> str:
    """Return the time zone of the language's likely territory, if it has one zone only; otherwise UTC."""
    parts = _read_tag(language)
    zones = get_global("territory_zones").get(_add_likely(parts).territory, []) if parts else []
    return zones[0] if len(zones) == 1 else _NO_ZONE


@lru_cache(maxsize=256)
def _list_candidates(tag: str) -> tuple[str, ...]:
    """List the codes that a tag may mean, the nearest first; only the text itself if it is no tag."""
    parts = _read_tag(tag)
    if parts is None:
        return (tag,)
    likely = _add_likely(parts)
    bare = (parts, likely._replace(script="", rest=""), likely._replace(territory="", rest=""), _Parts(parts.language))
    return tuple(map(_write, bare))


def _read_tag(tag: str) -> _Parts | None:
    """Read a language tag in any case, with hyphens or underscores: `KOR-kr` is `ko` and `KR`."""
    found = _TAG.fullmatch(tag.lower().replace("-", "_"))
    if found is None:
        return None
    language, script, territory, rest = found.groups("")
    language, _, implied = get_global("language_aliases").get(language, language).partition("_")
    return _Parts(language, script.title() or implied, territory.upper(), rest)


def _add_likely(parts: _Parts) -> _Parts:
    """Add the script and the territory that CLDR expects, where the tag has none."""
    known = get_global("likely_subtags")
    for most in (parts, parts._replace(script=""), parts._replace(territory=""), _Parts(parts.language)):
        if likely := known.get(_write(most._replace(rest=""))):
            _language, script, territory = likely.split("_")
            return parts._replace(script=parts.script or script, territory=parts.territory or territory)
    return parts


def _write(parts: _Parts) -> str:
    return "_".join(filter(None, parts))

"""The countries that are offered first, by the language tag of somebody's app."""

import unicodedata
from collections.abc import Iterable
from typing import Final

from babel.core import get_global, parse_locale

from chatbot.petition.countries.names import CODES
from chatbot.petition.countries.world import NORTH

_LONGEST_TAG: Final = 64  # real ones have up to 35


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

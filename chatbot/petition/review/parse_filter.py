"""Parses filters of signatures as organizers type them: "2026-11-24 Norway", "source: flyer <10s", "id>7000000000"."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, tzinfo
from functools import lru_cache
from typing import Final

from chatbot.petition.countries.find import find_country
from chatbot.petition.dates.grammar import read_words
from chatbot.petition.dates.zones import find_midnight
from chatbot.petition.exports.parse_days import LONGEST, read_days
from chatbot.petition.languages import SOURCE_LOCALE, Language
from chatbot.petition.review.filter import ID_BLOCK, ReviewFilter, hash_name

_IDS: Final = re.compile(r"\bid\s*(?:[>≥=]+|from)\s*(?P<id>\d{1,16})\b", re.IGNORECASE)
_DIGITS: Final = 15
"""Digits of the longest number of a signature."""


@lru_cache(maxsize=32)
def _load_number(languages: tuple[Language, ...]) -> re.Pattern[str]:
    """Load the pattern of a number, after a word for it or a sign."""
    known = dict.fromkeys((*languages, SOURCE_LOCALE.language))
    words = "|".join(re.escape(word) for each in known for word in read_words(each).get("number", ()))
    return re.compile(rf"(?:(?:{words})[.:]?|#)?\s*(?P<number>\d{{1,3}}(?:[,. ]\d{{3}})+|\d+)", re.IGNORECASE)


@lru_cache(maxsize=32)
def _load_conditions(languages: tuple[Language, ...]) -> tuple[re.Pattern[str], ...]:
    """Load the patterns of conditions with the words of all these languages, and of the source's."""
    words = [read_words(language) for language in dict.fromkeys((*languages, SOURCE_LOCALE.language))]

    def any_of(key: str) -> str:
        return "|".join(re.escape(word) for each in words for word in each.get(key, ()))

    conditions = (
        rf"(?<!\w)(?:{any_of('name')})\s*[:=]\s*(?P<name>.+)$",
        rf"(?<!\w)(?:{any_of('source')})\s*[:=]\s*(?P<source>\S+)",
        rf"[<＜]\s*(?P<seconds>\d{{1,5}})\s*(?:{any_of('seconds')})?(?!\w)",
    )
    return (*(re.compile(each, re.IGNORECASE) for each in conditions), _IDS)


def parse_signature_number(text: str, languages: Sequence[Language]) -> int | None:
    """Parse the number of one signature: "179962", "№ 179,962", "#179962"; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip() if len(text) <= LONGEST else ""
    found = _load_number(tuple(languages)).fullmatch(plain)
    digits = "".join(filter(str.isdigit, found["number"])) if found else ""
    return int(digits) if 0 < len(digits) <= _DIGITS else None


def parse_filter(text: str, today: date, zone: tzinfo, languages: Sequence[Language]) -> ReviewFilter | None:
    """Parse `text` with days in `zone`; None if any word of it is not understood, or if it is empty."""
    rest = text.strip()
    if len(rest) > LONGEST:
        return None
    found: dict[str, str] = {}
    for pattern in _load_conditions(tuple(languages)):
        if part := pattern.search(rest):
            found |= part.groupdict()
            rest = f"{rest[: part.start()]} {rest[part.end() :]}"
    days, rest = read_days(rest, today, languages)
    country = find_country(rest, languages).sure if rest.strip() else None
    if rest.strip() and country is None:
        return None
    ids_from = int(found["id"]) // ID_BLOCK * ID_BLOCK if "id" in found else None
    review_filter = ReviewFilter(
        since=find_midnight(days[0], zone) if days else None,
        before=find_midnight(days[1], zone, later=1) if days else None,
        country=country,
        source=found.get("source"),
        name=hash_name(found["name"].strip()) if "name" in found else None,
        faster_than=int(found["seconds"]) if "seconds" in found else None,
        ids_from=ids_from or None,
    )
    return None if review_filter == ReviewFilter() else review_filter

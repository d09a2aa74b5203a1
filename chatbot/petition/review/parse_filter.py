"""Parses filters of signatures as organizers type them: "2026-11-24 Norway", "source: flyer <10s", "id>7000000000"."""

import re
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final

from chatbot.petition.countries.find import find_country
from chatbot.petition.exports.parse_days import LONGEST, find_midnight, read_days
from chatbot.petition.languages import Language
from chatbot.petition.review.filter import ID_BLOCK, ReviewFilter, hash_name

_NAME: Final = re.compile(r"(?:\bname|이름)\s*[:=]\s*(?P<name>.+)$", re.IGNORECASE)
_SOURCE: Final = re.compile(r"(?:\bsource|출처)\s*[:=]\s*(?P<source>\S+)", re.IGNORECASE)
_FAST: Final = re.compile(r"[<＜]\s*(?P<seconds>\d{1,5})\s*(?:seconds|sec|s|초)?(?!\w)", re.IGNORECASE)
_IDS: Final = re.compile(r"\bid\s*(?:[>≥=]+|from)\s*(?P<id>\d{1,16})\b", re.IGNORECASE)


def parse_filter(text: str, today: date, zone: tzinfo, languages: Sequence[Language]) -> ReviewFilter | None:
    """Parse `text` with days in `zone`; None if any word of it is not understood, or if it is empty."""
    rest = text.strip()
    if len(rest) > LONGEST:
        return None
    found: dict[str, str] = {}
    for pattern in (_NAME, _SOURCE, _FAST, _IDS):
        if part := pattern.search(rest):
            found |= part.groupdict()
            rest = f"{rest[: part.start()]} {rest[part.end() :]}"
    days, rest = read_days(rest, today)
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

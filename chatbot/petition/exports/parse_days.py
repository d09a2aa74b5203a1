"""Parses days as organizers type them: "2026-11-01 2026-11-30", "11/1 – 11/30", "since Nov 20", "어제"."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from chatbot.petition.dates.grammar import Grammar, load_grammar, normalize
from chatbot.petition.languages import Language

LONGEST: Final = 400
"""Longest text that is parsed, in characters: two days, a country, and words around them."""
_READ: Final = "\0"
"""Takes the place of a day that was read."""


def read_days(text: str, today: date, languages: Sequence[Language]) -> tuple[tuple[date, date] | None, str]:
    """Return the first and last day named in `text`, or None, and the rest of the text. One day alone is both.

    "Since" one day is from it to `today`; "until" one day has no first day, and is not read. A day without a year is
    the last such day up to `today`. A day that does not exist is ignored. `languages` are those whose words are
    understood, the reader's first.
    """
    whole = normalize(text) if len(text) <= LONGEST else text.strip()
    if len(whole) > LONGEST:  # some characters become eighteen
        return None, whole
    grammar = load_grammar(tuple(languages))
    # "1 Nov 30 Nov" and "Nov 1 Nov 30" are told apart by how many days there are.
    found = [_find_days(whole, dates, grammar, today) for dates in (grammar.dates, grammar.dates_month_first)]
    days, rest = max(found, key=lambda each: len(each[0]))
    if not days:
        return None, rest
    first, last = min(days[:2]), max(days[:2])
    if len(days) == 1 and grammar.since.search(rest):
        last = max(first, today)
    elif len(days) == 1 and grammar.range.search(rest):
        return None, rest
    return (first, last), " ".join(grammar.range.sub(" ", rest).split()).strip(" -–—~,")


def _find_days(text: str, dates: Sequence[re.Pattern[str]], grammar: Grammar, today: date) -> tuple[list[date], str]:
    """Return the days in `text`, in their order, and the text without them."""
    days: dict[int, date] = {}
    for pattern in dates:
        for found in list(pattern.finditer(text)):
            if day := _make(found, grammar, today):
                days[found.start()] = day
                text = f"{text[: found.start()]}{_READ * len(found[0])}{text[found.end() :]}"
    for found in list(grammar.near.finditer(text)):
        if (ahead := grammar.near_days[found[0]]) <= 0:
            days[found.start()] = today + timedelta(ahead)
            text = f"{text[: found.start()]}{_READ * len(found[0])}{text[found.end() :]}"
    return [days[place] for place in sorted(days)], text.replace(_READ, " ").strip()


def _make(found: re.Match[str], grammar: Grammar, today: date) -> date | None:
    parts = found.groupdict()
    month, day = grammar.read_month(found["month"]), int(found["day"])
    try:
        if parts.get("year"):
            return date(int(parts["year"]), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None

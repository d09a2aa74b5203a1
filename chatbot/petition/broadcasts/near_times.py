"""Finds what a time that was refused may have meant: a day without an hour, an hour without its half of the day."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from chatbot.petition.broadcasts.parse_time import (
    FARTHEST,
    SOON,
    NamedDay,
    Rest,
    count_on,
    prepare,
    put_together,
    read_clock,
    read_day,
)
from chatbot.petition.dates.grammar import Grammar, load_grammar
from chatbot.petition.dates.zones import find_moments, find_neighbours

MOST: Final = 4
_HALF_DAY: Final = timedelta(hours=12)
_HALF_AN_HOUR: Final = timedelta(minutes=30)
_MORNING, _EVENING = time(9), time(20)
_HOURS: Final = (9, 12, 18, 20)
_HOURS_OF_PARTS: Final = (
    *(("morning", (8, 9, 10)), ("lunch", (12, 13)), ("afternoon", (14, 16, 18))),
    *(("evening", (18, 19, 20)), ("night", (20, 21))),
)
"""Hours offered for a named part of the day."""
_DOTTED: Final = re.compile(r"(?<!\d)(\d{1,2})\.(\d{2})(?!\d)")
_DAY_AND_MONTH: Final = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})(?![\d./-])")


def list_near(text: str, now: datetime, languages: Sequence[str]) -> list[datetime]:
    """List moments that a refused text may have meant, earliest first; empty if it says nothing of the kind."""
    grammar, words = load_grammar(tuple(languages)), prepare(text, languages)
    for tried in ({words, _DOTTED.sub(r"\1:\2", words)}, {_DAY_AND_MONTH.sub(r"\3\2\1", words)}):
        # By their seconds: the two moments of an hour that comes twice are equal to Python.
        found = {at.timestamp(): at.astimezone(now.tzinfo) for each in tried for at in _guess(each, now, grammar)}
        first, last = ((now.astimezone(UTC) + each).timestamp() for each in (SOON, FARTHEST))
        if near := [found[at] for at in sorted(found) if first <= at <= last]:
            return near[:MOST]
    return []


def list_usual(now: datetime) -> Iterator[datetime]:
    """List the mornings and evenings of today and tomorrow that are ahead, and Monday morning."""
    today, soon = now.date(), now.astimezone(UTC) + _HALF_AN_HOUR
    monday = 7 - today.weekday() if today.weekday() < 6 else 8
    for days, hour in (*product((0, 1), (_MORNING, _EVENING)), (monday, _MORNING)):
        local = datetime.combine(today + timedelta(days=days), hour, now.tzinfo)
        yield from (at.astimezone(now.tzinfo) for at in find_moments(local) if at > soon)


def _guess(text: str, now: datetime, grammar: Grammar) -> Iterator[datetime]:
    if later := grammar.later.search(text):  # "2 hours", without "in"
        if at := count_on(later, now):
            yield at
        return
    if grammar.unsure.search(grammar.near.sub(" ", text)):
        return
    rest = Rest(text)
    if zone := rest.take(grammar.zone):
        now = now.astimezone(ZoneInfo(grammar.zones[zone[0]]))
    try:
        day = read_day(rest, now.date(), grammar)
        parts = [hours for name, hours in _HOURS_OF_PARTS if getattr(grammar, name).search(rest.text)]
        is_half = parts or grammar.am.search(rest.text) or grammar.pm.search(rest.text)
        clock = read_clock(rest, grammar, bare=True)
    except ValueError:
        return
    if re.search(r"\d", rest.text):  # two times, or something else
        return
    if clock is None:
        for hour in parts[0] if parts else _HOURS if day else ():
            yield from _spell_out(datetime.combine(day.day if day else now.date(), time(hour), now.tzinfo))
        return
    may_be_later = not is_half and timedelta(hours=1) <= clock < _HALF_DAY
    for each in (clock, clock + _HALF_DAY) if may_be_later else (clock,):
        yield from _spell_out(put_together(day or NamedDay(now.date(), step=1), each, now))


def _spell_out(at: datetime) -> Iterator[datetime]:
    """Yield a moment; if clocks are set back over it, both of that name, and if forward, the one before and after."""
    yield from find_moments(at) or find_neighbours(at)

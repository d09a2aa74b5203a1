"""Parses days as organizers type them: "2026-11-01 2026-11-30", "November", "since Nov 20", "11월 1일부터 5일까지"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from chatbot.petition.dates.grammar import normalize
from chatbot.petition.dates.period_patterns import NamedPeriod, end_month
from chatbot.petition.dates.periods import READ, PeriodGrammar, find_periods, load_period_grammar
from chatbot.petition.languages import Language

LONGEST: Final = 400
"""Longest text that is parsed, in characters: two days, a country, and words around them."""
_MOST: Final = 2
"""Most days or periods in a text: the first and the last."""
_SIGN: Final = re.compile("[-–—~〜∼]")
_BLANK: Final = " ,.()"
"""What may stand between two days, or between a day and a sign."""
_ENDS: Final = " -–—~,"

Days = tuple[date, date]


class UnclearError(ValueError):
    """What is typed can be meant in two ways, or in none."""


def read_days(text: str, today: date, languages: Sequence[Language]) -> tuple[Days | None, str]:
    """Return the first and last day named in `text`, or None, and the rest of the text. One day alone is both.

    "Since" a day is from it to `today`; "until" a day has no first day, and is not read. A day or month without a
    year is the last such one up to `today`, and the last of several the next one after the first. What can be meant in
    two ways is not read: then all of the text is the rest. `languages` are those whose words are understood, the
    reader's first.
    """
    whole = normalize(text) if len(text) <= LONGEST else text.strip()
    if len(whole) > LONGEST:  # some characters become eighteen
        return None, whole
    grammar = load_period_grammar(tuple(languages))
    named, rest = find_periods(whole, today, grammar)
    if not 0 < len(named) <= _MOST:
        return None, whole
    before, after = rest[: named[0].start].replace(READ, " "), rest[named[-1].end :].replace(READ, " ")
    try:
        if len(named) == 1:
            days, before, after = _read_one(named[0], before, after, today, grammar)
        else:
            between = rest[named[0].end : named[1].start].replace(READ, " ")
            days, before, after = _read_two(named[0], named[1], (before, between, after), today, grammar)
    except ValueError:
        return None, whole
    others = f"{before.strip(_ENDS)} {after.strip(_ENDS)}".split()
    return (None, whole) if grammar.unread.intersection(others) else (days, " ".join(others))


def _read_one(
    named: NamedPeriod, before: str, after: str, today: date, grammar: PeriodGrammar
) -> tuple[Days, str, str]:
    """Read one day or period, alone or with "since"; return it, and the texts before and after it."""
    since = _find_since(_strip(named, before, grammar), after, grammar)
    before, after = grammar.since.sub(" ", before), grammar.since.sub(" ", after)
    before, after = _strip(named, before, grammar), grammar.after_period.sub("", after)
    is_until = grammar.until.search(before) or grammar.until.search(after)
    is_open = _SIGN.match(before.strip(_BLANK)[-1:]) or _SIGN.match(after.strip(_BLANK)[:1])
    is_today = named.kind == "weekday" and named.first == today  # or the one a week ago
    if named.kind == "number" or is_until or is_open or is_today:
        raise UnclearError
    _check_weekday(named, named.first)
    if not since:
        return (named.first, _until_today(named, today)), before, after
    if named.first != named.last and all(map(grammar.of.fullmatch, since)):
        raise UnclearError
    return (named.first, max(named.first, today)), before, after


def _find_since(before: str, after: str, grammar: PeriodGrammar) -> list[str]:
    """List the words of "since". One that may be of a country is so unless the day follows: "Nov 20 from Canada"."""
    near = before.rstrip(_BLANK)
    beside = [found[0] for found in grammar.since.finditer(near) if found.end() == len(near)]
    others = [*grammar.since.findall(near)[: -1 if beside else None], *grammar.since.findall(after)]
    return beside + [each for each in others if not grammar.of.fullmatch(each)]


def _read_two(
    one: NamedPeriod, other: NamedPeriod, texts: tuple[str, str, str], today: date, grammar: PeriodGrammar
) -> tuple[Days, str, str]:
    """Read two days or periods, the first and the last; return them, and the texts before and after both."""
    before, between, after = texts
    is_pair = bool(grammar.between.search(before.rstrip()) and grammar.conjunction.fullmatch(between))
    if is_pair:
        before, between = grammar.between.sub(" ", before.rstrip()), " "
    since = [grammar.since.findall(text) for text in (before, between, after)]
    before, between, after = (grammar.since.sub(" ", text) for text in (before, between, after))
    if grammar.until.search(before):
        raise UnclearError
    is_to = is_pair or any(part.search(between) for part in (_SIGN, grammar.through, grammar.until))
    is_to = is_to or bool(grammar.until.search(after))
    after = grammar.until.sub(" ", after)
    for part in (_SIGN, grammar.through, grammar.until):
        between = part.sub(" ", between)
    if _strip(other, between, grammar).strip(_BLANK) or (since[2] and not is_to):
        raise UnclearError
    is_from = any(not grammar.of.fullmatch(each) for each in since[1])
    first, last = _find_bounds(one, other, today, is_to=is_to, is_from=is_from)
    return (first, last), _strip(one, before, grammar), grammar.after_period.sub("", after)


def _find_bounds(one: NamedPeriod, other: NamedPeriod, today: date, *, is_to: bool, is_from: bool) -> Days:
    """Return the first and the last day of two that are named; with `is_to` or `is_from` by words or a sign."""
    match one.kind, other.kind:
        case "day" | "near", "day" | "near":
            one, other = _date(one, other, today, is_joined=is_to or is_from)
            _check_weekday(one, one.first)
            _check_weekday(other, other.first)
            return min(one.first, other.first), max(one.first, other.first)
        case "day", "number" if is_to and other.number > one.first.day:
            if other.year and not one.is_dated:
                one = _in_year(one, other.year)
            elif other.year not in (None, one.first.year):
                raise UnclearError
            _check_weekday(one, one.first)
            return one.first, one.first.replace(day=other.number)
        case "number", "day" if is_to and other.leads and one.number < other.first.day:
            _check_weekday(other, other.first)
            return other.first.replace(day=one.number), other.first
        case "number", "month" if is_to and other.leads and one.number < other.first.month:
            return other.first.replace(month=one.number), _until_today(other, today)
        case "month", "month" if is_to or is_from:
            one, other = _date(one, other, today, is_joined=True)
        case ("near", "weekday") if is_to and one.in_week:
            other = _next_weekday(other, one.first)
        case ("weekday", "weekday") if is_to and today not in (one.first, other.first):
            other = _next_weekday(other, one.first)
            if other.first > today:
                raise UnclearError
        case ("weekday", "near") if (is_to or is_from) and one.first != today:
            pass
        case ("period" | "month", "period" | "near" | "day") | ("period", "month") if is_to:
            one, other = _date(one, other, today, is_joined=True)
            _check_weekday(other, other.first)
        case _:
            raise UnclearError
    if one.first > other.first or one == other:
        raise UnclearError
    return one.first, _until_today(other, today)


def _date(one: NamedPeriod, other: NamedPeriod, today: date, *, is_joined: bool) -> tuple[NamedPeriod, NamedPeriod]:
    """Give both a year. The first without one is the last such up to today, the second the next one after the first."""
    if other.is_dated:
        if not one.is_dated:
            one = _in_year(one, other.first.year)
            one = one if one.first <= other.first else _in_year(one, other.first.year - 1)
        return one, other
    after = _in_year(other, one.first.year)
    if after.first < one.first:
        after = _in_year(other, one.first.year + 1)
    if one.is_dated or after.first <= end_month(today.replace(day=1)):
        return one, after
    if is_joined or one.first.year != other.first.year:
        raise UnclearError
    return one, other


def _in_year(named: NamedPeriod, year: int) -> NamedPeriod:
    first = named.first.replace(year=year)
    return replace(named, first=first, last=end_month(first) if named.kind == "month" else first, is_dated=True)


def _next_weekday(named: NamedPeriod, day: date) -> NamedPeriod:
    """Return the first such weekday after a day."""
    found = day + timedelta((named.number - day.weekday() - 1) % 7 + 1)
    return replace(named, first=found, last=found)


def _until_today(named: NamedPeriod, today: date) -> date:
    """Return the last day; of a week or month that has not ended, today."""
    return today if named.first <= today < named.last else named.last


def _check_weekday(named: NamedPeriod, day: date) -> None:
    if named.weekday not in (None, day.weekday()):
        raise UnclearError


def _strip(named: NamedPeriod, text: str, grammar: PeriodGrammar) -> str:
    """Remove the words before a day or period that mean nothing there."""
    words = grammar.before_period if named.kind in ("month", "period") else grammar.before_day
    while found := words.search(text):
        text = text[: found.start()]
    return text

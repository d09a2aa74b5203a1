"""Finds days and periods in what people type: "Nov 5", "November", "지난주 월요일", "last 7 days".

Each find is a `NamedPeriod`; what it means beside another one is decided by who asks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from chatbot.petition.dates.grammar import Grammar, choose_understood, load_grammar, normalize, read_names, read_words
from chatbot.petition.dates.period_patterns import Maker, NamedPeriod, list_patterns, locate, one_of
from chatbot.petition.dates.words_as_patterns import bound, match_any, sort_longest_first
from chatbot.petition.languages import Language

READ: Final = "\0"
"""Takes the place of what was read."""
_PREFIX: Final = 3
"""Letters that tell a month or weekday in languages that shorten their names: "Sept"."""


@dataclass(frozen=True, slots=True)
class PeriodGrammar:
    """Patterns of the words of some languages for periods, and the words around them."""

    dates: Grammar
    patterns: tuple[tuple[re.Pattern[str], Maker], ...]
    year_before: tuple[tuple[re.Pattern[str], int], ...]
    """Words for a year before the sign of a month, and how many years ago it is."""
    year_sign: str
    weekday: re.Pattern[str]
    weekdays: Mapping[str, int]
    until: re.Pattern[str]
    since: re.Pattern[str]
    of: re.Pattern[str]
    """Words of `since` that may as well say that it is of the period after them: "from October"."""
    through: re.Pattern[str]
    """Words between the first and the last of several days only."""
    between: re.Pattern[str]
    conjunction: re.Pattern[str]
    """The word between two days after one of `between`."""
    before_day: re.Pattern[str]
    """Words that mean nothing before a day, at the end of a text."""
    before_period: re.Pattern[str]
    """The same before a period."""
    after_period: re.Pattern[str]
    """Words that mean nothing after a period, at the beginning of a text."""
    unread: frozenset[str]
    """Words that change what those beside them say, and never name a country."""


@lru_cache(maxsize=32)
def load_period_grammar(languages: tuple[Language, ...]) -> PeriodGrammar:
    """Load the grammar of periods for a reader of the first of `languages`."""
    words: dict[str, list[str]] = {}
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for language in choose_understood(languages):
        own = read_words(language)
        for key, value in own.items():
            if isinstance(value, list):
                words.setdefault(key, []).extend(map(normalize, value))
        shortened = bool(own.get("first_letters"))
        months |= _spell(read_names(language, "months"), shortened=shortened)
        weekdays |= _spell(read_names(language, "days"), shortened=shortened)
        for said, meant in own.get("spoken", {}).items():
            if normalize(meant) in weekdays:
                weekdays[normalize(said)] = weekdays[normalize(meant)]
    for name in months.keys() & weekdays.keys():
        del months[name], weekdays[name]

    def any_of(*keys: str) -> str:
        return match_any(bound(word) for key in keys for word in sort_longest_first(words.get(key, ())))

    return PeriodGrammar(
        dates=load_grammar(languages),
        patterns=tuple(list_patterns(any_of, months, weekdays)),
        year_before=tuple(
            (re.compile(rf"(?:{any_of(key)})\s*(?=\d{{1,2}}\s*(?:{any_of('month')}))"), ago)
            for key, ago in (("this_year", 0), ("last_year", 1))
        ),
        year_sign=next(iter(words.get("year", ())), ""),
        weekday=re.compile(rf"[\s,(]*(?P<weekday>{one_of(weekdays)})\.?\)?"),
        weekdays=weekdays,
        until=re.compile(
            match_any(bound(word) for word in words.get("range", ()) if word not in words.get("since", ()))
        ),
        since=re.compile(any_of("since")),
        of=re.compile(any_of("of")),
        through=re.compile(any_of("through")),
        between=re.compile(rf"(?:{any_of('between')})\s*$"),
        conjunction=re.compile(rf"\s*(?:{any_of('and')})\s*"),
        before_day=re.compile(rf"(?:{any_of('before_day')})\s*$"),
        before_period=re.compile(rf"(?:{any_of('before_period')})\s*$"),
        after_period=re.compile(rf"^\s*(?:{any_of('after_period')})(?=\s|$)"),
        unread=frozenset(
            word for key in ("unsure", "next", "weeks", "days", "hours", "minutes") for word in words.get(key, ())
        ),
    )


def find_periods(text: str, today: date, grammar: PeriodGrammar) -> tuple[list[NamedPeriod], str]:
    """Return what a normalized text names, in its order, and the text with `READ` in its place."""
    for pattern, ago in grammar.year_before:
        text = pattern.sub(f"{today.year - ago}{grammar.year_sign} ", text)
    # "1 Nov 30 Nov" and "Nov 1 Nov 30" are told apart by how many days there are.
    orders = (grammar.dates.dates, grammar.dates.dates_month_first)
    days, text = max((_find_days(text, order, grammar.dates, today) for order in orders), key=lambda each: len(each[0]))
    found = []
    for day in days:
        text, weekday = _take_weekday(text, day, grammar)
        found.append(replace(day, weekday=weekday))
    for pattern, make in grammar.patterns:
        for match in list(pattern.finditer(text)):
            if named := make(match, today):
                found.append(named)
                text = _take(text, match.start(), match.end())
    return sorted(found, key=lambda each: each.start), text


def _take(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{READ * (end - start)}{text[end:]}"


def _find_days(
    text: str, dates: Sequence[re.Pattern[str]], grammar: Grammar, today: date
) -> tuple[list[NamedPeriod], str]:
    found = []
    for pattern in dates:
        for match in list(pattern.finditer(text)):
            if day := _make_day(match, grammar, today):
                found.append(day)
                text = _take(text, match.start(), match.end())
    for match in list(grammar.near.finditer(text)):
        if (ahead := grammar.near_days[match[0]]) <= 0:
            found.append(locate(match, "near", today + timedelta(ahead)))
            text = _take(text, match.start(), match.end())
    return found, text


def _make_day(found: re.Match[str], grammar: Grammar, today: date) -> NamedPeriod | None:
    parts = found.groupdict()
    month, day = grammar.read_month(found["month"]), int(found["day"])
    leads = found.start("day") < found.start("month") and not found["month"].isdigit()
    try:
        if parts.get("year"):
            return locate(found, "day", date(int(parts["year"]), month, day), leads=leads)
        this_year = date(today.year, month, day)
        named = this_year if this_year <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
    return locate(found, "day", named, is_dated=False, leads=leads)


def _take_weekday(text: str, day: NamedPeriod, grammar: PeriodGrammar) -> tuple[str, int | None]:
    """Take the weekday right after a day or before it, and return it."""
    after = grammar.weekday.match(text, day.end)
    before = [
        each for each in grammar.weekday.finditer(text, 0, day.start) if not text[each.end() : day.start].strip(" ,")
    ]
    for found in (after, *before):
        if found is not None:
            return _take(text, found.start(), found.end()), grammar.weekdays[found["weekday"]]
    return text, None


def _spell(names: Iterable[tuple[str, int]], *, shortened: bool) -> dict[str, int]:
    """Return the names that mean one number only, and with `shortened` their beginnings."""
    found: dict[str, set[int]] = {}
    for name, number in names:
        for size in range(min(_PREFIX, len(name)) if shortened else len(name), len(name) + 1):
            found.setdefault(name[:size], set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}

"""Periods as organizers type them: each of a table is read as it is meant, and none that can mean two things."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.countries.find import find_country
from chatbot.petition.dates.grammar import normalize
from chatbot.petition.exports.parse_days import read_days

HERE: Final = Path(__file__).parent
TODAY: Final = date(2026, 11, 24)
LANGUAGES: Final = {"en": ("en", "ko"), "ko": ("ko", "en"), "ja": ("ja", "en"), "zh": ("zh", "en")}
READ: Final = [line.split("\t") for line in (HERE / "typed_periods.tsv").read_text("utf-8").splitlines()[1:]]
UNCLEAR: Final = [line.split("\t") for line in (HERE / "unclear_periods.tsv").read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize(("language", "text", "first", "last", "rest"), [(*each, "")[:5] for each in READ])
def test_period_is_read_as_it_is_meant(language: str, text: str, first: str, last: str, rest: str) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert read_days(text, TODAY, LANGUAGES[language]) == (days, rest)


@pytest.mark.parametrize(("language", "text"), UNCLEAR)
def test_unclear_period_is_refused(language: str, text: str) -> None:
    """What is left of it, if anything is, is no country either."""
    days, rest = read_days(text, TODAY, LANGUAGES[language])
    assert days is None or find_country(rest, LANGUAGES[language]).sure is None
    assert rest
    assert find_country(rest, LANGUAGES[language]).sure is None


@pytest.mark.parametrize(("language", "month"), [("en", "October"), ("ko", "10월")])
def test_no_country_has_a_period_in_its_name(language: str, month: str) -> None:
    october = date(2026, 10, 1), date(2026, 10, 31)
    names = Locale.parse(language).territories.items()
    for name in (name for code, name in names if code.isalpha()):
        assert read_days(name, TODAY, LANGUAGES[language]) == (None, normalize(name))
        assert read_days(f"{month} {name}", TODAY, LANGUAGES[language]) == (october, normalize(name))


FORMS: Final = {
    "en": (
        "{first:%b} {first.day} to {last:%b} {last.day}",
        "from {first:%B} {first.day} until {last:%B} {last.day}",
        "{first:%A}, {first:%B} {first.day} – {last:%A}, {last:%B} {last.day}",
        "{first.day} {first:%b} {first.year} - {last.day} {last:%b} {last.year}",
        "between {first:%B} {first.day} and {last:%B} {last.day}",
        "{first:%B} {first.day} through {last.day}",
        "{first.day}–{last.day} {first:%B} {first.year}",
    ),
    "ko": (
        "{first.month}월 {first.day}일부터 {last.month}월 {last.day}일까지",
        "{first.year}년 {first.month}월 {first.day}일 ~ {last.year}년 {last.month}월 {last.day}일",
        "{first.month}/{first.day}~{last.month}/{last.day}",
        "{first.month}월 {first.day}일부터 {last.day}일까지",
        "{first.year}년 {first.month}월 {first.day}~{last.day}일",
    ),
}


@given(
    st.sampled_from([(language, form) for language, forms in FORMS.items() for form in forms]),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.integers(1, 300),
    st.integers(0, 300),
)
def test_days_of_the_past_year_are_read_or_refused(
    form: tuple[str, str], today: date, before: int, length: int
) -> None:
    """Without a year they are those of the last twelve months; a day alone is in the month of the other one."""
    language, written = form
    first = today - timedelta(before)
    last = min(first + timedelta(length), today)
    text = written.format(first=first, last=last)
    days, rest = read_days(text, today, LANGUAGES[language])
    is_one_month = (
        "{last.month}" in written or "{last:%" in written or (first.year, first.month) == (last.year, last.month)
    )
    if is_one_month and first < last:
        assert (days, rest) == ((first, last), "")
    elif not is_one_month and days is not None:
        assert days[0] == first
        assert days[1].day == last.day
        assert days[1].month == first.month

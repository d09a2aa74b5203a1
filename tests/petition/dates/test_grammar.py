"""Dates and times in all languages that CLDR has: read as meant, or refused, but never as another day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel import localedata

import chatbot
from chatbot.petition.broadcasts.parse_time import TimeRefusedError, parse_time
from chatbot.petition.cldr import read_chain
from chatbot.petition.dates.grammar import list_examples, read_words

PACKAGE = Path(chatbot.__file__).parent
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
LANGUAGES = [each for each in localedata.locale_identifiers() if "_" not in each and each != "root"]
WRITTEN = ["ar", "en", "ja", "ko", "zh"]
"""The languages that have words."""


def read(text: str, *languages: str) -> datetime | None:
    try:
        return parse_time(text, NOW, languages)
    except TimeRefusedError:
        return None


def read_months(language: str) -> Mapping[int, str]:
    """Return CLDR's names of the months within a date, from the language's own file."""
    return next((data.get("months", {}).get("format", {}).get("wide") or {} for data in read_chain(language)), {})


def write_dates(language: str) -> Iterator[tuple[str, int]]:
    """Yield texts that name the third day of a month at nine, with that month."""
    names = read_months(language)
    for month, name in names.items() if isinstance(names, Mapping) else ():
        for text in (f"3 {name} 9:00", f"{name} 3 9:00", f"3. {name} 2027 9:00", f"2027-{month:02}-03 9:00"):
            yield text, month


@pytest.mark.slow
def test_no_language_reads_a_date_as_another_day() -> None:
    wrong, understood, tried = [], 0, 0
    for language in LANGUAGES:
        for text, month in write_dates(language):
            found = read(text, language)
            tried, understood = tried + 1, understood + (found is not None)
            if found and (found.month, found.day, found.hour) != (month, 3, 9):
                wrong.append((language, text, found))
    assert wrong == []
    assert tried > 8_000
    assert understood > 0.85 * tried


@pytest.mark.parametrize("language", ["ko", "en", "de", "ar", "th", "zh_Hant", "pt_BR", "qps", "", "x" * 200, "../en"])
def test_numbers_and_iso_are_read_in_every_language(language: str) -> None:
    meant = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert read("2026-12-01 09:00", language) == meant
    assert read("9:00 2026/12/1", language) == meant
    assert read("9:00", language) == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("12/1 9:00", "en", "2026-12-01"),
        ("12/1 9:00", "ko", "2026-12-01"),
        ("12/1 9:00", "ja", "2026-12-01"),
        ("12/1 9:00", "de", "2027-01-12"),
        ("1.12. 9:00", "de", "2026-12-01"),
        ("1/12 9:00", "fr", "2026-12-01"),
        ("1/12/2026 9:00", "pt_BR", "2026-12-01"),
        ("1/12 9:00", "en_GB", "2026-12-01"),
        ("١/١٢ 9:00", "ar", "2026-12-01"),
        ("1 décembre 9:00", "fr", "2026-12-01"),
        ("1 de diciembre de 2026 9:00", "es", "2026-12-01"),
        ("1 декабря 9:00", "ru", "2026-12-01"),
        ("1 tháng 12 9:00", "vi", "2026-12-01"),
        ("1 ธันวาคม 9:00", "th", "2026-12-01"),
        ("Dienstag 9:00", "de", "2026-12-01"),
        ("mardi, 1 décembre 9:00", "fr", "2026-12-01"),
        ("25/12 9:00", "qps", "2026-12-25"),
        ("12/25 9:00", "qps", "2026-12-25"),
    ],
)
def test_day_is_read_as_the_language_writes_it(typed: str, language: str, meant: str) -> None:
    found = read(typed, language)
    assert found is not None
    assert f"{found:%Y-%m-%d %H:%M}" == f"{meant} 09:00"


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("12/1 9:00", "qps"),
        ("tomorrow 9:00", "qps"),
        ("morgen 9:00", "de"),
        ("13/1 9:00", "en"),
        ("1/13 9:00", "de"),
        ("2 at night", "en"),
        ("밤 1시", "ko"),
    ],
)
def test_unsure_time_is_refused(typed: str, language: str) -> None:
    assert read(typed, language) is None


def test_words_of_another_language_are_read_if_it_has_another_script() -> None:
    assert read("내일 9pm", "ko", "en") == datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
    assert read("tomorrow 9:00", "ko", "en") == read("내일 9:00", "en", "ko") == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert read("12:00 am 1. Dezember", "de", "en") is None, "this German am is no English one"
    assert read("tomorrow 9:00", "de", "en") is None


@pytest.mark.parametrize("language", WRITTEN)
def test_shown_examples_are_understood(language: str) -> None:
    examples = list_examples(language)
    assert [read(example, language) for example in examples] == [
        datetime(2026, 12, 1, 9, tzinfo=UTC),
        datetime(2026, 11, 25, 18, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("language", WRITTEN)
def test_every_key_of_a_language_is_known(language: str) -> None:
    """`en.toml` explains all keys but the signs that Korean has."""
    assert read_words(language).keys() <= read_words("en").keys() | read_words("ko").keys()


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("2026年12月1日 9时30分", "zh", "2026-12-01 09:30"),
        ("12月1号下午3点半", "zh", "2026-12-01 15:30"),
        ("明天晚上8點", "zh_Hant", "2026-11-25 20:00"),
        ("今晚12点", "zh", "2026-11-25 00:00"),
        ("下周二 9:00", "zh", "2026-12-01 09:00"),
        ("下星期二 9:00", "zh_Hant", "2026-12-01 09:00"),
        ("两小时后", "zh", None),
        ("2小时后", "zh", "2026-11-24 16:30"),
        ("晚上1点", "zh", None),
        ("12月1日午後3時半", "ja", "2026-12-01 15:30"),
        ("来週の火曜日 9時", "ja", "2026-12-01 09:00"),
        ("2時間後", "ja", "2026-11-24 16:30"),
        ("明日の夜8時に", "ja", "2026-11-25 20:00"),
        ("明日 真夜中", "ja", "2026-11-26 00:00"),
        ("غدا الساعة 9 صباحا", "ar", "2026-11-25 09:00"),
        ("1 ديسمبر 9:00", "ar", "2026-12-01 09:00"),
        ("غدًا ٨ مساءً", "ar", "2026-11-25 20:00"),
    ],
)
def test_words_are_read_where_a_file_has_them(typed: str, language: str, meant: str | None) -> None:
    found = read(typed, language)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == meant


def test_language_without_a_file_has_no_words() -> None:
    assert sorted(file.stem for file in (PACKAGE / "petition" / "dates" / "words").iterdir()) == WRITTEN
    for language in ("qps", "", "../../dates/words/en", "/etc/passwd", "en\0", "한국어"):
        assert read_words(language) == {}
        assert list_examples(language) == []
    assert read_words("en_GB") == read_words("en")

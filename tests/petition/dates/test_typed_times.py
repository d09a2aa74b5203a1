"""Times and numbers as people type them: lists of real forms, none of which may be read as something else."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.broadcasts.near_times import list_near
from chatbot.petition.broadcasts.parse_time import TimeRefusedError, means_now, parse_time
from chatbot.petition.dates.parse_number import parse_number

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=ZoneInfo("Asia/Seoul"))  # a Tuesday
LANGUAGES = {"ko": ("ko", "en"), "en": ("en", "ko")}


def read_list(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def read(text: str, language: str) -> str:
    if means_now(text, LANGUAGES[language]):
        return "now"
    try:
        return f"{parse_time(text, NOW, LANGUAGES[language]):%Y-%m-%d %H:%M}"
    except TimeRefusedError:
        return "?"


def test_typed_times_are_read_as_meant() -> None:
    forms = read_list("typed_times.tsv")
    assert [(typed, found) for language, typed, meant, *_ in forms if (found := read(typed, language)) != meant] == []
    assert Counter(language for language, *_ in forms).keys() == LANGUAGES.keys()


def test_nine_of_ten_forms_that_say_something_are_read() -> None:
    forms = [(meant, offers) for _, _, meant, *offers in read_list("typed_times.tsv")]
    says = [meant for meant, offers in forms if meant != "?" or offers]
    assert len(says) > 200
    assert sum(meant != "?" for meant in says) > 0.9 * len(says)


def test_refused_times_offer_what_they_may_mean() -> None:
    wrong = []
    for language, typed, meant, *offers in read_list("typed_times.tsv"):
        near = [f"{at:%Y-%m-%d %H:%M}" for at in list_near(typed, NOW, LANGUAGES[language])] if meant == "?" else offers
        if near != offers:
            wrong.append((typed, near))
    assert wrong == []


def test_offers_around_a_change_of_clocks_are_moments_that_exist() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for now, typed, offered in (
        (
            datetime(2026, 3, 20, 12, tzinfo=berlin),
            "2026-03-29 2:30, maybe",
            ["01:30+0100", "03:30+0200", "14:30+0200"],
        ),
        (
            datetime(2026, 10, 20, 12, tzinfo=berlin),
            "2026-10-25 2:30 or so",
            ["02:30+0200", "02:30+0100", "14:30+0100"],
        ),
    ):
        with pytest.raises(TimeRefusedError):
            parse_time(typed, now, ("en",))
        assert [f"{at:%H:%M%z}" for at in list_near(typed, now, ("en",))] == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tomorrow at 3 Berlin time", ["25 11:00", "25 23:00"]),
        ("내일 베를린 시간", ["25 17:00", "25 20:00", "26 02:00", "26 04:00"]),
    ],
)
def test_offers_are_in_the_zone_that_is_named(typed: str, offered: list[str]) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Seoul"))
    assert [f"{at:%d %H:%M}" for at in list_near(typed, now, ("en", "ko"))] == offered


def test_hours_pass_while_clocks_are_changed() -> None:
    night = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert f"{parse_time('in 2 hours', night, ('en',)):%H:%M%z}" == "02:30+0100"
    assert f"{parse_time('in 1 day', night, ('en',)):%d %H:%M%z}" == "26 01:30+0100"


@pytest.mark.parametrize(
    "text", ["", " ", ",", "," * 200, "1" * 200, "9 " * 99, "in " * 66, "an hour " * 24, "(월)" * 60]
)
def test_odd_text_is_refused_quickly(text: str) -> None:
    assert {read(text, "ko"), read(text, "en")} <= {"?"}
    assert len(list_near(text, NOW, ("ko", "en"))) <= 4


def test_typed_numbers_are_read_as_meant() -> None:
    forms = read_list("typed_numbers.tsv")
    found = [(typed, parse_number(typed, ("ko", "en")), meant) for typed, meant in forms]
    assert [each for each in found if ("?" if each[1] is None else str(each[1])) != each[2]] == []
    assert len(forms) > 70


def test_numbers_are_read_with_the_words_of_the_petitions_languages_only() -> None:
    assert parse_number("20만", ("en",)) is None
    assert parse_number("20만", ("en", "ko")) == 200_000
    assert parse_number("200k", ("th",)) is None
    assert parse_number("2,500", ("th",)) == 2_500

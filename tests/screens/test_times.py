"""Moments and durations for organizers."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import describe_languages
from chatbot.screens import times
from tests.screens.galleries.all_screens import ORDINARY, screens

AT = datetime(2026, 12, 1, 15, 5, tzinfo=UTC)


def test_moment_names_the_readers_zone(translators) -> None:
    assert times.moment(translators["en"], AT) == "Tuesday, December 1, 2026, 3:05\u00a0PM (UTC)"
    assert times.moment(translators["ko"], AT) == "2026년 12월 2일 수요일 오전\u00a012:05 (한국\u00a0시간)"
    assert times.brief(translators["en"], AT) == "Dec 1 15:05"
    assert times.brief(translators["ko"], AT) == "12월 2일 00:05"


@pytest.mark.parametrize(("language", "zones"), [("en", "Korean time|UTC|GMT"), ("ko", "한국 시간|UTC|GMT")])
def test_screen_with_an_hour_names_its_zone(translators, campaign, language: str, zones: str) -> None:
    """Only the question about one's own zone names cities with their hours."""
    hour, without, with_one = re.compile(r"(?<![\d:/.])\d{1,2}:\d\d(?![\d:])"), [], 0
    for name, screen in screens(translators, campaign, language, ORDINARY[language]):
        labels = [button.label for row in screen.rows for button in row]
        words = " ".join([str(screen.text), *labels]).replace("\u00a0", " ")
        if hour.search(words):
            with_one += 1
            without += [] if re.search(zones, words) else [name]
    assert with_one > 50
    assert without == ["team-zone-which"]


@pytest.mark.parametrize(
    ("language", "zone", "name"),
    [
        ("ja", "", "日本時間"),
        ("ar", "", "توقيت مصر"),
        ("en", "America/New_York", "New York Time"),
        ("ko", "America/New_York", "뉴욕 시간"),
        ("en", "America/Argentina/Buenos_Aires", "Buenos Aires Time"),
        ("en", "Asia/Calcutta", "India Time"),
        ("en", "Etc/GMT+3", "Etc/GMT+3"),
        ("th", "UTC", "UTC"),
    ],
)
def test_zone_is_named_in_the_readers_language(language: str, zone: str, name: str) -> None:
    facts = describe_languages([language], {language: {"zone": zone}})
    assert times.zone(Translator(facts[language], NullTranslations(), facts)) == name


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0, "1 second", "1초"),
        (0.2, "1 second", "1초"),
        (59.1, "1 minute", "1분"),
        (40, "40 seconds", "40초"),
        (61, "2 minutes", "2분"),
        (3600, "1 hour", "1시간"),
        (5964, "1 hour 40 minutes", "1시간 40분"),
        (90_000, "25 hours", "25시간"),
    ],
)
def test_duration_is_rounded_up_to_what_matters(translators, seconds: float, english: str, korean: str) -> None:
    assert times.duration(translators["en"], seconds) == english
    assert times.duration(translators["ko"], seconds) == korean


@pytest.mark.parametrize("language", ["ko", "en"])
def test_zone_is_named_beside_the_first_hour_alone(translators: Mapping[str, Translator], language: str) -> None:
    _ = translators[language].in_zone(ZoneInfo("Asia/Seoul"))
    zone = times.zone(_)
    first, second, third = times.named(_, AT), times.moment(_, AT), times.full(_, AT)
    for one in (first, second, third):
        assert times.name_zone_once(_, Markup("🕘 {}").format(one)) == f"🕘 {one}", "it stands alone"
    written = times.name_zone_once(
        _, Markup("{}\n“{} 9:00 ({})”\n{}\n{}").format(first, "Join us", zone, second, third)
    )
    assert written.startswith(f"{first}\n“Join us 9:00 ({zone})”\n"), "what somebody wrote stays"
    assert written.count(f"({zone})") == 2
    assert times.name_zone_once(_, Markup("{}\n{}").format(second, first)).count("(") == 1

"""Countries have codes, plain names and flags."""

import pytest

from chatbot.petition.countries.find import CODES, country_flag, country_name
from tests.support.countries import find


def test_codes_are_those_of_iso_and_kosovo() -> None:
    assert len(CODES) == 250
    assert {"KR", "KP", "TW", "PS", "XK", "GB"} <= set(CODES)
    assert not {"UK", "EU", "UN", "ZZ"} & set(CODES)
    assert sorted(CODES) == list(CODES)


@pytest.mark.parametrize(
    ("code", "korean", "english"),
    [
        ("KR", "대한민국", "South Korea"),
        ("KP", "북한", "North Korea"),
        ("HK", "홍콩", "Hong Kong"),
        ("AU", "호주", "Australia"),
        ("MM", "미얀마", "Myanmar"),
        ("CD", "콩고민주공화국", "DR Congo"),
        ("XK", "코소보", "Kosovo"),
    ],
)
def test_countries_have_plain_names(code: str, korean: str, english: str) -> None:
    assert (country_name(code, "ko"), country_name(code, "en")) == (korean, english)


def test_countries_have_distinct_short_names() -> None:
    for language in ("ko", "en"):
        names = [country_name(code, language) for code in CODES]
        assert len(set(names)) == len(CODES)
        assert max(map(len, names)) <= 44
    with pytest.raises(KeyError):
        country_name("XX", "en")


def test_country_has_its_flag() -> None:
    assert country_flag("KR") == "🇰🇷"
    assert all(find(country_flag(code)).sure == code for code in CODES if code != "KP")

"""The countries offered first, by the language of the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.countries.likely import likely_countries


@pytest.mark.parametrize(
    ("tag", "first"),
    [
        ("en-AU", "AU"),
        ("ko", "KR"),
        ("ko-KR", "KR"),
        ("ja", "JP"),
        ("de", "DE"),
        ("pt-br", "BR"),
        ("zh-hans", "CN"),
        ("zh-hant", "TW"),
        ("zh-Hant-HK", "HK"),
        ("en", "US"),
        ("ko-KP", "KR"),
        ("es-419", "ES"),
    ],
)
def test_country_of_the_language_tag_comes_first(tag: str, first: str) -> None:
    assert likely_countries(tag, ("FR", "IT"), 3) == (first, "FR", "IT")


def test_likely_countries_are_few_different_and_never_the_north() -> None:
    assert likely_countries(None, ("KR", "KP", "US", "KR", "XX"), 5) == ("KR", "US")
    assert likely_countries("ko", ("US", "KR", "JP"), 2) == ("KR", "US")
    assert likely_countries("en-UK!", ("KR",), 3) == ("KR",)


@pytest.mark.parametrize(
    ("tag", "first"),
    [
        *(
            ("ko_KR", "KR"),
            ("ko_kr", "KR"),
            ("kor", "KR"),
            ("KO", "KR"),
            ("ko-kr-x-emoji", "KR"),
            ("ko-KR-u-nu-latn", "KR"),
        ),
        *(
            ("en_US", "US"),
            ("en_us", "US"),
            ("en-CA-x-y-z", "CA"),
            ("zh_Hans_CN", "CN"),
            ("jpn", "JP"),
            ("ko-KP", "KR"),
        ),
    ],
)
def test_language_tags_of_real_clients_are_read(tag: str, first: str) -> None:
    assert likely_countries(tag, ("FR", "IT"), 3) == (first, "FR", "IT")


@pytest.mark.parametrize("tag", ["", "-", "_", "x-klingon", "k" * 200, "ko-" * 70, "\ud800", "١", "🇰🇷", "ko KR"])
def test_invalid_language_tag_is_no_error(tag: str) -> None:
    assert likely_countries(tag, ("FR", "IT"), 2)


@given(st.text(st.characters(codec=None)))
def test_any_language_tag_has_an_answer(tag: str) -> None:
    assert "KP" not in likely_countries(tag, ("KR",), 3)

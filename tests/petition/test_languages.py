"""Which language somebody is spoken to in, and what is known of it."""

import pytest
from babel import localedata
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.languages import (
    LanguageFacts,
    describe_languages,
    is_code,
    list_fallbacks,
    list_two_letter_codes,
    match_language,
)

LANGUAGES = ("ko", "en", "pt_BR", "zh_Hant", "sr_Latn", "es_419", "fil", "he", "ca_ES_valencia", "qps")


@pytest.mark.parametrize("code", ["ko", "KO", "ko-KR", "ko_KR", "ko_kr", "kor", "KOR_kr", "ko-kr-x-emoji", "ko-Kore"])
def test_korean_codes_of_real_clients_give_korean(code: str) -> None:
    assert match_language(code, ("ko", "en"), "en") == "ko"


@pytest.mark.parametrize(
    "code",
    [None, "", "en", "en_US", "kok", "kor2", "koreanisch", "-ko", "x-ko", "zh-hans", "sr-latn", "x-klingon", "k" * 200],
)
def test_other_codes_give_the_fallback(code: str | None) -> None:
    assert match_language(code, ("ko", "en"), "en") == "en"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("pt-BR", "pt_BR"),
        ("pt_br", "pt_BR"),
        ("pt", "pt_BR"),  # CLDR's likely territory
        ("pt-PT", None),
        ("zh-hant", "zh_Hant"),
        ("zh-TW", "zh_Hant"),  # CLDR's script of that territory
        ("zh-HK", "zh_Hant"),
        ("zh-Hant-MO", "zh_Hant"),
        ("zh-hans", None),
        ("zh", None),
        ("sr-latn", "sr_Latn"),
        ("sr-Latn-ME", "sr_Latn"),
        ("sh", "sr_Latn"),  # CLDR's alias
        ("sr", None),
        ("es-419", "es_419"),
        ("es-ES", None),
        ("tl", "fil"),
        ("iw", "he"),
        ("ca-ES-valencia", "ca_ES_valencia"),
        ("ca-ES", None),
        ("qps", "qps"),
        ("qps-ploc", "qps"),
    ],
)
def test_tag_is_matched_from_the_whole_to_its_language(tag: str, language: str | None) -> None:
    assert match_language(tag, LANGUAGES, "fallback") == (language or "fallback")


@pytest.mark.parametrize(
    "tag",
    ["ko" * 100, "ko-" + "a" * 300, "-", "_", "\0", "ko\n", "ko KR", "ｋｏ", "İ", "💙", "한국어", "i-klingon", "x-ko",
     "en'; DROP TABLE supporters", "../../ko", "x", "1", "-1", "𝓴𝓸", "\ud800", "ko\u200b", "{ko}", "<b>ko</b>"],
)  # fmt: skip
def test_hostile_tag_gets_the_fallback(tag: str) -> None:
    assert match_language(tag, LANGUAGES, "fallback") == "fallback"


@given(st.text(max_size=80))
def test_no_tag_is_an_error(tag: str) -> None:
    assert match_language(tag, LANGUAGES, "fallback") in {*LANGUAGES, "fallback"}


def test_every_language_of_cldr_is_matched_by_its_code() -> None:
    codes = [code for code in localedata.locale_identifiers() if is_code(code)]
    assert len(codes) > 900
    assert {code: match_language(code, [code], "") for code in codes} == {code: code for code in codes}


@pytest.mark.parametrize(
    "facts",
    [
        LanguageFacts("ko", "한국어", "ltr", "Asia/Seoul", "en", None),
        LanguageFacts("ja", "日本語", "ltr", "Asia/Tokyo", "en", "JP"),
        LanguageFacts("ar", "العربية", "rtl", "Africa/Cairo", "en"),
        LanguageFacts("pt_BR", "Português (Brasil)", "ltr", "UTC", "en", "BR"),
        LanguageFacts("zh_Hant", "繁體中文", "ltr", "Asia/Taipei", "en"),
        LanguageFacts("ka", "ქართული", "ltr", "Asia/Tbilisi", "en", "GE"),
        LanguageFacts("qps", "Qps", "ltr", "UTC", "en"),
    ],
)
def test_language_is_described_by_cldr(facts: LanguageFacts) -> None:
    assert describe_languages([facts.code, "en"])[facts.code] == facts


def test_telegram_is_told_of_languages_by_their_two_letter_codes() -> None:
    languages = ["fil", "pt_BR", "zh_Hant", "zh_Hans", "en_GB", "en", "ko"]
    assert list_two_letter_codes(languages) == {
        "en": "en",
        "ko": "ko",
        "pt": "pt_BR",
        "zh": "zh_Hant",
    }


def test_fallback_is_english_or_the_first_other_language() -> None:
    assert {each: facts.fallback for each, facts in describe_languages(["ja", "en", "th"]).items()} == {
        "ja": "en",
        "en": "ja",
        "th": "en",
    }
    assert [facts.fallback for facts in describe_languages(["ja", "th", "ko"]).values()] == ["th", "ja", "ja"]
    assert describe_languages(["th"])["th"].fallback is None


def test_fallbacks_are_followed_once_each() -> None:
    facts = describe_languages(["ja", "th", "ko"], {"ko": {"fallback": "th"}})
    assert list(list_fallbacks("ko", facts)) == ["ko", "th", "ja"]
    assert list(list_fallbacks("ar", facts)) == ["ar"]

"""Translators: escaping, numbers and dates, which catalog's text is used, and what a catalog must not contain."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from markupsafe import Markup

from chatbot.i18n import CATALOG, CatalogError, Translator, load_translators
from chatbot.petition.languages import LanguageFacts, describe_languages

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"""
ROOT = Path(__file__).parents[2]
MOMENT = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)


def write_catalog(directory: Path, body: str, language: str = "en") -> Path:
    file = directory / language / CATALOG
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{HEADER}\n{body}", "utf-8")
    return directory


def load(*directories: Path, language: str = "en") -> Translator:
    return load_translators(describe_languages([language]), directories)[language]


def refused(directory: Path) -> str:
    with pytest.raises(CatalogError) as error:
        load(directory)
    return str(error.value)


# Texts, numbers and dates


def test_values_are_escaped_once_and_messages_are_not(translators: Mapping[str, Translator]) -> None:
    said = translators["en"]("💙 <b>{name}</b>", name="<i>Sam</i> & friends")
    assert said == "💙 <b>&lt;i&gt;Sam&lt;/i&gt; &amp; friends</b>"
    assert translators["en"]("{said}!", said=said) == f"{said}!"
    assert isinstance(said, Markup)


def test_label_is_plain_text(tmp_path: Path) -> None:
    write_catalog(tmp_path, 'msgid "Sign as {name}"\nmsgstr "{name} 이름으로 서명"\n')
    label = load(tmp_path).label("Sign as {name}", name="<Sam> & 하나")
    assert label == "<Sam> & 하나 이름으로 서명"
    assert type(label) is str


def test_plural_has_form_and_number_of_its_language(translators: Mapping[str, Translator]) -> None:
    forms = ("<b>{count}</b> supporter", "<b>{count}</b> supporters")
    assert translators["en"].plural(*forms, 1) == "<b>1</b> supporter"
    assert translators["en"].plural(*forms, 178921) == "<b>178,921</b> supporters"
    assert translators["ko"].plural(*forms, 1).startswith("<b>1</b>명")


def test_days_and_moments_are_in_the_readers_zone(translators: Mapping[str, Translator]) -> None:
    korean, english = translators["ko"], translators["en"]
    assert korean.date(date(2012, 2, 14)) == "2012년 2월 14일"
    assert english.date(date(2012, 2, 14)) == "February 14, 2012"
    assert korean.moment(MOMENT) == "2026년 3월 2일"
    assert english.moment(MOMENT) == "March 1, 2026"
    assert korean.clock(MOMENT) == "2026. 3. 2. 오전 12:30"
    assert english.clock(MOMENT) == "Mar 1, 2026, 3:30\u202fPM"


def test_languages_are_named_in_the_readers_language(translators: Mapping[str, Translator]) -> None:
    assert translators["ko"].language_name("en") == "영어"
    assert translators["en"].language_name("ko") == "Korean"


def test_lists_follow_the_rules_of_the_language(translators: Mapping[str, Translator]) -> None:
    korean, english = translators["ko"], translators["en"]
    assert english.join("ABC") == "A, B, and C"
    assert english.join("ABC", either=True) == "A, B, or C"
    assert korean.join("ABC") == "A, B 및 C"
    assert english.row(["A", "", "B", "C"]) == korean.row("ABC") == "A, B, C"
    assert english.join("") == english.row("") == ""
    assert load(language="ja").row("ABC") == "A、B、C"
    assert load(language="ar").join("AB") == "\u200f\u2068A\u2069 و\u2068B\u2069"


def test_language_does_not_change_the_dates_of_the_next_one() -> None:
    program = """if True:
        from chatbot.i18n import load_translators
        from chatbot.petition.languages import describe_languages

        facts = {"name": "given", "direction": "ltr", "zone": "UTC"}
        translators = load_translators(describe_languages(["ba", "ko"], {"ba": facts, "ko": facts}), [])
        print(ascii([each.locale.months["format"]["abbreviated"][3] for each in translators.values()]))
    """
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=True, cwd=ROOT)
    assert ran.stdout.decode().strip() == ascii(["M03", "3월"])


# Which catalog is used


def test_campaign_texts_precede_bundled_ones_and_english(tmp_path: Path) -> None:
    own = write_catalog(tmp_path / "own", 'msgid "Skip"\nmsgstr "Pass"\n\nmsgid "Name"\nmsgstr ""\n')
    bundled = write_catalog(tmp_path / "bundled", 'msgid "Skip"\nmsgstr "Leap"\n\nmsgid "Name"\nmsgstr "Full name"\n')
    _ = load(own, bundled)
    assert [_.label(text) for text in ("Skip", "Name", "Country")] == ["Pass", "Full name", "Country"]


def test_fuzzy_translation_is_not_used(tmp_path: Path) -> None:
    assert load(write_catalog(tmp_path, '#, fuzzy\nmsgid "Skip"\nmsgstr "Slip"\n')).label("Skip") == "Skip"


def test_language_without_a_catalog_uses_english(tmp_path: Path) -> None:
    assert load(tmp_path, tmp_path / "nowhere").label("Skip") == "Skip"


# Mistakes in catalogs


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('msgid "Hello {name}"\nmsgstr "Hello {nmae}"', "line 6: {nmae} is not known here; use {name}."),
        ('msgid "Hello {name}"\nmsgstr "Hello {}"', "line 6: {} is not known here; use {name}."),
        ('msgid "Hello {name}"\nmsgstr "{name.real}"', "line 6: {name.real} is not known here; use {name}."),
        ('msgid "Hello"\nmsgstr "Hello {name}"', "line 6: {name} is not known here; use none."),
        (
            'msgid "Hello {name}"\nmsgstr "Hello {name"',
            "line 6: a { or } stands alone; put it right, or write {{ or }}",
        ),
        ('msgid "Hello {name"\nmsgstr ""', "line 6: the msgid is no text of the program; write it as in chatbot.pot"),
        ('msgid "<b>Hello</b>"\nmsgstr "<b>Hello"', "line 6: its <tags> are not those of Telegram, or not closed"),
        ('msgid "<b>Hello</b>"\nmsgstr "<b><i>Hello</b></i>"', "line 6: its <tags> are not those of Telegram"),
        ('msgid "<b>Hello</b>"\nmsgstr "Hello</b>"', "line 6: its <tags> are not those of Telegram"),
        ('msgid "<b>Hello</b>"\nmsgstr "<h1>Hello</h1>"', "line 6: its <tags> are not those of Telegram"),
        ('msgid "Hello"\nmsgstr "1 < 2"', "line 6: its <tags> are not those of Telegram"),
        ('msgid "{n} day"\nmsgid_plural "{n} days"\nmsgstr[0] "{n}"\nmsgstr[1] "{m}"', "line 6: {m} is not known here"),
        ('msgid "Hello"\nmsgstr "Hello', "line 7: the text must be between two quotation marks"),
        ('msgid "Hello"\nmsgstr Hello"', "line 7: the text must be between two quotation marks"),
        ('msgid "Hello"\nmsgstr "say "hello""', "line 7: the text must be between two quotation marks"),
        ('msgid "Hello"\n"and on"', "cannot be read on from here"),
    ],
)
def test_harmful_translation_is_refused_at_the_start(tmp_path: Path, body: str, problem: str) -> None:
    said = refused(write_catalog(tmp_path, f"{body}\n"))
    assert said.startswith(f"en/{CATALOG}")
    assert problem in said
    assert "\n" not in said


def test_placeholders_may_be_left_out_and_moved(tmp_path: Path) -> None:
    _ = load(write_catalog(tmp_path, 'msgid "{a} and {b} and {c}"\nmsgstr "{c}, <i>{a}</i>, {{}}"\n'))
    assert _("{a} and {b} and {c}", a=1, b=2, c=3) == "3, <i>1</i>, {}"


def test_problems_of_all_languages_are_reported_at_once(tmp_path: Path) -> None:
    for language in ("ko", "en"):
        write_catalog(tmp_path, 'msgid "A"\nmsgstr "{a}"\n\nmsgid "B"\nmsgstr "<b>"\n', language)
    with pytest.raises(CatalogError) as error:
        load_translators(describe_languages(["ko", "en"]), [tmp_path])
    assert [problem[:2] for problem in error.value.problems] == ["ko", "ko", "en", "en"]


def test_unreadable_encoding_is_refused(tmp_path: Path) -> None:
    (write_catalog(tmp_path, "") / "en" / CATALOG).write_bytes(b'msgid "Skip"\nmsgstr "\xff"\n')
    assert (
        refused(tmp_path)
        == f"en/{CATALOG}: these letters cannot be read; save the file again as UTF-8 (Notepad: Save as, Encoding)."
    )


def test_catalog_is_utf_8_whatever_its_header_says(tmp_path: Path) -> None:
    body = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ascii\\n"\n\nmsgid "Skip"\nmsgstr "건너뛰기"\n'
    (write_catalog(tmp_path, "") / "en" / CATALOG).write_bytes(b"\xef\xbb\xbf" + body.replace("\n", "\r\n").encode())
    assert load(tmp_path).label("Skip") == "건너뛰기"


# Fallbacks


def load_languages(languages: Mapping[str, LanguageFacts], *directories: Path) -> Mapping[str, Translator]:
    return load_translators(languages, directories)


def test_missing_text_comes_from_the_fallback(tmp_path: Path) -> None:
    own, bundled = tmp_path / "own", tmp_path / "bundled"
    write_catalog(own, 'msgid "Skip"\nmsgstr "ข้าม"\n', "th")
    write_catalog(bundled, 'msgid "Name"\nmsgstr "ชื่อ"\n\nmsgid "Skip"\nmsgstr "?"\n', "th")
    write_catalog(own, 'msgid "Country"\nmsgstr "国"\n\nmsgid "Name"\nmsgstr "?"\n', "ja")
    write_catalog(bundled, 'msgid "Reason"\nmsgstr "理由"\n', "ja")
    write_catalog(bundled, 'msgid "Check"\nmsgstr "Verify"\n', "en")
    _ = load_languages(describe_languages(["th", "ja", "en"], {"th": {"fallback": "ja"}}), own, bundled)["th"]
    texts = ("Skip", "Name", "Country", "Reason", "Check", "Send")
    assert [_.label(each) for each in texts] == ["ข้าม", "ชื่อ", "国", "理由", "Verify", "Send"]


def test_plural_of_the_fallback_has_the_form_of_its_language(tmp_path: Path) -> None:
    write_catalog(
        tmp_path,
        'msgid "{count} a"\nmsgid_plural "{count} b"\nmsgstr[0] "{count} eine"\nmsgstr[1] "{count} viele"\n',
        "de",
    )
    _ = load_languages(describe_languages(["th", "de"]), tmp_path)["th"]
    assert [_.plural("{count} a", "{count} b", count) for count in (1, 2)] == ["1 eine", "2 viele"]


def test_english_falls_back_to_no_other_language(tmp_path: Path) -> None:
    write_catalog(tmp_path, 'msgid "Skip"\nmsgstr "건너뛰기"\n', "ko")
    translators = load_languages(describe_languages(["ko", "en", "en_GB"]), tmp_path)
    assert {language: _.label("Skip") for language, _ in translators.items()} == {
        "ko": "건너뛰기",
        "en": "Skip",
        "en_GB": "Skip",
    }


def test_language_unknown_to_cldr_writes_numbers_as_its_fallback(tmp_path: Path) -> None:
    _ = load_languages(describe_languages(["qps", "de"], {"qps": {"name": "Áççéñţš"}}), tmp_path)["qps"]
    assert (_.number(178921), _.language_name("qps"), _.language_name("de")) == ("178.921", "Áççéñţš", "Deutsch")


@pytest.mark.parametrize("language", ["en", "ko", "de", "fr", "de_CH", "es", "pl", "sv", "hi", "bn", "ar", "fa", "my"])
def test_numbers_are_those_of_cldr(language: str) -> None:
    _ = load(language=language)
    numbers = (0, 7, 999, 1_000, 9_999, 12_345, 999_999, 178_921_123, -5, -12_345)
    assert [_.number(each) for each in numbers] == [format_decimal(each, locale=_.locale) for each in numbers]


def test_reader_of_a_language_that_is_not_offered_gets_its_fallback(tmp_path: Path) -> None:
    listed = describe_languages(["ko", "en", "th"], {"th": {"fallback": "ko"}})
    translators = load_translators(listed, [tmp_path]).limit({each: listed[each] for each in ("ko", "en")})
    assert list(translators) == list(translators["ko"].languages) == ["ko", "en"]
    assert {each: translators[each].language for each in ("th", "en-AU", "ja", "")} == {
        "th": "ko",
        "en-AU": "en",
        "ja": "en",
        "": "en",
    }


def test_zone_is_that_of_the_campaign(tmp_path: Path) -> None:
    languages = describe_languages(["ja", "en"], {"en": {"zone": "America/Adak"}})
    translators = load_languages(languages, tmp_path)
    assert {language: str(_.zone) for language, _ in translators.items()} == {"ja": "Asia/Tokyo", "en": "America/Adak"}


def test_whole_percents_are_exact(translators: Mapping[str, Translator]) -> None:
    shown = [translators["en"].percent(share / 100) for share in range(101)]
    assert shown == [f"{share}%" for share in range(101)]
    assert translators["en"].percent(9_999_999_999 / 10_000_000_000) == "99%"

"""`python -m chatbot check --language`: what it tells the volunteers who add a language."""

import re
import shutil
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.i18n import CATALOG
from chatbot.screens.words_of_signing import list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES
from tests.support.more_languages import add_language, list_language


@pytest.fixture(autouse=True)
def petition(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the bundled campaign in the current directory, which the settings name."""
    environment.setenv("LOCALES_DIR", "our-petition")
    return shutil.copytree(BUNDLED_LOCALES, tmp_path / "our-petition")


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["check", *arguments])
    told = capsys.readouterr()
    assert told.err == "" or (told.out == "" and "Traceback" not in told.err)
    return code, told.out or told.err


@pytest.mark.parametrize(("language", "name"), [("ko", "한국어"), ("en", "English")])
def test_check_says_that_a_whole_language_is_offered(
    capsys: pytest.CaptureFixture[str], language: str, name: str
) -> None:
    code, told = check(capsys, "--language", language)
    assert code == 0
    assert told.startswith(f"{language} ({name}) is offered to people.\n")
    assert "translated" not in told


def test_check_says_how_to_begin_a_new_language(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(capsys, "--language", "pt_BR")
    assert code == 1
    first, *steps = told.splitlines()
    assert first == "pt_BR (Português (Brasil)) is no language of this petition yet. To begin:"
    assert [step[:2] for step in steps] == ["1.", "2.", "3.", "4."]
    assert "our-petition/campaign.toml" in steps[0]
    assert "our-petition/pt_BR/appeal.html" in steps[1]
    assert steps[2].endswith(" -d our-petition -l pt_BR")
    assert steps[3].endswith(" Plural-Forms: nplurals=2; plural=(n > 1); (one, other)")


def test_check_names_missing_files_facts_and_words(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    list_language(petition / "campaign.toml", "th", "# title is missing")
    facts = (petition / "campaign.toml").read_text("utf-8")
    head, table = facts.split("[th]")
    (petition / "campaign.toml").write_text(f"{head}[th]{re.sub('^title.*$', '', table, flags=re.MULTILINE)}", "utf-8")
    code, told = check(capsys, "--language", "th")
    assert code == 1
    lines = told.splitlines()
    assert lines[0] == "th (ไทย) is not offered to people yet. It needs:"
    assert "campaign.toml: th.title is missing; write a line title = …." in lines
    assert any(line.startswith("th/appeal.html: there is no such file in ") for line in lines)
    counted = re.search(
        rf"^th/{CATALOG}: 0 of (\d+) words of signing are translated\. Missing are:$", told, re.MULTILINE
    )
    assert counted
    assert int(counted[1]) > 150
    assert re.search(r"^  (\d+) of \1 in supporter/welcome\.py:$", told, re.MULTILINE)
    assert re.search(r"^  (\d+) of \1 in organizer/menu\.py$", told, re.MULTILINE)
    assert "A word without a translation is shown in en." in lines
    assert "It is written from left to right; times are those of Asia/Bangkok." in lines
    assert lines[-1] == "Plural-Forms: nplurals=1; plural=0; (other)"


def test_one_missing_word_is_counted_in_its_screens(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_language(petition, "ja", lambda text, _form: "" if text == "Later" else text)
    code, told = check(capsys, "--language", "ja")
    assert code == 1
    texts = list_words_of_signing()["supporter/signing.py"]
    found = [line for line in told.splitlines() if line.startswith("  ")]
    assert found == [f"  1 of {len(texts)} in supporter/signing.py:", "    Later"]
    assert "words for organizers" not in told


def test_check_quotes_missing_words_as_in_the_catalog(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = add_language(petition, "ja", lambda text, _form: "")
    _code, told = check(capsys, "--language", "ja")
    shown = [line.strip().removesuffix("…") for line in told.splitlines() if line.startswith("    ")]
    assert len(shown) > 150
    catalog = file.read_text("utf-8")
    assert [text for text in shown if f'"{text}' not in catalog] == []


def test_words_for_organizers_may_come_later(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_language(petition, "ja", lambda text, _form: "" if text == "Close the petition" else text)
    code, told = check(capsys, "--language", "ja")
    assert code == 0
    assert told.startswith("ja (日本語) is offered to people.\n")
    assert " words for organizers, which may come later, are translated. Missing are:\n" in told


def test_language_unknown_to_cldr_has_the_plural_forms_of_its_header(
    petition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = check(capsys, "--language", "qps")
    assert code == 1
    assert told.endswith(" free to choose; CLDR has no such language.\n")


@pytest.mark.parametrize("language", ["TH", "th-TH", "../en", "", "thai", "th" * 100])
def test_text_that_is_no_code_is_refused(capsys: pytest.CaptureFixture[str], language: str) -> None:
    code, told = check(capsys, "--language", language)
    assert code == 1
    assert told == f"--language: “{language}” is no code of a language; write it like th, pt_BR or zh_Hant\n"


def test_check_names_the_mistakes_of_all_files_at_once(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = add_language(petition, "ru", facts='name = "<b>"')
    file.write_text(file.read_text("utf-8").replace("nplurals=3", "nplurals=2"), "utf-8")
    (petition / "ru" / "appeal.html").write_text("<p>open")
    code, told = check(capsys, "--language", "ru")
    assert code == 1
    first, *mistakes = told.splitlines()[:4]
    assert first == "ru (Русский) is not offered to people yet. It needs:"
    assert [line.partition(": ")[0] for line in mistakes] == [
        "campaign.toml",
        "ru/appeal.html, line 1",
        f"ru/{CATALOG}, line 15",
    ]
    assert ": Plural-Forms must be nplurals=3; plural=" in told
    code, told = check(capsys)
    assert code == 1
    assert told.splitlines() == mistakes


def test_check_has_one_line_for_each_language(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_language(petition, "ja")
    list_language(petition / "campaign.toml", "th")
    code, told = check(capsys)
    assert code == 0
    lines = told.splitlines()
    assert [line.partition(":")[0] for line in lines[:4]] == ["ko", "en", "ja", "th"]
    assert lines[3] == "th: not offered to people yet; `python -m chatbot check --language th` says what is missing"

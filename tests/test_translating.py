"""The commands of `docs/translating.md` make a language that people are offered."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from chatbot.__main__ import main, make_parser
from chatbot.i18n import CATALOG
from chatbot.i18n.catalog import list_translated, parse_catalog, read_text
from chatbot.petition.languages import is_code
from chatbot.settings import BUNDLED_LOCALES
from tests.support.documents import read_blocks
from tests.support.more_languages import list_language, write_catalog

DOCUMENT = "docs/translating.md"
BEGIN, CHECK, UPDATE = (block.splitlines() for block in read_blocks(DOCUMENT, "sh"))


@pytest.fixture
def petition(environment: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of a petition, beside a copy of the project's `locales`, as the document has it."""
    shutil.copytree(BUNDLED_LOCALES, "locales")
    return shutil.copytree("locales", tmp_path / "our-petition")


def run(line: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a line of the document, for this language instead of Thai."""
    command, *arguments = shlex.split(re.sub(r"\bth\b", language, line))
    if command == "export":
        monkeypatch.setenv(*arguments[0].split("="))
    elif command == "cp":
        *sources, target = arguments
        assert Path(target).is_dir()
        for source in sources:
            for file in Path().glob(source):
                shutil.copy(file, target)
    else:
        assert command == "pybabel"
        babel = [sys.executable, "-m", "babel.messages.frontend", *arguments]
        subprocess.run(babel, capture_output=True, timeout=60, check=True)


def read_catalog(petition: Path, language: str) -> Catalog:
    return parse_catalog(read_text(petition / language / CATALOG, language), language)


def check(line: str, language: str) -> int:
    python, *words = shlex.split(re.sub(r"\bth\b", language, line))
    assert [python, *words[:2]] == ["python", "-m", "chatbot"]
    return main(words[2:])


@pytest.mark.parametrize("language", ["th", "ar", "pt", "zh_Hant"])
def test_commands_make_a_language_that_people_are_offered(
    petition: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    checking, playing = CHECK
    for line in BEGIN:
        run(line, language, monkeypatch)
    list_language(petition / "campaign.toml", language)
    file = petition / language / CATALOG
    if language == "pt":  # Babel writes the plural rule of Portugal, but CLDR has that of Brazil
        assert check(checking, language) == 1
        proposed = capsys.readouterr().err.strip().partition("Plural-Forms must be ")[2].rstrip(".")
        file.write_text(file.read_text("utf-8").replace("nplurals=2; plural=(n != 1);", proposed), "utf-8")
    assert check(checking, language) == 1
    told = capsys.readouterr().out
    assert " is not offered to people yet. It needs:\n" in told
    signing = re.search(r": 0 of (\d+) words of signing are translated", told)
    assert signing
    share = int(signing[1]) / Path("locales/chatbot.pot").read_text("utf-8").count("\nmsgid ")
    assert 0.17 < share < 0.23, "about a fifth"
    write_catalog(file, language, lambda text, _form: text)
    assert check(checking, language) == 0
    assert " is offered to people.\n" in capsys.readouterr().out
    make_parser().parse_args(shlex.split(playing)[3:])


def test_update_adds_new_words_and_keeps_translations(petition: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    languages = ["ar", "pt_BR", "ru", "th", "zh_Hant"]
    for language in languages:
        for line in BEGIN:
            run(line, language, monkeypatch)
        write_catalog(petition / language / CATALOG, language, lambda text, _form: text)
    with Path("locales/chatbot.pot").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "{count} new otter"\nmsgid_plural "{count} new otters"\nmsgstr[0] ""\nmsgstr[1] ""\n')
    before = {each: list_translated(read_catalog(petition, each)) for each in languages}
    [line] = UPDATE
    run(line, "th", monkeypatch)
    for language in ("ko", "en", *languages):
        catalog = read_catalog(petition, language)
        assert catalog["{count} new otter"]
        if language in before:
            assert list_translated(catalog) == before[language]
    run(f"{line} --check", "th", monkeypatch)


def test_settings_of_weblate_name_files_that_exist() -> None:
    [settings] = map(json.loads, read_blocks(DOCUMENT, "json"))
    root = BUNDLED_LOCALES.parent
    found = {file.relative_to(root).as_posix() for file in root.glob(settings["filemask"])}
    assert found == {file.relative_to(root).as_posix() for file in BUNDLED_LOCALES.glob(f"*/{CATALOG}")}
    assert found
    assert (root / settings["new_base"]).is_file()


def test_example_of_a_table_has_the_settings_of_a_language() -> None:
    [table] = read_blocks(DOCUMENT, "toml")
    heading, *lines = table.splitlines()
    assert is_code(heading.strip("[]"))
    assert [line.partition(" = ")[0] for line in lines] == ["name", "direction", "zone", "fallback", "country"]

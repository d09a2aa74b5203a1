"""No code knows Korean or English by its name: a language is a folder and a table of the campaign."""

from pathlib import Path

import pytest

from tests.support.named_languages import find_named_languages


def test_code_names_no_language() -> None:
    assert find_named_languages() == {}


@pytest.mark.parametrize(
    "source",
    [
        'language = "ko"',
        'step = "post_en"',
        'tag = "en-AU"',
        "words_ko = 1",
        "_EN_WEEKDAYS = ()",
        "def find(en): ...",
        "row.statement_ko",
        'SQL = "SELECT text_en FROM status_drafts"',
        "from fonts import ko",
    ],
)
def test_named_language_is_found(tmp_path: Path, source: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(source, "utf-8")
    assert len(find_named_languages(iter([file]))["module.py"]) == 1


@pytest.mark.parametrize(
    "source", ['"""The code of a folder: `ko`."""', 'token = "taken"', "kopeck = 1", "# ko is data", 'x = "en_US"']
)
def test_other_words_are_no_language(tmp_path: Path, source: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(source, "utf-8")
    assert find_named_languages(iter([file])) == {}

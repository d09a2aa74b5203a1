"""The code names no language: a language is a folder and a table of the campaign."""

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
        "from locales.ko import words",
        "words = {'ko': 1}",
        'column = f"text_{language}_en"',
        'column = f"{table}_ko"',
        'folder = f"ko/{name}"',
        'languages = "ko,en".split(",")',
        "languages = 'ko en'.split()",
        'tag = "KO"',
        'pattern = r"ko|ja"',
        'tag = b"ko"',
        'dict(en="")',
        """SQL = "SELECT * FROM supporters WHERE language = 'ko'\"""",
        'SQL = """\nDELETE FROM posts\nWHERE language IN (\'en\')"""',
    ],
)
def test_finder_finds_a_named_language(tmp_path: Path, source: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(source, "utf-8")
    assert find_named_languages(iter([file]))["module.py"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("0099_posts.sql", "UPDATE posts SET language = 'ko';"),
        ("0099_posts.sql", "ALTER TABLE posts ADD COLUMN text_en TEXT;"),
        ("words.toml", "[ko]"),
        ("words.toml", "words.en = 'x'"),
        ("page.js", "const language = `en`;"),
        ("page.js", "if (words.ko) show();"),
        ("page.html", '<html lang="ko">'),
        ("page.css", ":lang(ko) { font-weight: 400 }"),
        ("words_ko.py", ""),
    ],
)
def test_finder_finds_a_named_language_in_any_file(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.write_text(source, "utf-8")
    assert find_named_languages(iter([file]))[name]


@pytest.mark.parametrize(
    ("name", "source"), [("0099_posts.sql", "-- by language: ko"), ("page.js", "// like en"), ("words.toml", "# ko")]
)
def test_finder_ignores_comments(tmp_path: Path, name: str, source: str) -> None:
    file = tmp_path / name
    file.write_text(source, "utf-8")
    assert find_named_languages(iter([file])) == {}


@pytest.mark.parametrize(
    "source", ['"""The code of a folder: `ko`."""', 'token = "taken"', "kopeck = 1", "# ko is data", 'x = "en_US"']
)
def test_finder_ignores_other_words(tmp_path: Path, source: str) -> None:
    file = tmp_path / "module.py"
    file.write_text(source, "utf-8")
    assert find_named_languages(iter([file])) == {}

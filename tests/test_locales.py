"""The catalogs have all texts of the code and fit them, and Korean fits any name in a placeholder."""

import re
import shlex
import shutil
import string
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from chatbot.i18n import CATALOG
from chatbot.i18n.terminal import PROBLEMS
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES

ROOT = Path(__file__).parent.parent
LANGUAGES = sorted(file.parents[1].name for file in BUNDLED_LOCALES.glob(f"*/{CATALOG}"))
PARTICLES = "은는이가을를와과로으아야"
PARTICLE_AFTER_PLACEHOLDER = re.compile(rf"(?!\{{languages?\}}로)\{{\w+\}}(?:</?\w+>|[”’\"')\]])*[{PARTICLES}]")
"""A particle that depends on the name before it. `이에요` and `으로` also begin with one.

`{language}로` is allowed: Korean names of languages all end in 어, which 로 fits.
"""


def read_catalog(language: str) -> Catalog:
    with (BUNDLED_LOCALES / language / CATALOG).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(texts: object) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def read_texts(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return every entry of a catalog: the forms of its source, and the non-empty forms of its translation."""
    entries = [(forms(message.id), forms(message.string)) for message in read_catalog(language) if message.id]
    return [(source, tuple(filter(None, translation))) for source, translation in entries]


def list_placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def list_tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?\w[^>]*>", text))


def are_closed(text: str) -> bool:
    opened = []
    for close, name in re.findall(r"<(/?)(\w+)[^>]*>", text):
        if not close:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


@cache
def list_problems() -> Sequence[str]:
    """List the messages of all problems, as pybabel finds them. It reads all code, which takes a second."""
    found = extract_from_dir(ROOT / "chatbot", [("**.py", "python")], keywords={"Problem": None})
    return sorted({forms(message)[0] for _file, _line, message, *_ in found})


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_placeholders_and_tags_of_its_source(language: str) -> None:
    for (singular, *plural), translation in read_texts(language):
        for text in (*plural, *translation):
            assert list_placeholders(text) == list_placeholders(singular), text
            assert list_tags(text) == list_tags(singular), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_tags_are_closed_in_order(language: str) -> None:
    assert not [text for source, said in read_texts(language) for text in (*source, *said) if not are_closed(text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalog_has_no_fuzzy_or_obsolete_entries(language: str) -> None:
    catalog = read_catalog(language)
    assert not catalog.obsolete
    assert not [message.id for message in catalog if message.id and message.fuzzy]


def test_korean_catalog_is_complete() -> None:
    assert not [message.id for message in read_catalog("ko") if message.id and not all(forms(message.string))]


def test_catalogs_have_the_same_texts() -> None:
    first, *others = ({source for source, _ in read_texts(language)} for language in LANGUAGES)
    assert all(other == first for other in others)


def test_korean_has_no_particle_after_a_placeholder() -> None:
    assert not [text for _, said in read_texts("ko") for text in said if PARTICLE_AFTER_PLACEHOLDER.search(text)]


@pytest.mark.parametrize("wrong", ["{name}은", "{name}는 갑니다", "<b>{name}</b>이", "“{name}”을", "{n}으로"])
def test_pattern_finds_a_particle_after_a_placeholder(wrong: str) -> None:
    assert PARTICLE_AFTER_PLACEHOLDER.search(wrong)


@pytest.mark.parametrize(
    "right", ["{name} 님, 고맙습니다", "{count}명이", "<b>{number}</b>번째로", "{date}에", "{language}로"]
)
def test_pattern_accepts_endings_that_fit_every_name(right: str) -> None:
    assert not PARTICLE_AFTER_PLACEHOLDER.search(right)


# The catalog check of CI


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(BUNDLED_LOCALES, tmp_path / "locales")


def check_catalogs(copy: Path) -> int:
    """Run the commands of `.ci/run` on a copy of the catalogs; return 0 if they have exactly the texts of the code."""
    places = {"chatbot.pot": str(copy / "made.pot"), "locales": str(copy)}
    for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines():
        if line.startswith("pybabel "):
            words = [places.get(word, word) for word in shlex.split(line)[1:]]
            babel = [sys.executable, "-m", "babel.messages.frontend", *words]
            if code := subprocess.run(babel, cwd=ROOT, capture_output=True, timeout=60, check=False).returncode:
                return code
    return 0


def read_without_date(template: Path) -> list[str]:
    """Read the lines of a template, without the date on which it was made."""
    return [line for line in template.read_text("utf-8").splitlines() if "POT-Creation-Date" not in line]


def test_catalogs_are_up_to_date(copy: Path) -> None:
    assert check_catalogs(copy) == 0
    made, committed = map(read_without_date, (copy / "made.pot", BUNDLED_LOCALES / "chatbot.pot"))
    assert made == committed, "run the commands of CONTRIBUTING.md for words, which write locales/chatbot.pot"
    found = frozenset[str]().union(*list_words_of_signing().values(), *list_words_of_organizers().values())
    with (copy / "made.pot").open("rb") as file:
        assert {forms(message.id)[0] for message in read_po(file) if message.id} == found


@pytest.mark.parametrize("file", ["problems.pot", f"ko/{PROBLEMS}"])
def test_catalogs_of_problems_are_up_to_date(file: str) -> None:
    with (BUNDLED_LOCALES / file).open("rb") as opened:
        catalog = read_po(opened)
    assert [message.id for message in catalog if message.id] == list_problems(), (
        "run the commands of CONTRIBUTING.md for words, which write locales/problems.pot"
    )
    assert not catalog.obsolete
    if not file.endswith(".pot"):
        assert not [message.id for message in catalog if message.id and (message.fuzzy or not message.string)]


def test_check_of_ci_finds_a_missing_text(copy: Path) -> None:
    catalog = copy / "ko" / CATALOG
    catalog.write_text(catalog.read_text("utf-8").replace('msgid "Later"', 'msgid "Later on"'), "utf-8")
    assert check_catalogs(copy) != 0


@pytest.mark.parametrize("word", ["refugee", "North Korean", "SaveMyFriend", "Change.org", "난민", "탈북", "강제북송"])
def test_catalogs_do_not_mention_the_bundled_petition(word: str) -> None:
    catalogs = (BUNDLED_LOCALES / "chatbot.pot", *(BUNDLED_LOCALES / each / CATALOG for each in LANGUAGES))
    assert [file.name for file in catalogs if word in file.read_text("utf-8")] == []

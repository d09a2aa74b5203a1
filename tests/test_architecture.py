"""The structure of the code follows its rules, and the wheel has all of its files."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from chatbot.settings import Settings
from tests.architecture import (
    MODULES,
    MOST_MODULES,
    PACKAGE,
    PROJECT,
    count_modules,
    find_repeated_types,
    find_retired_words,
)
from tests.support.retired_words import ROOT, find_in_python

SUFFIXES = {".py", ".js", ".css", ".html", ".sql"}
WRITTEN = sorted(file for folder in (PACKAGE, ROOT / "tests") for file in folder.rglob("*") if file.suffix in SUFFIXES)
LONGEST = 300
"""The most lines of a file."""
TESTED_ELSEWHERE = {
    **dict.fromkeys(
        (
            "screens/organizer/command_line",
            "screens/organizer/petition",
            "screens/organizer/places",
            "screens/organizer/team",
            "screens/supporter/after_signing",
            "screens/supporter/rights",
        ),
        "screens/test_golden.py has every screen in every language",
    ),
    "conversation/turn": "conversation/test_every_step.py runs turns of every step",
    "jobs/handlers/places": "conversation/organizer/places tests what these jobs tell the team",
}
"""Packages that need no test modules in a folder of the same name, and where they are tested."""
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}


def test_modules_import_only_from_below() -> None:
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    found = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def test_modules_have_a_docstring() -> None:
    assert not [module for module in MODULES if not ast.get_docstring(ast.parse(module.read_text("utf-8")))]


def test_files_are_small() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in WRITTEN}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_modules_have_telling_names() -> None:
    names = {part for module in MODULES for part in module.relative_to(PACKAGE).with_suffix("").parts}
    assert not {word for name in names for word in name.split("_")} & VAGUE


def test_constants_named_in_docstrings_exist() -> None:
    texts = {module: module.read_text("utf-8") for module in MODULES}
    written = {name for text in texts.values() for name in re.findall(r"[A-Z]\w*_\w+", re.sub("`.*?`", "", text))}
    quoted = {(str(module), name) for module, text in texts.items() for name in re.findall(r"`[^`\n]*`", text)}
    named = {(module, name) for module, quote in quoted for name in re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", quote)}
    settings = {name.upper() for name in Settings.model_fields}
    assert not {(module, name) for module, name in named if name not in written | settings}


def test_folders_are_not_crowded() -> None:
    assert not {folder: count for folder, count in count_modules().items() if count > MOST_MODULES}


def test_folders_of_tests_follow_the_code() -> None:
    packages = {module.parent.relative_to(PACKAGE) for module in MODULES if module.name != "__init__.py"}
    untested = {str(package) for package in packages if not list((ROOT / "tests" / package).glob("test_*.py"))}
    assert untested == TESTED_ELSEWHERE.keys()


def test_public_types_have_unique_names() -> None:
    assert find_repeated_types() == {}


@pytest.mark.slow
def test_retired_words_do_not_occur() -> None:
    assert [str(each) for each in find_retired_words()] == []


@pytest.mark.parametrize(
    "source",
    [
        "def run_errands(): ...",
        "class Journal: ...",
        "def change(by: int): ...",
        "def _tell(): ...",
        "spans = 1",
        "x = 1  # the door of the process",
        '"""Which deeds there are."""',
        'raise ValueError("the tallied journal is broken")',
        'logger.info("an errand failed")',
        '"""A message of theirs."""',
        '"""See `storage.journal`."""',
        "from chatbot.storage import audit_log as journal",
        "FATES = 1",
        'Field(description="The door of the process.")',
    ],
)
def test_finder_finds_a_retired_word(tmp_path: Path, source: str) -> None:
    file = tmp_path / "sample.py"
    file.write_text(source, "utf-8")
    assert len(list(find_in_python(file, root=tmp_path))) == 1


def test_finder_leaves_everyday_words_alone(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text('"""Of course, `journal` stays."""\nspanned = {"course": "deeds"}\n', "utf-8")
    assert list(find_in_python(file, root=tmp_path)) == []


def test_bot_loads_no_libraries_of_documents() -> None:
    """A child process makes documents; the libraries for typefaces and spreadsheets are large."""
    heavy = "fpdf", "fontTools", "uharfbuzz", "xlsxwriter", "anyascii", "PIL"
    asked = f"import sys, chatbot.__main__; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "[]\n"


# What the wheel contains


def test_wheel_has_every_package() -> None:
    packages = {".".join(module.parent.relative_to(ROOT).parts) for module in MODULES}
    assert {*PROJECT["tool"]["setuptools"]["packages"]} == packages | {"chatbot.locales"}


def test_wheel_has_every_other_file() -> None:
    folders = {"chatbot": PACKAGE, "chatbot.locales": ROOT / "locales"}
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    assert patterns.keys() == folders.keys()
    for name, folder in folders.items():
        shipped = {file for pattern in patterns[name] for file in folder.glob(pattern)}
        there = {file for file in folder.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"}}
        assert shipped == there


def test_installed_command_runs_the_module() -> None:
    module, _, name = PROJECT["project"]["scripts"]["chatbot"].partition(":")
    assert callable(getattr(import_module(module), name))

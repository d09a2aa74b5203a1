"""The house stands as it was drawn: who imports whom, how large a room may be, and nothing left out of the wheel."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "chatbot"
MODULES = sorted(PACKAGE.rglob("*.py"))
WRITTEN = sorted(file for file in PACKAGE.rglob("*") if file.suffix in {".py", ".js", ".css", ".html", ".sql"})
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LONGEST = 300
MOST_MODULES = 14
RETIRED = {
    *("errand", "errands", "office", "courier", "deed", "deeds", "journal", "logbook", "noting"),
    *("keepsake", "keepsakes", "doubt", "doubts", "suspicion", "doubting", "namesake", "namesakes"),
    *("guarding", "proving", "span", "spans", "fate", "insist", "insisting", "taker", "allowance", "door"),
    *("course", "courses", "deciding", "living", "scrub", "wording", "wordings", "ties"),
}
"""Words that gave way to the field's: job, audit log, review, period, status, retry, dispatcher, rate limit."""
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "service", "services"}


def test_a_module_imports_only_from_below() -> None:
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"]
    found = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


def test_every_module_says_what_it_is_for() -> None:
    assert not [module for module in MODULES if not ast.get_docstring(ast.parse(module.read_text("utf-8")))]


def test_every_file_is_small() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in WRITTEN}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_every_module_is_named_for_what_is_in_it() -> None:
    names = {part for module in MODULES for part in module.relative_to(PACKAGE).with_suffix("").parts}
    assert not {word for name in names for word in name.split("_")} & NAMELESS


def test_no_folder_is_crowded() -> None:
    folders = Counter(str(module.parent.relative_to(ROOT)) for module in MODULES if module.name != "__init__.py")
    assert not {folder: count for folder, count in folders.items() if count > MOST_MODULES}


def test_no_two_public_types_share_a_name() -> None:
    """Classes, aliases and Literals: whoever reads one name in two modules is to think of one thing."""
    homes = defaultdict(list)
    for module in MODULES:
        for name in list_types(module):
            homes[name].append(str(module.relative_to(ROOT)))
    assert not {name: modules for name, modules in homes.items() if len(modules) > 1}


def list_types(module: Path) -> Iterator[str]:
    for node in ast.parse(module.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if re.fullmatch(r"[A-Z]+[a-z]\w*", name):
                    yield name


def test_retired_words_are_in_no_name() -> None:
    found = {f"{module.relative_to(ROOT)}: {name}" for module in MODULES for name in list_names(module)}
    assert not {each for each in found if set(split_name(each.rpartition(": ")[2])) & RETIRED}


def list_names(module: Path) -> Iterator[str]:
    yield from module.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


def split_name(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[a-z]+|[A-Z][a-z]*", name)]


def test_the_bot_at_rest_carries_nothing_that_only_documents_need() -> None:
    """They are made in a process of their own, and typefaces and spreadsheets are large."""
    heavy = "fpdf", "fontTools", "uharfbuzz", "xlsxwriter", "anyascii", "PIL"
    asked = f"import sys, chatbot.__main__; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout == "[]\n"


# What is installed


def test_every_package_is_in_the_wheel() -> None:
    packages = {".".join(module.parent.relative_to(ROOT).parts) for module in MODULES}
    assert {*PROJECT["tool"]["setuptools"]["packages"]} == packages | {"chatbot.locales"}


def test_every_file_that_is_no_module_is_in_the_wheel() -> None:
    folders = {"chatbot": PACKAGE, "chatbot.locales": ROOT / "locales"}
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    assert patterns.keys() == folders.keys()
    for name, folder in folders.items():
        shipped = {file for pattern in patterns[name] for file in folder.glob(pattern)}
        there = {file for file in folder.rglob("*") if file.is_file() and file.suffix not in {".py", ".pyc"}}
        assert shipped == there


def test_the_command_is_the_module() -> None:
    module, _, name = PROJECT["project"]["scripts"]["chatbot"].partition(":")
    assert callable(getattr(import_module(module), name))

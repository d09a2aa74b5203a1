"""Finds code that knows a language by its name: `"ko"`, `post_en`, `_KO`. Languages are data of the campaign."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.retired_words import ROOT

PACKAGE: Final = ROOT / "chatbot"
MAY_NAME: Final = ("chatbot/emulator/", "chatbot/demo.py")
"""The emulator, its page and the cast of the demo."""
LAST_OLD_MIGRATION: Final = "0018"
"""It moves the texts of columns that had a language in their names; later migrations find them in rows."""
NO_LANGUAGE: Final = frozenset({"en_US", "pylopdf_fonts_ko"})
"""The locale of the texts in the code, and a package of fonts."""
_NAMED: Final = frozenset({"ko", "en"})
_CODE: Final = re.compile(r"(\w+[_-])?(ko|en)([_-]\w+)?")
_WORD: Final = re.compile(r"\w+_(ko|en)\b")
_QUOTED: Final = re.compile(r"""["'`](\w+[_-])?(ko|en)([_-]\w+)?["'`]|\b\w+_(ko|en)\b""")


def find_named_languages(files: Iterator[Path] | None = None) -> dict[str, list[str]]:
    """Map each file of the program that names a language to its findings, `line: text`."""
    found = {_relate(file): list(_find(file)) for file in files or _list_files()}
    return {name: lines for name, lines in sorted(found.items()) if lines}


def _list_files() -> Iterator[Path]:
    for file in PACKAGE.rglob("*"):
        old = file.suffix == ".sql" and file.name[:4] <= LAST_OLD_MIGRATION
        if file.suffix in {".py", ".js", ".html", ".css", ".sql"} and not old and not _may_name(file):
            yield file


def _may_name(file: Path) -> bool:
    return _relate(file).startswith(MAY_NAME)


def _relate(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name


def _find(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        yield from _find_in_python(text)
    else:
        lines = enumerate(text.splitlines(), 1)
        yield from (f"{number}: {named[0]}" for number, line in lines for named in _QUOTED.finditer(line))


def _find_in_python(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings may give examples
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if node.value not in NO_LANGUAGE and (_CODE.fullmatch(node.value) or _WORD.search(node.value)):
                yield f"{node.lineno}: {node.value!r}"
        elif (name := _name_of(node)) and _NAMED.intersection(name.lower().split("_")):
            yield f"{getattr(node, 'lineno', 0)}: {name}"


def _name_of(node: ast.AST) -> str | None:
    """Return what a node calls something, if it does."""
    for field in ("id", "attr", "name", "arg", "asname"):
        if isinstance(name := getattr(node, field, None), str):
            return name
    return None

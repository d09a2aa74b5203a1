"""Finds code that knows a language by its name: `"ko"`, `post_en`, `_KO`. Languages are data of the campaign."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.retired_words import ROOT

PACKAGE: Final = ROOT / "chatbot"
MAY_NAME: Final = (
    "chatbot/emulator/",
    "chatbot/demo.py",
    "chatbot/petition/countries/names.toml",
    "chatbot/petition/dates/words/",
    "chatbot/petition/signing/words/",
)
"""The emulator, its page and the cast of the demo; and the words of languages as data, by the code of each."""
LAST_OLD_MIGRATION: Final = "0018"
"""It moves the texts of columns that had a language in their names; later migrations find them in rows."""
NO_LANGUAGE: Final = frozenset({"en_US", "pylopdf_fonts_ko"})
"""The locale of the texts in the code, and a package of fonts."""
_NAMED: Final = re.compile(r"(?<![A-Za-z0-9])(?:ko|en)(?![A-Za-z0-9])", re.IGNORECASE)
"""The code alone or as a part: `ko`, `en-AU`, `post_en`, `_ko` in an f-string, `'ko'` in a statement of SQL."""
_COMMENTS: Final = {
    ".sql": re.compile(r"--.*"),
    ".toml": re.compile(r"#.*"),
    ".html": re.compile(r"<!--.*?-->"),
    ".css": re.compile(r"/\*.*?\*/"),
    ".js": re.compile(r"(?<!:)//.*|/\*.*?\*/"),
}
"""Comments of one line may give examples, like docstrings."""


def find_named_languages(files: Iterator[Path] | None = None) -> dict[str, list[str]]:
    """Map each file of the program that names a language to its findings, `line: text`."""
    found = {_relate(file): list(_find(file)) for file in files or _list_files()}
    return {name: lines for name, lines in sorted(found.items()) if lines}


def _list_files() -> Iterator[Path]:
    for file in PACKAGE.rglob("*"):
        old = file.suffix == ".sql" and file.name[:4] <= LAST_OLD_MIGRATION
        if file.suffix in {".py", *_COMMENTS} and not old and not _relate(file).startswith(MAY_NAME):
            yield file


def _relate(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.name


def _find(file: Path) -> Iterator[str]:
    if _NAMED.search(file.stem):
        yield f"0: {file.name}"
    text = file.read_text("utf-8")
    if file.suffix == ".py":
        yield from _find_in_python(text)
        return
    for number, line in enumerate(text.splitlines(), 1):
        code = _COMMENTS[file.suffix].sub("", line)
        yield from (f"{number}: {line.strip()}" for _ in _NAMED.finditer(code))


def _find_in_python(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    docstrings = {  # may give examples
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        for said in _list_words(node):
            if said not in NO_LANGUAGE and _NAMED.search(said) and id(node) not in docstrings:
                yield f"{getattr(node, 'lineno', 0)}: {said!r}"


def _list_words(node: ast.AST) -> Iterator[str]:
    """Yield the text of a constant, or what a node calls something."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    for field in ("id", "attr", "name", "arg", "asname", "module"):
        if isinstance(name := getattr(node, field, None), str):
            yield name

"""Draws the house: `python -m tests.architecture` prints its floors, rooms and imports, and what breaks its rules.

Ends with 1 where something does. `tests/test_architecture.py` holds the same rules, one by one.
"""

import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.retired_words import ROOT, Finding, check_prose, find_in_python

PACKAGE: Final = ROOT / "chatbot"
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
OTHERS: Final = sorted(file for file in PACKAGE.rglob("*") if file.suffix in {".js", ".css", ".html", ".sql", ".toml"})
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MOST_MODULES: Final = 14
LISTS_WORDS: Final = {ROOT / "tests" / "support" / "retired_words.py", ROOT / "docs" / "architecture.md"}
"""Where retired words are listed as such."""
_COMMANDS: Final = re.compile(r"^\| `/.*$", re.MULTILINE)
"""Rows that quote what the chat says of its commands."""
_COMMENTS: Final = re.compile(r"/\*.*?\*/|<!--.*?-->|(?:(?<=\s)|^)(?://|--|#)\s[^\n]*", re.DOTALL | re.MULTILINE)
"""Comments of JavaScript, CSS, HTML, SQL and TOML."""
KEEPS_ITS_WORDS: Final = {ROOT / "CHANGELOG.md"}
"""History is told in the words of its day."""


def count_modules() -> dict[str, int]:
    """How many modules each folder has, packages' own files aside."""
    modules = (module for module in MODULES if module.name != "__init__.py")
    return dict(sorted(Counter(module.parent.relative_to(ROOT).as_posix() for module in modules).items()))


def count_imports() -> dict[str, Counter[str]]:
    """How many times the modules of each room import from each other room."""
    rooms: dict[str, Counter[str]] = defaultdict(Counter)
    for module in MODULES:
        room = _room_of(".".join(module.relative_to(ROOT).with_suffix("").parts))
        for target in _list_imports(module):
            if (other := _room_of(target)) and other != room:
                rooms[room][other] += 1
    return rooms


def find_types_of_one_name() -> dict[str, list[str]]:
    """Public classes, aliases and Literals that several modules define."""
    homes = defaultdict(list)
    for module in MODULES:
        for name in _list_types(module):
            homes[name].append(module.relative_to(ROOT).as_posix())
    return {name: modules for name, modules in homes.items() if len(modules) > 1}


def find_retired_words() -> list[Finding]:
    """Every retired word and unclear phrase in code, tests and documents."""
    found = [each for file in [*MODULES, *TESTS] if file not in LISTS_WORDS for each in find_in_python(file)]
    for file in [each for each in DOCUMENTS if each not in LISTS_WORDS | KEEPS_ITS_WORDS]:
        found += [
            each for each in check_prose(file, 1, _COMMANDS.sub("", file.read_text("utf-8"))) if each.kind == "prose"
        ]
    for file in [each for each in OTHERS if not _is_old_migration(each)]:
        text = file.read_text("utf-8")
        for comment in _COMMENTS.finditer(text):
            found += check_prose(file, text.count("\n", 0, comment.start()) + 1, comment[0])
    return found


def _is_old_migration(file: Path) -> bool:
    """Whether databases of today were made by this file: it stays as it is, to the byte."""
    return file.suffix == ".sql" and file.name < "0017"


def main() -> int:
    """Print the drawing; the number returned is 1 where a rule is broken."""
    print("Floors (a module imports only from rows below its own)\n")
    for floor in PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]:
        print(f"    {floor}")
    print("\nRooms: modules in each folder, and what they import\n")
    imports, counts = count_imports(), count_modules()
    for folder, count in counts.items():
        targets = ", ".join(f"{room} {times}" for room, times in sorted(imports[folder.replace("/", ".")].items()))
        print(f"    {folder:45} {count:3}  {targets.replace('chatbot.', '')}")
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES}
    doubled, words = find_types_of_one_name(), find_retired_words()
    print(f"\nFolders with more than {MOST_MODULES} modules: {len(crowded)}")
    print(f"Public types defined twice: {len(doubled)} {doubled or ''}")
    print(f"Retired words and unclear phrases: {len(words)}")
    arguments = sys.argv[1:]
    if arguments:
        for each in words:
            if any(each.file.relative_to(ROOT).as_posix().startswith(wanted) for wanted in arguments):
                print(f"    {each}")
    else:
        folders = Counter(each.file.relative_to(ROOT).parent.as_posix() for each in words)
        for folder, count in sorted(folders.items()):
            print(f"    {count:5} {folder}")
    return int(bool(crowded or doubled or words))


def _room_of(module: str) -> str:
    """The folder that a module lies in; a module that is no package lies in its parent's."""
    path = ROOT.joinpath(*module.split("."))
    while not path.is_dir():
        path = path.parent
    return ".".join(path.relative_to(ROOT).parts)


def _list_imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.startswith("chatbot."))
            case ast.ImportFrom(module=str(name), names=names) if name.split(".")[0] == "chatbot":
                yield from (f"{name}.{each.name}" for each in names)


def _list_types(module: Path) -> Iterator[str]:
    for node in ast.parse(module.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if re.fullmatch(r"[A-Z]+[a-z]\w*", name):
                    yield name


if __name__ == "__main__":
    sys.exit(main())

"""Prints the structure of the code: `python -m tests.architecture [PATH …]` shows layers, folders and broken rules.

With paths it lists the retired words below them. The exit code is 1 if a rule is broken. `tests/test_architecture.py`
checks the same rules one by one.
"""

import ast
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.documents import DOCUMENTS
from tests.support.retired_words import ROOT, Finding, check_prose, find_in_python

PACKAGE: Final = ROOT / "chatbot"
MODULES: Final = sorted(PACKAGE.rglob("*.py"))
TESTS: Final = sorted((ROOT / "tests").rglob("*.py"))
OTHERS: Final = sorted(file for file in PACKAGE.rglob("*") if file.suffix in {".js", ".css", ".html", ".sql", ".toml"})
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MOST_MODULES: Final = 14
LISTS_WORDS: Final = ROOT / "tests" / "support" / "retired_words.py"
"""The file that lists retired words as such."""
_QUOTES: Final = re.compile(r"^\| (?:`/|\*\*).*$", re.MULTILINE)
"""Rows of documents that quote the code's texts, and those of the glossary."""
_COMMENTS: Final = re.compile(r"/\*.*?\*/|<!--.*?-->|(?:(?<=\s)|^)(?://|--|#)\s[^\n]*", re.DOTALL | re.MULTILINE)
"""Comments of JavaScript, CSS, HTML, SQL and TOML."""
KEEPS_ITS_WORDS: Final = "CHANGELOG.md"
"""The changelog: it describes the past in the words of its time."""


def count_modules() -> dict[str, int]:
    """Count the modules of each folder, without `__init__.py`."""
    modules = (module for module in MODULES if module.name != "__init__.py")
    return dict(sorted(Counter(module.parent.relative_to(ROOT).as_posix() for module in modules).items()))


def count_imports() -> dict[str, Counter[str]]:
    """Count the imports between folders."""
    folders: dict[str, Counter[str]] = defaultdict(Counter)
    for module in MODULES:
        folder = _folder_of(".".join(module.relative_to(ROOT).with_suffix("").parts))
        for target in _list_imports(module):
            if (other := _folder_of(target)) and other != folder:
                folders[folder][other] += 1
    return folders


def find_repeated_types() -> dict[str, list[str]]:
    """Find public classes, aliases and Literals that several modules define."""
    homes = defaultdict(list)
    for module in MODULES:
        for name in _list_types(module):
            homes[name].append(module.relative_to(ROOT).as_posix())
    return {name: modules for name, modules in homes.items() if len(modules) > 1}


def find_retired_words() -> list[Finding]:
    """Find every retired word and unclear phrase in code, tests and documents."""
    found = [each for file in [*MODULES, *TESTS] if file != LISTS_WORDS for each in find_in_python(file)]
    for name, text in DOCUMENTS.items():
        if name != KEEPS_ITS_WORDS:
            found += check_prose(ROOT / name, 1, _QUOTES.sub("", text))
    for file in [each for each in OTHERS if not _is_old_migration(each)]:
        text = file.read_text("utf-8")
        for comment in _COMMENTS.finditer(text):
            found += check_prose(file, text.count("\n", 0, comment.start()) + 1, comment[0])
    return found


def _is_old_migration(file: Path) -> bool:
    """Whether databases in use were made by this file, so that it must not change."""
    return file.suffix == ".sql" and file.name < "0017"


def main() -> int:
    """Print the structure; return 1 if a rule is broken."""
    print("Layers (a module imports only from rows below its own)\n")
    for layer in PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]:
        print(f"    {layer}")
    print("\nFolders: their number of modules, and what they import\n")
    imports, counts = count_imports(), count_modules()
    for folder, count in counts.items():
        targets = ", ".join(f"{other} {times}" for other, times in sorted(imports[folder.replace("/", ".")].items()))
        print(f"    {folder:45} {count:3}  {targets.replace('chatbot.', '')}")
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES}
    repeated, words = find_repeated_types(), find_retired_words()
    print(f"\nFolders with more than {MOST_MODULES} modules: {len(crowded)}")
    print(f"Public types defined twice: {len(repeated)} {repeated or ''}")
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
    return int(bool(crowded or repeated or words))


def _folder_of(module: str) -> str:
    """Return the folder of a module or package."""
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

"""The language of the command line: that of the system, where the catalogs have it."""

import argparse
import ctypes
import io
import locale
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chatbot.i18n import CATALOG, CatalogError, Translator, load_translators
from chatbot.petition.languages import SOURCE_LOCALE, Language, describe_languages, is_code, match_language
from chatbot.problem import Problem

PROBLEMS: Final = "LC_MESSAGES/problems.po"
"""The catalog of what is wrong, in plain text."""
_NAMES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that name the language of a terminal, the strongest first."""


def find_language_of_windows() -> str:
    """Return the language of Windows, such as "ko_KR", because Windows sets no variable for it; empty elsewhere."""
    windows = getattr(ctypes, "windll", None)
    return locale.windows_locale.get(windows.kernel32.GetUserDefaultUILanguage(), "") if windows else ""


def find_translator(
    environment: Mapping[str, str], directory: Path, encoding: str = "utf-8", otherwise: str = ""
) -> Translator:
    """Return the translator of the system's language: the one that a variable names, `otherwise` that of Windows.

    It is the source's if `directory` has no readable catalog of it, or if `encoding` cannot write it.
    """
    source = SOURCE_LOCALE.language
    folders = [file.parts[-len(CATALOG.split("/")) - 1] for file in directory.glob(f"*/{CATALOG}")]
    known = [source, *(each for each in folders if is_code(each) and each != source)]
    named = next(filter(None, map(environment.get, _NAMES)), otherwise)
    chosen = match_language(re.split("[.@]", named)[0].replace("_", "-"), known, source)
    try:
        translator = load_translators(describe_languages([chosen]), [directory] if chosen != source else [])[chosen]
        translator.own_name(chosen).encode(encoding)
    except (CatalogError, UnicodeEncodeError, LookupError):
        return load_translators(describe_languages([source]), [])[source]
    return translator


def read_problems(directory: Path, language: Language) -> NullTranslations:
    """Return the catalog of problems of a language; an empty one if there is none."""
    compiled = io.BytesIO()
    try:
        with (directory / language / PROBLEMS).open("rb") as opened:
            write_mo(compiled, read_po(opened, language))
    except (OSError, ValueError):
        return NullTranslations()
    compiled.seek(0)
    return GNUTranslations(compiled)


def list_problem_catalogs(directory: Path) -> dict[Language, NullTranslations]:
    """Return every catalog of problems, by its language."""
    languages = sorted(file.parts[-3] for file in directory.glob(f"*/{PROBLEMS}"))
    return {language: read_problems(directory, language) for language in languages}


_SAID_BY_ARGPARSE: Final = (
    Problem("usage: "),
    Problem("positional arguments"),
    Problem("options"),
    Problem("show this help message and exit"),
    Problem("%(prog)s: error: %(message)s\n"),
    Problem("the following arguments are required: %s"),
    Problem("unrecognized arguments: %s"),
    Problem("argument %(argument_name)s: %(message)s"),
    Problem("expected one argument"),
    Problem("expected at least one argument"),
    Problem("ignored explicit argument %r"),
    Problem("invalid %(type)s value: %(value)r"),
    Problem("invalid choice: %(value)r (choose from %(choices)s)"),
    Problem("ambiguous option: %(option)s could match %(matches)s"),
)
"""Messages of Python's `argparse`, for the catalogs."""


@contextmanager
def translating_argparse(problems: NullTranslations) -> Iterator[None]:
    """Let `argparse` take its words from a catalog of problems."""
    module: dict[str, Any] = vars(argparse)
    before = module["_"]
    module["_"] = problems.gettext
    try:
        yield
    finally:
        module["_"] = before

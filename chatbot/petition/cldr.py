"""CLDR's data of one language, read from Babel's own files.

`babel.Locale` keeps all data of a locale in memory. It also writes what one locale borrows from the root into the root:
after Chinese, the months of Thai are Chinese. Names that must be right for any language are read here instead.
"""

import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel import localedata
from babel.core import get_global

from chatbot.petition.languages import parse_locale

Data = Mapping[str, Any]


def read_own(locale: str) -> Data:
    """Return what a locale's file has, without what it inherits. Raises `OSError` if there is no such file."""
    with Path(localedata.resolve_locale_filename(locale)).open("rb") as file:
        data: Data = pickle.load(file)  # noqa: S301 - Babel's own file, installed with it
    return data


def list_chain(language: str) -> Iterator[str]:
    """Yield the locale of a language and those it inherits from, except the root; nothing for an unknown language."""
    locale = str(parse_locale(language) or "")
    while locale and locale != "root":
        if localedata.exists(locale):
            yield locale
        locale = get_global("parent_exceptions").get(locale) or locale.rpartition("_")[0]


def read_chain(language: str) -> Iterator[Data]:
    """Yield the own data of each locale of `list_chain`."""
    return map(read_own, list_chain(language))

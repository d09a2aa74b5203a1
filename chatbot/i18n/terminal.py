"""The language of the command line: that of the system, where the catalogs have it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from chatbot.i18n import CATALOG, CatalogError, Translator, load_translators
from chatbot.petition.languages import SOURCE_LOCALE, describe_languages, is_code, match_language

_NAMES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that name the language of a terminal, the strongest first."""


def find_translator(environment: Mapping[str, str], directory: Path) -> Translator:
    """Return the translator of the system's language; the source's if `directory` has no readable catalog of it."""
    source = SOURCE_LOCALE.language
    folders = [file.parts[-len(CATALOG.split("/")) - 1] for file in directory.glob(f"*/{CATALOG}")]
    known = [source, *(each for each in folders if is_code(each) and each != source)]
    named = next(filter(None, map(environment.get, _NAMES)), "")
    chosen = match_language(named.partition(".")[0].replace("_", "-"), known, source)
    try:
        return load_translators(describe_languages([chosen]), [directory] if chosen != source else [])[chosen]
    except CatalogError:
        return load_translators(describe_languages([source]), [])[source]

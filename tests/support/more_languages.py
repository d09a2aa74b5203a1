"""Adds languages to a copy of the bundled campaign, as a volunteer would: a folder, and a table in `campaign.toml`."""

import re
from collections.abc import Callable
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from shutil import copy
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from chatbot.i18n import CATALOG, Translator
from chatbot.i18n.plurals import propose_header, read_header
from chatbot.petition.languages import describe_languages

SOURCE: Final = "en"

Translate = Callable[[str, int], str]
"""Returns the translation of an English text. The number is that of the plural form, or 0 if the text has none."""


def speak_untranslated(language: str) -> Translator:
    """Return a translator with the facts of a language and English words."""
    facts = describe_languages([language])
    return Translator(facts[language], NullTranslations(), facts)


def copy_english(text: str, _form: int) -> str:
    return text


def add_language(
    locales: Path, language: str, translate: Translate = copy_english, *, header: str = "", facts: str = ""
) -> Path:
    """Add a whole language with the English facts and appeal, and the words of `translate`. Return its catalog.

    `header` is the content of `Plural-Forms`, CLDR's if empty; `facts` are more lines of its table.
    """
    file = locales / language / CATALOG
    file.parent.mkdir(parents=True)
    for page in ("appeal.html", "updates.html"):
        copy(locales / SOURCE / page, locales / language / page)
    list_language(locales / "campaign.toml", language, facts)
    write_catalog(file, language, translate, header)
    return file


def list_language(campaign: Path, language: str, facts: str = "") -> None:
    """Add the language to the list, to the labels of the links, and as a table."""
    text = campaign.read_text("utf-8")
    table = re.search(rf"^\[{SOURCE}\]\n(.*?)(?=^\[|\Z)", text, re.DOTALL | re.MULTILINE)
    assert table
    text = re.sub(r"^languages = \[(.*)\]$", rf'languages = [\1, "{language}"]', text, flags=re.MULTILINE)
    text = re.sub(rf'^label = \{{ (.*){SOURCE} = "(.*?)"', rf'\g<0>, {language} = "\2"', text, flags=re.MULTILINE)
    campaign.write_text(f"{text}\n[{language}]\n{facts}\n{table[1]}", "utf-8")


def write_catalog(file: Path, language: str, translate: Translate, header: str = "") -> None:
    """Write the catalog of a language. A text that `translate` makes empty stays untranslated."""
    source = (file.parents[2] / SOURCE / CATALOG).read_bytes()
    file.write_text(_make_catalog(source, language, translate, header), "utf-8")


@lru_cache(maxsize=16)
def _make_catalog(source: bytes, language: str, translate: Translate, header: str) -> str:
    # Tests ask for the same few again and again, and each takes 0.1 s.
    plural = read_header(header) or propose_header(language)
    catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
    catalog.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", str(plural))]
    for text in read_po(BytesIO(source), locale=SOURCE):
        if isinstance(text.id, str) and text.id:
            catalog.add(text.id, translate(text.id, 0))
        elif text.id:
            singular, many = text.id
            forms = [translate(many if form else singular, form) for form in range(plural.forms)]
            catalog.add(text.id, forms)
    file = BytesIO()
    write_po(file, catalog, width=None)
    written = file.getvalue().decode()
    if "Plural-Forms" not in written:  # Babel writes none for a language that CLDR does not have
        written = written.replace('"Content-Type', f'"Plural-Forms: {plural}\\n"\n"Content-Type', 1)
    return written

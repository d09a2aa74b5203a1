"""Reads catalogs and reports mistakes that people would see on their screens."""

import re
import string
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import takewhile
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from chatbot.i18n import plurals
from chatbot.problem import Problem, ProblemError, describe_cause, either
from chatbot.telegram_text import find_html_faults, is_visible

CATALOG: Final = "LC_MESSAGES/chatbot.po"
LONGEST: Final = 400
"""Longest translation in characters; one of a long English text may be twice as long as that. A screen consists of
several texts and may have 4,096 characters."""
_LINE: Final = re.compile(r'\s*(?:#.*|(?:msg\w+(?:\[\d+\])?\s+)?"(?P<said>(?:[^"\\]|\\.)*)"\s*)?')
_FORM: Final = re.compile(r"\s*msgstr\[(\d+)\]")
_GAP: Final = re.compile(r"\{\w+\}")
_TAG: Final = re.compile(r"<[^<>]*>")


class CatalogError(ProblemError, ValueError):
    """A catalog has mistakes. Each problem is one line for its editor: file, place, what to do."""


def read_text(file: Path, language: str) -> str:
    """Return the text of a catalog. Raises `CatalogError` if it cannot be read."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        name = f"{language}/{CATALOG}"
        problem = Problem(
            "{file}: these letters cannot be read; save the file again as UTF-8 (Notepad: Save as, Encoding).",
            file=name,
        )
        raise CatalogError(problem) from None
    except OSError as error:
        name, reason = f"{language}/{CATALOG}", describe_cause(error)
        problem = Problem("{file}: cannot be opened ({reason}); allow the bot to read it.", file=name, reason=reason)
        raise CatalogError(problem) from None


def parse_catalog(text: str, language: str) -> Catalog:
    """Return the catalog that a text holds. Raises `CatalogError` with every problem found."""
    name = f"{language}/{CATALOG}"
    lines = _split_lines(text, name)
    if found := _find_in_plural_forms(lines, language):
        line, problem = found
        raise CatalogError(_place(name, line, problem))
    # Without a language in its header, or with one unknown to CLDR, Babel would use the plural forms of English.
    locale = plurals.find_locale(language) or language
    try:
        catalog = read_po(lines, locale=locale, abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        problem = Problem(
            "{file}: cannot be read on from here: {said}; look there for what is missing.", file=name, said=error
        )
        raise CatalogError(problem) from None
    catalog.charset = "utf-8"
    catalog.locale = locale
    problems = []
    for message in catalog:
        if message.id:
            problems += [_place(name, message.lineno or 0, problem) for problem in _find(message)]
            if not any(message.string or ()):
                message.string = ""  # otherwise Babel fills in English, and the other catalogs are not used
    if problems:
        raise CatalogError(*problems)
    return catalog


def _place(file: str, line: int, problem: str) -> Problem:
    return Problem("{file}, line {line}: {problem}.", file=file, line=line, problem=problem)


def list_translated(catalog: Catalog) -> frozenset[str]:
    """Return the texts that the catalog translates; of a text with plural forms, the singular."""
    translated = [message.id for message in catalog if any(message.string or ()) and not message.fuzzy]
    return frozenset(each if isinstance(each, str) else each[0] for each in translated)


def _split_lines(text: str, name: str) -> list[str]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line):  # Babel would take the last letter for the missing quotation mark
            problem = Problem(
                'the text must be between two quotation marks; correct them, and write \\" for one inside'
            )
            raise CatalogError(_place(name, number, problem))
    return lines


def _find_in_plural_forms(lines: Sequence[str], language: str) -> tuple[int, Problem] | None:
    """Return what is wrong with the header `Plural-Forms` or the number of forms, and in which line.

    Babel would accept anything.
    """
    place, said = _read_plural_header(lines)
    wanted = plurals.propose_header(language)
    header = wanted if said is None else plurals.read_header(said)
    if header is None:
        return place, Problem("Plural-Forms cannot be read; it must be {wanted}", wanted=wanted)
    if not any(line.lstrip().startswith("msgid_plural") for line in lines):
        return None
    if not plurals.is_right(language, header):
        return place, Problem("Plural-Forms must be {wanted}", wanted=wanted)
    if said is None and not plurals.is_usual(language):
        return 1, Problem("Plural-Forms is missing; write it into the header: {wanted}", wanted=wanted)
    for number, line in enumerate(lines, 1):
        if (form := _FORM.match(line)) and int(form[1]) >= header.forms:
            last = header.forms - 1
            return number, Problem("by Plural-Forms the last form is msgstr[{last}]; take this one out", last=last)
    return None


def _read_plural_header(lines: Sequence[str]) -> tuple[int, str | None]:
    """Return the line of the header and its content; None without a header."""
    for number, line in enumerate(lines):
        if "plural-forms:" not in line.lower() or line.lstrip().startswith("#"):
            continue
        found = takewhile(bool, map(_LINE.fullmatch, lines[number:]))
        text = "".join((each and each["said"]) or "" for each in found)
        return number + 1, re.split("plural-forms:", text, maxsplit=1, flags=re.IGNORECASE)[1].partition("\\n")[0]
    return 1, None


def _find(message: Message) -> Iterator[Problem]:
    """Report the mistakes of a translation: unknown placeholders, and texts that Telegram refuses or does not show."""
    asked = [message.id] if isinstance(message.id, str) else message.id
    given = [message.string] if isinstance(message.string, str) else message.string or ()
    try:
        known = set[str]().union(*map(_placeholders, asked))
    except ValueError:
        yield Problem("the msgid is no text of the program; write it as in chatbot.pot, or take this part out")
        return
    if any(given) and not all(given):
        yield Problem("a plural form is empty; fill in all, msgstr[0] to msgstr[{last}]", last=len(given) - 1)
    for text in filter(None, given):
        try:
            unknown = _placeholders(text) - known
        except ValueError:
            yield Problem("a {{ or }} stands alone; put it right, or write {{{{ or }}}} for the sign itself")
            continue
        for placeholder in sorted(unknown):
            filled = either([f"{{{name}}}" for name in sorted(known)]) or Problem("none")
            yield Problem(
                "{placeholder} is not known here; use {known}", placeholder=f"{{{placeholder}}}", known=filled
            )
        faults = list(find_html_faults(text))
        yield from faults
        shown = unescape(_TAG.sub("", text))
        if not faults and not is_visible(_GAP.sub("x", shown)):
            yield Problem("nothing of it can be seen; write the words, or nothing between the quotation marks")
        if len(shown) > (most := max(LONGEST, *(2 * len(each) for each in asked))):
            yield Problem("has {length} characters, and {most} fit; shorten it", length=len(shown), most=most)


def _placeholders(text: str) -> set[str]:
    """Return the placeholders of a text as written: `{name!r}` and `{name:>9}` differ from `{name}`."""
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in string.Formatter().parse(text)
        if name is not None
    }

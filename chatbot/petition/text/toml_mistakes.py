"""Explains in plain words why a TOML file cannot be read: the line, what is wrong in it, and what to write."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from chatbot.petition.languages import parse_locale
from chatbot.problem import Problem

_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_LONGEST: Final = 60
"""Most characters shown of the line."""
_DIGITS_ALONE: Final = Problem("write a number with digits alone, like 100000 or 100_000")
_NUMBERS: Final = re.compile(r"^(?:(?:milestones|carried_over|retention_days)\s*=|(?=\d))(?P<numbers>[^#\"=]*)")
"""Numbers of a line, which may go on from the line before."""
_ODD: Final = re.compile(r"[^0-9_,\[\]\s]|\d[^\S\n]+\d|\d,0\d\d(?!\d)")
"""Letters, points and other signs in numbers, spaces, and commas that part thousands."""
_CURES: Final = (
    ("[“”„‟«»＂]", Problem('its quotation marks are curly, as word processors write them; write straight ones: "')),
    ("=\\s*[‘’]", Problem('its quotation marks are curly, as word processors write them; write straight ones: "')),
    ("＝", Problem("its equals sign is a wide one; write =")),
    (r"=\s*(?i:true|yes|on|false|no|off)\s*(#.*)?$", Problem("write true or false, in small letters")),
    (r"=\s*\d{1,4}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{1,4}", Problem("write a date like 2026-11-01")),
    (r"=\s*\d{1,3}(,\d{3})+\s*(#.*)?$", _DIGITS_ALONE),
    (r"=\s*$", Problem("something must stand after the equals sign")),
    (r'=\s*[^"\'\[{\s\d+-]', Problem('put the words in "quotation marks"')),
    (r'=\s*"[^"]*"[^"#,\s\]}][^"]*"', Problem('a quotation mark inside the words needs a backslash before it: \\"')),
    (r'^[^"]*"[^"]*$', Problem("a quotation mark is missing; write one before the words and one behind them")),
    (r"^\s*\[[^\]]*$", Problem("its closing bracket ] is missing")),
    (r"^[^=\[]+$", Problem("it has no equals sign; write a name, = and a value, or begin a note with #")),
)
"""What a line looks like, and what to do about it; the first that fits is told."""
_SAID: Final = (
    ("Cannot overwrite a value", Problem("its name is there twice; take one of the lines out")),
    ("Cannot declare", Problem("this heading is there twice; put all its lines under one of them")),
    ("Unescaped '\\'", Problem("write \\\\ for a backslash")),
    ("Unclosed array", Problem("a bracket ] or a comma is missing")),
    ("Unclosed inline table", Problem("a bracket }} or a comma is missing")),
)
_CLOSING: Final = frozenset({"ends", "ends_on", "end", "end_date", "closes", "closes_on", "closing", "deadline"})
_MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("goal", "goals", "target", "targets", "aim"), "milestones"),
    **dict.fromkeys(("mail", "email", "phone", "tel", "kakao"), "contact"),
}
"""Names that people write instead of those of this file."""
_OTHERWISE: Final = Problem("look there for a missing quotation mark, bracket or comma")


def explain(text: str, problem: str) -> Problem:
    """Explain what `tomllib` says about a text."""
    lines = text.split("\n")
    found = _PLACE.search(problem)
    number = int(found[1]) if found else len(lines)
    # A line that does not end where it should is found on the next one, or at the end of the file.
    while number > 1 and not lines[min(number, len(lines)) - 1].strip():
        number -= 1
    line = lines[min(number, len(lines)) - 1].strip()
    numbers = _NUMBERS.search(line)
    cure = _DIGITS_ALONE if numbers and _ODD.search(numbers["numbers"]) else None
    cure = cure or next((cure for said, cure in _SAID if said in problem), None)
    cure = cure or next((cure for form, cure in _CURES if re.search(form, line)), _OTHERWISE)
    shown = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return Problem("line {number} cannot be read: {line}; {cure}", number=number, line=shown, cure=cure)


def suggest(key: str, known: Sequence[str]) -> Problem:
    """Say what to write instead of an unknown name."""
    if key.lower() in _CLOSING:
        return Problem(
            "is not known, because no petition closes by itself; write is_open = false when it is over, or let an "
            "owner send /close to the bot"
        )
    cut = 0.5 if len(key) < 4 else 0.65
    near = [_MEANT[key.lower()]] if key.lower() in _MEANT else get_close_matches(key, known, n=1, cutoff=cut)
    if near:
        return Problem("is not known; if you meant {near}, write that", near=near[0])
    if parse_locale(key):
        return Problem(
            'is the code of a language that `languages` does not list; write "{key}" there, or take its lines out',
            key=key,
        )
    return Problem("is not known; take it out, or use one of {known}", known=", ".join(known))

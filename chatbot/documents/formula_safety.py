"""Escapes texts that a spreadsheet would run as formulas.

See https://owasp.org/www-community/attacks/CSV_Injection. The bot refuses such names when a person types them, but
accepts such reasons and sources.
"""

import re
from typing import Final

_RUN: Final = "=+-@\t\r\n＝＋－＠\u2212"
"""First characters that make a cell a formula, in half and full width."""
_INSIDE: Final = re.compile("""((?:;|(?<=.)[\r\n])[ \u00a0\u3000"]*)(?=[=+@＝＋－＠\u2212-])""", re.DOTALL)
"""Where a new cell may begin inside a text: in many countries semicolons separate cells, and only a quotation mark at
the beginning of a cell keeps a semicolon or an end of line in it."""


def escape_formula(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet would begin a formula."""
    escaped = _INSIDE.sub(r"\1'", text)
    return f"'{escaped}" if text.lstrip(" \u00a0\u3000").startswith(tuple(_RUN)) else escaped

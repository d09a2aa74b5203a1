"""Escapes texts that a spreadsheet would run as formulas.

See https://owasp.org/www-community/attacks/CSV_Injection. The bot refuses such names when a person types them, but
accepts such reasons and sources.
"""

from typing import Final

_RUN: Final = "=+-@\t\r\n＝＋－＠\u2212"
"""First characters that make a cell a formula, in half and full width."""


def escape_formula(text: str) -> str:
    """Prefix `text` with an apostrophe if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(tuple(_RUN)) else text

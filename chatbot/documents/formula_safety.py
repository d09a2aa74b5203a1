"""What a spreadsheet would run instead of showing it.

See https://owasp.org/www-community/attacks/CSV_Injection. Names that begin so are refused when they are typed; reasons
are not, and neither is a source that somebody made up.
"""

from typing import Final

_RUN: Final = "=+-@\t\r\n＝＋－＠\u2212"
"""Signs at the beginning that make a formula of a cell, in any width."""


def defuse(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(tuple(_RUN)) else text

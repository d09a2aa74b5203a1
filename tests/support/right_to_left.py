"""Finds values in right-to-left texts that are not isolated, and would be shown in the wrong order.

The languages made up for the tests have no Latin letters and no digits of their own. Whatever of these is outside
isolates is a value that was filled in without them.
"""

import re
from html import unescape
from typing import Final
from unicodedata import bidirectional

FIRST_STRONG: Final = "\u2068"
POP: Final = "\u2069"
_ISOLATED: Final = re.compile(f"{FIRST_STRONG}[^{FIRST_STRONG}{POP}]*{POP}")
_INNER: Final = "\ufffc"
"""Stands for an isolate."""
_CODE: Final = re.compile(r"<code>.*?</code>", re.DOTALL)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>")
_OWN: Final = re.compile(r"https?://\S+|(?<!\w)@\w+")
"""Names and addresses in the words of the campaign."""
_VALUE: Final = re.compile(r"#?[0-9A-Za-z가-힣][^\n]*")
_RIGHT_TO_LEFT: Final = re.compile("[\u0600-\u06ff]")


def find_unisolated(html: str) -> list[str]:
    """List the values outside isolates in lines written right to left, and the isolates that do not end."""
    text = unescape(_TAG.sub("", _CODE.sub("", html)))
    while _ISOLATED.search(text):
        text = _ISOLATED.sub("", text)
    lines = [line for line in _OWN.sub("", text).splitlines() if _RIGHT_TO_LEFT.search(line)]
    return [found[0] for line in lines for found in _VALUE.finditer(line)] + re.findall(f"[{FIRST_STRONG}{POP}]", text)


def find_undirected(html: str) -> list[str]:
    """List the parts of right-to-left texts in which several words have nothing that says their direction.

    Those are lines, and what isolates contain: only isolates and signs, which would run from left to right.
    """
    text = unescape(_TAG.sub("", html))
    found = []
    while inner := _ISOLATED.search(text):
        found.append(inner[0][1:-1])
        text = f"{text[: inner.start()]}{_INNER}{text[inner.end() :]}"
    parts = [*found, *text.splitlines()]
    return [part for part in parts if _INNER in part and " " in part and not any(map(_has_direction, part))]


def _has_direction(character: str) -> bool:
    """Whether the character has a direction of its own."""
    return character != _INNER and bidirectional(character) in {"L", "R", "AL"}

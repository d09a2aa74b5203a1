"""Finds values in right-to-left texts that are not isolated, and would be shown in the wrong order.

The languages made up for the tests have no Latin letters and no digits of their own. Whatever of these is outside
isolates is a value that was filled in without them.
"""

import re
from html import unescape
from typing import Final

FIRST_STRONG: Final = "\u2068"
POP: Final = "\u2069"
_ISOLATED: Final = re.compile(f"{FIRST_STRONG}[^{FIRST_STRONG}{POP}]*{POP}")
_CODE: Final = re.compile(r"<code>.*?</code>", re.DOTALL)
_TAG: Final = re.compile(r"</?[a-z][^<>]*>")
_OWN: Final = re.compile(r"https?://\S+|(?<!\w)[#@]\w+")
"""Hashtags, names and addresses in the words of the campaign."""
_VALUE: Final = re.compile(r"[0-9A-Za-z가-힣][^\n]*")
_RIGHT_TO_LEFT: Final = re.compile("[\u0600-\u06ff]")


def find_unisolated(html: str) -> list[str]:
    """List the values outside isolates in lines written right to left, and the isolates that do not end."""
    text = unescape(_TAG.sub("", _CODE.sub("", html)))
    while _ISOLATED.search(text):
        text = _ISOLATED.sub("", text)
    lines = [line for line in _OWN.sub("", text).splitlines() if _RIGHT_TO_LEFT.search(line)]
    return [found[0] for line in lines for found in _VALUE.finditer(line)] + re.findall(f"[{FIRST_STRONG}{POP}]", text)

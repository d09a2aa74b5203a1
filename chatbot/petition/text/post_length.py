"""How long a text is on X, where supporters share it."""

from typing import Final
from unicodedata import normalize

LONGEST_POST: Final = 256
"""Maximum of a post on X, 280, minus 23 for a link and one for the space before it."""


def weigh_for_x(text: str) -> int:
    """Return the length of a text as X counts it: 1 for Latin and similar, 2 for Hangul, Han, emoji and similar.

    The ranges are those of X's counting rules (twitter-text, configuration v3).
    """
    light = (range(0x1100), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
    return sum(1 if any(ord(sign) in part for part in light) else 2 for sign in normalize("NFC", text))

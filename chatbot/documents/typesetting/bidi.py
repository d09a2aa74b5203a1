"""Puts the parts of a line into the order in which they are drawn, by the Unicode bidirectional algorithm."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from fpdf.bidi import BidiCharacter, BidiParagraph
from fpdf.enums import TextDirection

from chatbot.petition.languages import Direction

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_MAY_TURN: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters from right to left, and characters that change the direction. A line without them needs no algorithm."""
_CONTROLS: Final = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_TAG: Final = re.compile(r"(?<![\w./&\u2068])[#@]\w+")


class Stretch(NamedTuple):
    """A part of a line in one direction. Its letters are in reading order, without direction controls."""

    text: str
    begins: int
    """Place of its first letter in the line."""
    is_right_to_left: bool


def runs_straight(text: str, document: Direction) -> bool:
    """Whether all of a text is written from left to right, as the document is."""
    return document == "ltr" and not _MAY_TURN.search(text)


def find_direction(text: str, document: Direction) -> Direction:
    """Return the direction of a text: that of its first letter.

    In a right-to-left document, one letter from right to left is enough; numbers alone run from left to right.
    """
    letters = [each for each in map(unicodedata.bidirectional, text) if each in _RIGHT_TO_LEFT or each == "L"]
    first = letters if document == "rtl" else letters[:1]
    return "ltr" if _RIGHT_TO_LEFT.isdisjoint(first) else "rtl"


def isolate_tags(text: str) -> str:
    """Keep the sign of a #hashtag or @name before its letters, also where the line runs the other way."""
    return _TAG.sub("\u2068\\g<0>\u2069", text)


def strip_controls(text: str) -> str:
    """Remove the characters that change or isolate the direction."""
    return text.translate(_CONTROLS)


def order(text: str, direction: Direction, cuts: Sequence[int] = ()) -> list[Stretch]:
    """Divide a line into stretches, from left to right. Each ends at the latest at the next of the `cuts`."""
    if runs_straight(text, direction):
        levels = [(0, len(text), False)]
    else:
        base = TextDirection.RTL if direction == "rtl" else TextDirection.LTR
        levels = _group(BidiParagraph(text, base).get_reordered_characters())
    stretches: list[Stretch] = []
    for begin, end, turned in levels:
        places = [begin, *(cut for cut in cuts if begin < cut < end), end]
        parts = [Stretch(strip_controls(text[start:stop]), start, turned) for start, stop in pairwise(places)]
        stretches += reversed(parts) if turned else parts
    return [stretch for stretch in stretches if stretch.text]


def _group(characters: Sequence[BidiCharacter]) -> list[tuple[int, int, bool]]:
    """Return the places where stretches begin and end, and whether they run from right to left."""
    found: list[tuple[int, int, bool]] = []
    before: BidiCharacter | None = None
    for each in characters:
        place, turned = each.character_index, each.embedding_level % 2 == 1
        if before is not None and each.embedding_level == before.embedding_level:
            begin, end, _ = found[-1]
            found[-1] = (min(begin, place), max(end, place + 1), turned)
        else:
            found.append((place, place + 1, turned))
        before = each
    return found

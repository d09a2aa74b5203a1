"""Draws scripts whose letters change shape beside each other, as one text object of the PDF.

fpdf2 starts a new text object wherever the typeface shifts a glyph. PDF readers take those for separate words when a
person copies or searches, in the wrong order where they overlap; and each name would take a millisecond.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, NamedTuple

from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont

_NOTHING: Final = "\u200b"
_MIRRORED: Final = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


class Shaped(NamedTuple):
    """A run drawn as one: its letters, its glyphs, and its width at size 1."""

    text: str
    glyphs: tuple[tuple[int, str], ...]
    """For each glyph from left to right: its rise in thousandths of the size, and its operand for TJ."""
    advance: float
    is_right_to_left: bool


def shape(font: TTFFont, text: str, *, is_right_to_left: bool) -> Shaped:
    """Choose the glyphs of a run and their positions, from left to right."""
    direction = TextDirection.RTL if is_right_to_left else TextDirection.LTR
    infos, positions = font.perform_harfbuzz_shaping(text, 10, {"features": {}, "fragment_direction": direction})
    glyphs = [_Glyph(font, *each) for each in zip(infos, positions, strict=True)]
    letters = {} if is_right_to_left else _find_letters(text, glyphs)
    shown = tuple((glyph.rise, glyph.show(letters.get(glyph, _NOTHING))) for glyph in glyphs)
    return Shaped(text, shown, sum(glyph.advance for glyph in glyphs) / 1000, is_right_to_left)


def _find_letters(part: str, glyphs: Sequence["_Glyph"]) -> dict["_Glyph", str]:
    """Map glyphs to letters, for readers that ignore ActualText; of several glyphs for a letter the widest has it."""
    begins = sorted({glyph.cluster for glyph in glyphs})
    ends = dict(zip(begins, [*begins[1:], len(part)], strict=True))
    groups = (list(group) for _, group in groupby(glyphs, key=lambda glyph: glyph.cluster))
    return {
        max(group, key=lambda glyph: glyph.width): part[group[0].cluster : ends[group[0].cluster]] for group in groups
    }


def draw(font: TTFFont, shaped: Shaped, size: float, place: str) -> str:
    """Return the PDF operators that draw the run at a place, with its letters for copying and searching.

    A glyph may stand for several letters, and several glyphs for one; so ActualText has the letters. Some PDF readers
    reverse ActualText in right-to-left texts. So these letters are also written invisibly, in the same width, as plain
    letters in visual order, which every reader understands.
    """
    raised = groupby(shaped.glyphs, key=lambda glyph: glyph[0])
    seen = " ".join(f"{rise * size / 1000:.3f} Ts [{''.join(shown for _, shown in each)}] TJ" for rise, each in raised)
    if not shaped.is_right_to_left:
        return f"BT {place} {_mark_content(shaped.text, seen)} ET"
    letters = "".join(
        letter for letter in reversed(shaped.text.translate(_MIRRORED)) if unicodedata.category(letter)[0] != "M"
    )
    width = font.get_text_width(letters, 1, None)[1] or 1
    unseen = f"q BT 3 Tr {100 * shaped.advance / width:.2f} Tz {place} {font.encode_text(letters)} ET Q"
    return f"{unseen} BT {place} {_mark_content(_NOTHING, seen)} ET"


def _mark_content(letters: str, seen: str) -> str:
    return f"/Span <</ActualText <feff{letters.encode('utf-16-be').hex()}>>> BDC {seen} EMC"


class _Glyph:
    def __init__(self, font: TTFFont, info: Any, position: Any) -> None:
        self._font = font
        self._id: int = info.codepoint
        self._name, self.width = _find_metrics(font, self._id)
        self.cluster: int = info.cluster
        self.advance = font.scale * position.x_advance
        self.rise = round(font.scale * position.y_offset)
        self._offset = font.scale * position.x_offset

    def show(self, letters: str) -> str:
        """Return the operand for TJ: the glyph between two moves of the pen."""
        subset = self._font.subset
        code = subset.pick_glyph(
            subset.get_glyph(
                glyph=self._id, unicode=tuple(map(ord, letters)), glyph_name=self._name, glyph_width=self.width
            )
        )
        if code is None:
            return _move(self.advance)
        shown = self._font.escape_text(chr(code))
        return f"{_move(self._offset)}({shown}){_move(self.advance - self._offset - self.width)}"


@lru_cache(maxsize=16_384)
def _find_metrics(font: TTFFont, glyph: int) -> tuple[str, int]:
    name = font.ttfont.getGlyphName(glyph)
    return name, round(font.scale * font.ttfont["hmtx"].metrics[name][0])


def _move(thousandths: float) -> str:
    return f" {-thousandths:.0f} " if round(thousandths) else ""

"""A canvas for pictures. They are drawn in double size and scaled down, which smooths their edges."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from chatbot.documents.typesetting.lettering import Lettering
from chatbot.documents.typesetting.line_breaks import split_word
from chatbot.petition.languages import Direction

WIDTH: Final = 1200
MARGIN: Final = 72
ROOM: Final = WIDTH - 2 * MARGIN
"""Width of a line."""
PAPER, INK, SOFT, LINE = "#fffdf8", "#22303a", "#5b6870", "#e7e3d8"
ACCENT, SHADE, BAR = "#c9401f", "#fbe3d8", "#e3745a"
"""Letters have a contrast to the paper of 4.5 and more, bars one of 3 (WCAG 2.2)."""
_FINE: Final = 2
"""Scale of the drawing relative to the finished picture."""
_COLOURS: Final = 96
_LONGEST_LINE: Final = 200
"""More letters never fit in one line."""
_GAP: Final = 0.3
"""Width of a space, relative to the size of the letters."""
_OTHER_SIDE: Final = str.maketrans("lr", "rl")


class Sheet:
    """A canvas, measured in pixels of the finished chart. `words` are all that will be written on it.

    Places are measured from the side where lines begin: a chart of a right-to-left language is mirrored.
    """

    def __init__(self, height: int, words: str = "", direction: Direction = "ltr") -> None:
        self.height = height
        self._is_mirrored = direction == "rtl"
        self._image = Image.new("RGB", (WIDTH * _FINE, height * _FINE), PAPER)
        self._pen = ImageDraw.Draw(self._image)
        self._lettering = Lettering(self._image, words, direction)

    def write(
        self, at: tuple[float, float], text: str, size: int, colour: str = INK, anchor: str = "ls", weight: float = 0
    ) -> None:
        """Write a line; `anchor` is Pillow's, and `weight` thickens the letters by so many pixels."""
        if self._is_mirrored:
            anchor = anchor.translate(_OTHER_SIDE)
        self._lettering.write(self._place(*at), text, size * _FINE, colour, anchor, weight * _FINE)

    def width_of(self, text: str, size: int) -> float:
        """Return the width of a line."""
        return self._lettering.measure(text, size * _FINE) / _FINE

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        """Draw a line through these points."""
        self._pen.line([self._place(*point) for point in points], colour, round(width * _FINE), "curve")

    def fill(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """Fill a polygon."""
        self._pen.polygon([self._place(*point) for point in points], colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, radius: float = 0) -> None:
        """Draw a rectangle with round corners."""
        (one, top), (other, bottom) = self._place(left, top), self._place(max(right, left), max(bottom, top))
        self._pen.rounded_rectangle([min(one, other), top, max(one, other), bottom], radius * _FINE, colour)

    def module(self, left: int, top: int, size: int) -> None:
        """Draw a square that is never mirrored: a module of a QR code."""
        at = (left * _FINE, top * _FINE)
        self._pen.rectangle([*at, at[0] + size * _FINE - 1, at[1] + size * _FINE - 1], "#000000")

    def dot(self, x: float, y: float, radius: float) -> None:
        """Draw a dot."""
        x, y = self._place(x, y)
        for size, colour in (((radius + 4) * _FINE, PAPER), (radius * _FINE, ACCENT)):
            self._pen.ellipse([x - size, y - size, x + size, y + size], colour)

    def fit(self, text: str, size: int, width: float = ROOM) -> int:
        """Return the size, or a smaller one, in which a line fits."""
        wide = self.width_of(text, size)
        return size if wide <= width else int(size * width / wide)

    def shorten(self, text: str, width: float, size: int) -> str:
        """Return a text, or as much of it as fits in a line."""
        text = text[:_LONGEST_LINE]
        while self.width_of(text, size) > width:
            text = text[:-2].rstrip() + "…"
        return text

    def wrap(self, text: str, width: float, size: int) -> list[str]:
        """Divide a text into lines. A word ends inside where its script allows it, or else where the line is full."""
        lines = [""]
        for word in text.split():
            for nth, part in enumerate(split_word(word)):
                space = " " if lines[-1] and not nth else ""
                if self.width_of(lines[-1] + space + part, size) <= width:
                    lines[-1] += space + part
                    continue
                if lines[-1]:
                    lines.append("")
                for letter in part:
                    if lines[-1] and self.width_of(lines[-1] + letter, size) > width:
                        lines.append("")
                    lines[-1] += letter
        return lines

    def figure(self, y: float, parts: Sequence[str], large: int, small: int, colour: str = INK) -> None:
        """Write a number with the words before and after it, the number large; all of it smaller if it is too wide."""
        before, number, after = parts
        sized = [(before, small, INK, 0.5), (number, large, colour, 1.5), (after, small, INK, 0.5)]
        wide = sum(self._measure_part(text, size, small) for text, size, *_ in sized)
        scale = min(1, ROOM / wide)
        x: float = MARGIN
        for text, size, ink, weight in sized:
            size = int(size * scale)
            gap = _GAP * small * scale if text.startswith(" ") else 0
            self.write((x + gap, y), text.strip(), size, ink, weight=weight)
            x += self._measure_part(text, size, int(small * scale))

    def save(self, path: Path) -> None:
        """Save the chart as a small PNG."""
        small = self._image.resize((WIDTH, self.height), Image.Resampling.LANCZOS)
        small.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)

    def _measure_part(self, text: str, size: int, small: int) -> float:
        """Return the width of a part of a figure. A space beside the number is as wide as in the words."""
        gaps = text.startswith(" ") + text.endswith(" ")
        return self.width_of(text.strip(), size) + gaps * _GAP * small

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return (WIDTH - x if self._is_mirrored else x) * _FINE, y * _FINE


def find_words(value: Any) -> str:
    """Return all texts of a picture."""
    return " ".join(_list_words(value))


def _list_words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _list_words(each)

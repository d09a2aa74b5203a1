"""Draws pictures for a phone's screen: growth as a curve with bars, countries ranked by signatures, or a QR code.

`python -m chatbot.documents.charts` draws one chart in a child process, so that the memory is freed afterwards. Charts
are drawn in double size and scaled down, which smooths their edges.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from chatbot.documents.process import serve
from chatbot.documents.qr_code import encode
from chatbot.documents.typesetting.lettering import Lettering
from chatbot.petition.languages import Direction

WIDTH: Final = 1200
_FINE: Final = 2
"""Scale of the drawing relative to the finished chart."""
_COLOURS: Final = 96
_PAPER, _INK, _SOFT, _LINE = "#fffdf8", "#22303a", "#6f7d86", "#e7e3d8"
_ACCENT, _SHADE, _BAR = "#d9482b", "#fbe3d8", "#f0a58f"
_MARGIN: Final = 72
_QUIET: Final = 4
"""Light modules around a QR code."""
_OTHER_SIDE: Final = str.maketrans("lr", "rl")


class Sheet:
    """A canvas, measured in pixels of the finished chart. `words` are all that will be written on it.

    Places are measured from the side where lines begin: a chart of a right-to-left language is mirrored.
    """

    def __init__(self, height: int, words: str = "", direction: Direction = "ltr") -> None:
        self.height = height
        self._is_mirrored = direction == "rtl"
        self._image = Image.new("RGB", (WIDTH * _FINE, height * _FINE), _PAPER)
        self._pen = ImageDraw.Draw(self._image)
        self._lettering = Lettering(self._image, words, direction)

    def write(
        self, at: tuple[float, float], text: str, size: int, colour: str = _INK, anchor: str = "ls", weight: float = 0
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
        for size, colour in (((radius + 4) * _FINE, _PAPER), (radius * _FINE, _ACCENT)):
            self._pen.ellipse([x - size, y - size, x + size, y + size], colour)

    def save(self, path: Path) -> None:
        """Save the chart as a small PNG."""
        small = self._image.resize((WIDTH, self.height), Image.Resampling.LANCZOS)
        small.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return (WIDTH - x if self._is_mirrored else x) * _FINE, y * _FINE


def draw(chart: dict[str, Any]) -> Sheet:
    """Draw a chart from its `kind`, `direction`, `heading`, `figure`, `remark`, `foot` and the values of that kind."""
    kinds = {"growth": _draw_growth, "ranks": _draw_ranks, "qr": _draw_qr_code}
    return kinds[chart["kind"]](chart)


def _begin(chart: dict[str, Any], height: int) -> Sheet:
    sheet = Sheet(height, " ".join(_find_words(chart)), chart["direction"])
    sheet.box(0, 0, WIDTH, 12, _ACCENT)
    sheet.write((_MARGIN, 92), _shorten(sheet, chart["heading"], WIDTH - 2 * _MARGIN, 40), 40, _SOFT)
    sheet.write((_MARGIN, 196), chart["figure"], 96, _INK, weight=1.5)
    wide = sheet.width_of(chart["figure"], 96)
    sheet.write((_MARGIN + wide + 32, 196), chart["remark"], 42, _ACCENT, weight=0.5)
    sheet.write((_MARGIN, height - 34), chart["foot"], 30, _SOFT)
    return sheet


def _find_words(value: Any) -> Iterator[str]:
    """Yield all texts of a chart."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _find_words(each)


def _draw_growth(chart: dict[str, Any]) -> Sheet:
    """Draw `curve`, pairs of a position from 0 to 1 and a total, and below it `bars`, the increase in each period.

    `levels` are pairs of a total and its label, `marks` pairs of a position from 0 to 1 and its label.
    """
    sheet = _begin(chart, 1080)
    curve, bars, levels = chart["curve"], chart["bars"], chart["levels"]
    indent = max((sheet.width_of(label, 32) for _, label in levels), default=0) + 20
    left, right, top, bottom = _MARGIN + indent, WIDTH - _MARGIN, 270, 700
    low, high = levels[0][0], levels[-1][0]

    def place(nth: float, value: float) -> tuple[float, float]:
        return left + (right - left) * nth, bottom - (bottom - top) * (value - low) / max(high - low, 1)

    for value, label in levels:
        _, y = place(0, value)
        sheet.line([(left, y), (right, y)], _LINE, 2)
        sheet.write((left - 20, y), label, 32, _SOFT, "rm")
    points = [place(nth, value) for nth, value in curve]
    sheet.fill([(points[0][0], bottom), *points, (points[-1][0], bottom)], _SHADE)
    sheet.line(points, _ACCENT, 6)
    sheet.dot(*points[-1], 11)
    _draw_bars(sheet, bars, chart["most"], (left, right))
    for nth, label in chart["marks"]:
        x = left + (right - left) * nth
        anchor = "ms" if 0.06 < nth < 0.94 else "ls" if nth < 0.5 else "rs"
        sheet.write((x, 990 - 10), label, 32, _SOFT, anchor)
    return sheet


def _draw_bars(sheet: Sheet, bars: Sequence[int], most: str, between: tuple[float, float]) -> None:
    left, right = between
    top, bottom, step = 800, 925, (right - left) / len(bars)
    gap = min(step * 0.25, 10)
    highest = max(bars)
    for nth, value in enumerate(bars):
        if value > 0:
            high = max((bottom - top) * value / highest, 4)
            x = left + nth * step
            sheet.box(x + gap / 2, bottom - high, x + step - gap / 2, bottom, _BAR, min(8, step / 4, high / 2))
    sheet.line([(left, bottom), (right, bottom)], _LINE, 3)
    if highest > 0:
        at = left + (bars.index(highest) + 0.5) * step
        wide = sheet.width_of(most, 32) / 2
        sheet.write((min(max(at, left + wide), right - wide), top - 16), most, 32, _INK, "ms", 0.4)


def _draw_ranks(chart: dict[str, Any]) -> Sheet:
    """Draw `ranks`, each a name, a value, its label and its share, largest first."""
    ranks = chart["ranks"]
    row = 96
    sheet = _begin(chart, 270 + row * max(len(ranks), 2) + 110)
    most = max((value for _, value, _, _ in ranks), default=1)
    shares = max((sheet.width_of(share, 32) for *_, share in ranks), default=0) + 26
    right = WIDTH - _MARGIN - shares - max((sheet.width_of(label, 36) for _, _, label, _ in ranks), default=0) - 26
    for nth, (name, value, label, share) in enumerate(ranks):
        y = 262 + nth * row
        sheet.write((_MARGIN, y + 34), _shorten(sheet, name, right - _MARGIN), 34)
        sheet.box(_MARGIN, y + 48, right, y + 72, _LINE, 12)
        sheet.box(_MARGIN, y + 48, _MARGIN + max((right - _MARGIN) * value / most, 24), y + 72, _ACCENT, 12)
        sheet.write((WIDTH - _MARGIN, y + 72), share, 32, _SOFT, "rs")
        sheet.write((WIDTH - _MARGIN - shares, y + 72), label, 36, _INK, "rs", 0.4)
    return sheet


def _draw_qr_code(chart: dict[str, Any]) -> Sheet:
    """Draw the QR code of `link`, with `heading` above it and `foot` below."""
    rows = encode(chart["link"])
    sheet = Sheet(1320, " ".join(_find_words(chart)), chart["direction"])
    sheet.box(0, 0, WIDTH, 12, _ACCENT)
    sheet.write((WIDTH / 2, 104), _shorten(sheet, chart["heading"], WIDTH - 2 * _MARGIN), 34, _INK, "ms", 0.4)
    size = 1000 // (len(rows) + 2 * _QUIET)  # whole pixels: every module is equally large
    left, top = (WIDTH - size * len(rows)) // 2, 160 + (1000 - size * len(rows)) // 2
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                sheet.module(left + x * size, top + y * size, size)
    sheet.write((WIDTH / 2, 1250), _shorten(sheet, chart["foot"], WIDTH - 2 * _MARGIN), 34, _SOFT, "ms")
    return sheet


def _shorten(sheet: Sheet, text: str, width: float, size: int = 34) -> str:
    while sheet.width_of(text, size) > width:
        text = text[:-2].rstrip() + "…"
    return text


if __name__ == "__main__":
    sys.exit(serve(lambda chart: draw(chart).save(Path(chart["path"]))))

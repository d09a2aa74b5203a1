"""Draws pictures for a phone's screen: growth as a curve with bars, or countries ranked by signatures.

`python -m chatbot.documents.charts` draws one picture in a child process, so that the memory is freed afterwards.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from chatbot.documents.process import serve
from chatbot.documents.share_card import draw_card, draw_preview, draw_qr_code
from chatbot.documents.typesetting.sheet import (
    ACCENT,
    BAR,
    INK,
    LINE,
    MARGIN,
    ROOM,
    SHADE,
    SOFT,
    WIDTH,
    Sheet,
    find_words,
)


def draw(chart: dict[str, Any]) -> Sheet:
    """Draw a chart from its `kind`, `direction`, and the words and values of that kind.

    Charts have a `heading` with the `period`, a `figure` (words before a number, the number, words after it), a
    `remark` and a `foot`.
    """
    kinds: dict[str, Callable[[dict[str, Any]], Sheet]] = {
        "growth": _draw_growth,
        "ranks": _draw_ranks,
        "qr": draw_qr_code,
        "card": draw_card,
        "preview": draw_preview,
    }
    return kinds[chart["kind"]](chart)


def _begin(chart: dict[str, Any], height: int) -> Sheet:
    sheet = Sheet(height, find_words(chart), chart["direction"])
    sheet.box(0, 0, WIDTH, 12, ACCENT)
    period = f" · {chart['period']}"
    heading = sheet.shorten(chart["heading"], ROOM - sheet.width_of(period, 40), 40)
    sheet.write((MARGIN, 92), heading, 40, SOFT)
    sheet.write((MARGIN + sheet.width_of(heading, 40), 92), period, 40, SOFT)
    sheet.figure(196, chart["figure"], 96, 44)
    sheet.write((MARGIN, 258), chart["remark"], sheet.fit(chart["remark"], 38), ACCENT, weight=0.5)
    sheet.write((MARGIN, height - 34), chart["foot"], sheet.fit(chart["foot"], 32), SOFT)
    return sheet


def _draw_growth(chart: dict[str, Any]) -> Sheet:
    """Draw `curve`, pairs of a position from 0 to 1 and a total, and below it `bars`, the increase in each period.

    `levels` are pairs of a total and its label, `marks` pairs of a position from 0 to 1 and its label.
    """
    sheet = _begin(chart, 1140)
    curve, bars, levels = chart["curve"], chart["bars"], chart["levels"]
    indent = max((sheet.width_of(label, 32) for _, label in levels), default=0) + 20
    left, right, top, bottom = MARGIN + indent, WIDTH - MARGIN, 326, 756
    low, high = levels[0][0], levels[-1][0]

    def place(nth: float, value: float) -> tuple[float, float]:
        return left + (right - left) * nth, bottom - (bottom - top) * (value - low) / max(high - low, 1)

    for value, label in levels:
        _, y = place(0, value)
        sheet.line([(left, y), (right, y)], LINE, 2)
        sheet.write((left - 20, y), label, 32, SOFT, "rm")
    points = [place(nth, value) for nth, value in curve]
    sheet.fill([(points[0][0], bottom), *points, (points[-1][0], bottom)], SHADE)
    sheet.line(points, ACCENT, 6)
    sheet.dot(*points[-1], 11)
    _draw_bars(sheet, bars, chart["most"], (left, right))
    for nth, label in chart["marks"]:
        x = left + (right - left) * nth
        anchor = "ms" if 0.06 < nth < 0.94 else "ls" if nth < 0.5 else "rs"
        sheet.write((x, 1036), label, 32, SOFT, anchor)
    return sheet


def _draw_bars(sheet: Sheet, bars: Sequence[int], most: str, between: tuple[float, float]) -> None:
    left, right = between
    top, bottom, step = 856, 981, (right - left) / len(bars)
    gap = min(step * 0.25, 10)
    highest = max(bars)
    for nth, value in enumerate(bars):
        if value > 0:
            high = max((bottom - top) * value / highest, 4)
            x = left + nth * step
            sheet.box(x + gap / 2, bottom - high, x + step - gap / 2, bottom, BAR, min(8, step / 4, high / 2))
    sheet.line([(left, bottom), (right, bottom)], LINE, 3)
    if highest > 0:
        at = left + (bars.index(highest) + 0.5) * step
        wide = sheet.width_of(most, 32) / 2
        sheet.write((min(max(at, left + wide), right - wide), top - 16), most, 32, INK, "ms", 0.4)


def _draw_ranks(chart: dict[str, Any]) -> Sheet:
    """Draw `ranks`, each a name, a value, its label and its share, largest first."""
    ranks = chart["ranks"]
    row = 96
    sheet = _begin(chart, 326 + row * max(len(ranks), 2) + 110)
    if not ranks:
        sheet.write((MARGIN, 400), chart["none"], sheet.fit(chart["none"], 38), SOFT)
    most = max((value for _, value, _, _ in ranks), default=1)
    shares = max((sheet.width_of(share, 32) for *_, share in ranks), default=0) + 26
    right = WIDTH - MARGIN - shares - max((sheet.width_of(label, 36) for _, _, label, _ in ranks), default=0) - 26
    for nth, (name, value, label, share) in enumerate(ranks):
        y = 318 + nth * row
        sheet.write((MARGIN, y + 34), sheet.shorten(name, right - MARGIN, 34), 34)
        sheet.box(MARGIN, y + 48, right, y + 72, LINE, 12)
        sheet.box(MARGIN, y + 48, MARGIN + max((right - MARGIN) * value / most, 24), y + 72, ACCENT, 12)
        sheet.write((WIDTH - MARGIN, y + 72), share, 32, SOFT, "rs")
        sheet.write((WIDTH - MARGIN - shares, y + 72), label, 36, INK, "rs", 0.4)
    return sheet


if __name__ == "__main__":
    sys.exit(serve(lambda chart: draw(chart).save(Path(chart["path"]))))

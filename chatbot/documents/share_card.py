"""Pictures to be shared: the petition with a QR code of its link, and a QR code alone."""

from typing import Any, Final

from chatbot.documents.qr_code import encode
from chatbot.documents.typesetting.sheet import ACCENT, INK, MARGIN, PAPER, ROOM, SHADE, SOFT, WIDTH, Sheet, find_words

HEIGHTS: Final = {"portrait": 1500, "square": 1200}
PREVIEW_HEIGHT: Final = 630
_CODE: Final = 440
"""Side of the QR code on a card."""
_HEAD: Final = (148, 132, 118, *range(104, 34, -6))
"""Sizes of the title on a card, from large to small: the first in which it fits is taken."""
_LEAD, _LEAD_LEADING, _LEAD_GAP = 44, 1.4, 32
_BESIDE_LEAD: Final = 60
"""The smallest title with a lead below it; a longer title has the head for itself."""
_BELOW: Final = 816
"""Height of what is below the head: the figure, the call, the code and the address."""
_PADDING: Final = 72
_TITLE: Final = (80, 70, 60, 52, 44, 38)
"""Sizes of the title in a preview."""
_CALL: Final = (56, 48, 42, 36)
_CALL_LINES: Final = 4
_LEADING: Final = 1.28
_QUIET: Final = 4
"""Light modules around a QR code."""


def draw_card(card: dict[str, Any]) -> Sheet:
    """Draw `title`, `lead`, `figure`, `call`, `scan`, the QR code of `link`, `address` and `hashtag`, in a `shape`."""
    height = HEIGHTS[card["shape"]]
    sheet = Sheet(height, find_words(card), card["direction"])
    _draw_head(sheet, card["title"], card["lead"], height - _BELOW)
    bottom = height - 130  # of the QR code
    top = bottom - _CODE
    sheet.figure(top - 90, card["figure"], 132, 50, ACCENT)
    # In a right-to-left language the code is at the left, as everything is mirrored.
    left = WIDTH - MARGIN - _CODE
    _draw_modules(sheet, card["link"], MARGIN if card["direction"] == "rtl" else left, top, _CODE)
    room = left - MARGIN - 48
    y = top + 40.0
    for size in _CALL:
        lines = [line for sentence in card["call"].split("\n") for line in sheet.wrap(sentence, room, size)]
        if len(lines) <= _CALL_LINES:
            break
    for line in lines[:_CALL_LINES]:
        sheet.write((MARGIN, y), line, size, INK, weight=1)
        y += size * _LEADING
    y += 24
    for line in sheet.wrap(card["scan"], room, 34)[:3]:
        sheet.write((MARGIN, y), line, 34, SOFT)
        y += 34 * 1.4
    address = card["address"]
    sheet.write((MARGIN, height - 52), address, sheet.fit(address, 36, ROOM * 0.6), ACCENT, weight=0.5)
    hashtag = sheet.shorten(card["hashtag"], ROOM * 0.36, 36)
    sheet.write((WIDTH - MARGIN, height - 52), hashtag, 36, INK, "rs", 0.5)
    return sheet


def _draw_head(sheet: Sheet, title: str, lead: str, height: int) -> None:
    """Fill the head of a card with the title, as large as it fits, and the lead below it, in the middle."""
    sheet.box(0, 0, WIDTH, height, ACCENT)
    room = height - 2 * _PADDING
    sizes = [(lead, size) for size in _HEAD if size >= _BESIDE_LEAD] if lead else []
    for words, size in [*sizes, *(("", size) for size in _HEAD)]:
        lines, more = sheet.wrap(title, ROOM, size), sheet.wrap(words, ROOM, _LEAD) if words else []
        tall = len(lines) * size * _LEADING + (_LEAD_GAP + len(more) * _LEAD * _LEAD_LEADING if more else 0)
        if tall <= room and max(sheet.width_of(each, size) for each in title.split()) <= ROOM:
            lines, more = _balance(sheet, title, size, lines), _balance(sheet, words, _LEAD, more)
            break
    if tall > room:
        lines = lines[: int(room / (size * _LEADING))]
        lines[-1] = sheet.shorten(lines[-1] + "…", ROOM, size)
        tall = len(lines) * size * _LEADING
    y = (height - tall) / 2
    for nth, line in enumerate(lines):
        sheet.write((MARGIN, y + (nth * _LEADING + 0.98) * size), line, size, PAPER, weight=1.5)
    y += len(lines) * size * _LEADING + _LEAD_GAP
    for nth, line in enumerate(more):
        sheet.write((MARGIN, y + (nth * _LEAD_LEADING + 1) * _LEAD), line, _LEAD, PAPER)


def _balance(sheet: Sheet, text: str, size: int, lines: list[str]) -> list[str]:
    """Divide a text into as many lines, about equally long: no word stands alone in the last one."""
    for room in range(int(ROOM * 0.6), ROOM, 48):
        if len(narrow := sheet.wrap(text, room, size)) == len(lines):
            return narrow
    return lines


def draw_preview(card: dict[str, Any]) -> Sheet:
    """Draw the picture that previews of a link show: the same words without the code, and a bar.

    `filled` is the part of the bar, from 0 to 1, and `goal` the words below it. Without `filled` there is none.
    """
    sheet = Sheet(PREVIEW_HEIGHT, find_words(card), card["direction"])
    sheet.box(0, 0, WIDTH, 20, ACCENT)
    filled = card["filled"]
    _write_title(sheet, card["title"], 330)
    sheet.figure(410, card["figure"], 92, 42, ACCENT)
    if filled is not None:
        sheet.box(MARGIN, 440, WIDTH - MARGIN, 464, SHADE, 12)
        most = ROOM if filled >= 1 else ROOM - 24  # full only when the goal is reached
        sheet.box(MARGIN, 440, MARGIN + min(max(ROOM * filled, 24), most), 464, ACCENT, 12)
        sheet.write((MARGIN, 508), card["goal"], sheet.fit(card["goal"], 32), SOFT)
    call = card["call"].partition("\n")[0]
    sheet.write((MARGIN, 584), call, sheet.fit(call, 40, ROOM * 0.6), INK, weight=0.8)
    hashtag = sheet.shorten(card["hashtag"], ROOM * 0.36, 34)
    sheet.write((WIDTH - MARGIN, 584), hashtag, 34, INK, "rs", 0.5)
    return sheet


def _write_title(sheet: Sheet, title: str, room: float) -> None:
    for size in _TITLE:
        lines, most = sheet.wrap(title, ROOM, size), max(int((room - 90) / (size * _LEADING)), 2)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines = [*lines[: most - 1], sheet.shorten(lines[most - 1] + "…", ROOM, size)]
    for nth, line in enumerate(lines):
        sheet.write((MARGIN, 90 + (nth * _LEADING + 0.9) * size), line, size, INK, weight=1.5)


def draw_qr_code(code: dict[str, Any]) -> Sheet:
    """Draw the QR code of `link`, with `heading` above it and `foot` below."""
    sheet = Sheet(1320, find_words(code), code["direction"])
    sheet.box(0, 0, WIDTH, 12, ACCENT)
    sheet.write((WIDTH / 2, 104), sheet.shorten(code["heading"], ROOM, 34), 34, INK, "ms", 0.4)
    _draw_modules(sheet, code["link"], 100, 160, 1000)
    sheet.write((WIDTH / 2, 1250), sheet.shorten(code["foot"], ROOM, 34), 34, SOFT, "ms")
    return sheet


def _draw_modules(sheet: Sheet, link: str, left: int, top: int, side: int) -> None:
    """Draw a QR code in whole pixels, so that every module is equally large, in the middle of a square."""
    rows = encode(link)
    size = side // (len(rows) + 2 * _QUIET)
    left, top = left + (side - size * len(rows)) // 2, top + (side - size * len(rows)) // 2
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                sheet.module(left + x * size, top + y * size, size)

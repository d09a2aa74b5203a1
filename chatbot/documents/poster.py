"""The poster: one A4 page to print, with the title, why the petition matters, and the QR code of a link.

`python -m chatbot.documents.poster` makes one in a child process.
"""

import sys
from math import inf
from pathlib import Path
from typing import Any, Final

from chatbot.documents.process import serve
from chatbot.documents.qr_code import encode
from chatbot.documents.typesetting.pages import BLACK, BLUE, GREY, WIDTH, Pages
from chatbot.documents.typesetting.paragraphs import Word

_LEFT, _RIGHT = 20.0, 190.0
_ROOM: Final = _RIGHT - _LEFT
_MIDDLE: Final = WIDTH / 2
_BAND: Final = 12.0
_TITLE: Final = (46, 42, 38, 34, 30, 26, 22)
"""Font sizes of the title: the first in which it takes about three lines, or smaller if it does not fit then."""
_LEAD: Final = (19, 17, 15, 13)
_TITLE_LEADING, _LEAD_LEADING = 1.3, 1.45
_GAP: Final = 9.0
_STEP: Final = 2.0
"""How much further the lines of a text are moved in with each try, in millimetres."""
_POINT: Final = 25.4 / 72
_CODE: Final = 92.0
"""Side of the QR code with its light border: it is read from three steps away."""
_CODE_TOP: Final = 128.0
_HEAD: Final = _CODE_TOP - _BAND - 8
"""Height for the title and the lead."""
_SMALLER: Final = 0.9
_QUIET: Final = 4
"""Light modules around a QR code."""
_FOOT: Final = 284.0


def make(poster: dict[str, Any]) -> None:
    """Write `title`, `lead`, `call`, `scan`, the QR code of `link`, `name`, `address` and `foot` to the file `path`."""
    texts = [str(poster[each]) for each in ("title", "lead", "call", "scan", "foot")]
    pages = Pages(poster["language"], poster["title"], poster["direction"], " ".join(texts))
    pages.turn(foot=False)
    pages.box(0, 0, WIDTH, _BAND, BLUE)
    _write_head(pages, poster["title"], poster["lead"])
    _draw_code(pages, poster["link"])
    y = _CODE_TOP + _CODE
    pages.put(_MIDDLE, y + 13, poster["call"], 24, BLUE, align="center", most=_ROOM, bold=True)
    pages.put(_MIDDLE, y + 23, poster["scan"], 12, GREY, align="center", most=_ROOM)
    pages.put(_MIDDLE, y + 34, poster["address"], 20, BLACK, align="center", most=_ROOM, bold=True)
    pages.put(_MIDDLE, y + 42, poster["name"], 12, GREY, align="center", most=_ROOM)
    pages.rule(_MIDDLE - 12, _MIDDLE + 12, _FOOT - 10, BLUE, 0.4)
    pages.put(_MIDDLE, _FOOT, poster["foot"], 11, GREY, align="center", most=_ROOM)
    pages.close(Path(poster["path"]))


def _write_head(pages: Pages, title: str, lead: str) -> None:
    """Write the title, and the lead below it, in the middle of the room above the code."""
    title_size: float = next((each for each in _TITLE if pages.measure(title, each) < 2.6 * _ROOM), _TITLE[-1])
    lead_size: float = next((each for each in _LEAD if pages.measure(lead, each) < 3.4 * _ROOM), _LEAD[-1])
    while (height := _find_height(pages, title, title_size, lead, lead_size)) > _HEAD:  # wide letters, long words
        title_size, lead_size = title_size * _SMALLER, lead_size * _SMALLER
    title_inset, lead_inset = _balance(pages, title, title_size), _balance(pages, lead, lead_size)
    pages.y = _BAND + max((_CODE_TOP - _BAND - height) / 2, 6)
    for text, size, leading, inset, bold in (
        (title, title_size, _TITLE_LEADING, title_inset, True),
        (lead, lead_size, _LEAD_LEADING, lead_inset, False),
    ):
        words = [Word(each, bold) for each in text.split()]
        pages.paragraph(words, size, leading=leading, left=_LEFT + inset, right=_RIGHT - inset, align="center")
        pages.y += _GAP


def _find_height(pages: Pages, title: str, title_size: float, lead: str, lead_size: float) -> float:
    """Return the height of title and lead; endless if a letter is wider than the page."""
    height = _GAP
    for text, size, leading in ((title, title_size, _TITLE_LEADING), (lead, lead_size, _LEAD_LEADING)):
        lines = _break(pages, text, size, _ROOM)
        if any(pages.measure(line[0].text, size) > _ROOM for line in lines):
            return inf
        height += len(lines) * size * leading * _POINT
    return height


def _balance(pages: Pages, text: str, size: float) -> float:
    """Return how far the lines of a text can be moved in, so that all are about equally long."""
    lines = len(_break(pages, text, size, _ROOM))
    insets = (step * _STEP for step in range(1, int(_ROOM / 3 / _STEP)))
    inset = max((each for each in insets if len(_break(pages, text, size, _ROOM - 2 * each)) == lines), default=0.0)
    return inset if lines > 1 else 0.0


def _break(pages: Pages, text: str, size: float, room: float) -> list[list[Word]]:
    return list(pages.break_lines([Word(each) for each in text.split()], size, room))


def _draw_code(pages: Pages, link: str) -> None:
    rows = encode(link)
    module = _CODE / (len(rows) + 2 * _QUIET)
    left = _MIDDLE - module * len(rows) / 2
    pages.modules(rows, left, _CODE_TOP + module * _QUIET, module)


if __name__ == "__main__":
    sys.exit(serve(make))

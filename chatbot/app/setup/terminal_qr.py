"""Draws a QR code in a terminal: two modules in each character, dark on light whatever the terminal's colours are."""

from typing import Final, TextIO

from chatbot.documents.qr_code import encode

_QUIET: Final = 4
"""Modules of quiet zone around the code, by the standard."""
_BLOCKS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
"""The character of an upper and a lower module; 1 is drawn in the colour of the text."""
_COLOURS: Final = "\x1b[38;5;16;48;5;231m"
"""Black on white, of the 256 colours that every terminal of today has and no theme changes."""
_RESET: Final = "\x1b[0m"


def draw_qr(text: str, out: TextIO, *, in_colour: bool) -> list[str]:
    """Return the lines of the code; none if `out` cannot write blocks, as a Windows console without UTF-8.

    Without colours the light modules are drawn in the colour of the text, which is right on a dark terminal, and which
    phones read on a light one as well.
    """
    try:
        "".join(_BLOCKS.values()).encode(out.encoding or "utf-8")
    except UnicodeEncodeError:
        return []
    modules = encode(text)
    empty = [0] * (len(modules) + 2 * _QUIET)
    side = [0] * _QUIET
    rows = [*[empty] * _QUIET, *([*side, *row, *side] for row in modules), *[empty] * (_QUIET + 1)]
    pairs = zip(rows[::2], rows[1::2], strict=False)
    if in_colour:
        return [f"{_COLOURS}{''.join(map(_block, upper, lower))}{_RESET}" for upper, lower in pairs]
    return [
        "".join(_block(1 - above, 1 - below) for above, below in zip(upper, lower, strict=True))
        for upper, lower in pairs
    ]


def _block(above: int, below: int) -> str:
    return _BLOCKS[above, below]

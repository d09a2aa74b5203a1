"""QR codes in a terminal: every module is where it belongs, with light around it, in 80 columns."""

import io

import pytest

from chatbot.app.setup.terminal_qr import draw_qr
from chatbot.documents.qr_code import encode

LONGEST = f"https://t.me/{'b' * 32}?start=own_{'x' * 22}"
LIT = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def read(lines: list[str], *, inverted: bool) -> list[list[int]]:
    """Read the modules back: 1 is dark."""
    rows: list[list[int]] = []
    for line in lines:
        rows += [[LIT[each][half] ^ inverted for each in line] for half in (0, 1)]
    return rows


@pytest.mark.parametrize("in_colour", [True, False])
def test_code_is_drawn_with_its_quiet_zone(in_colour: bool) -> None:
    lines = draw_qr(LONGEST, io.StringIO(), in_colour=in_colour)
    if in_colour:
        assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in lines)
        lines = [line.removeprefix("\x1b[38;5;16;48;5;231m").removesuffix("\x1b[0m") for line in lines]
    assert max(map(len, lines)) <= 80
    rows, modules = read(lines, inverted=not in_colour), encode(LONGEST)
    size = len(modules)
    assert [row[4 : 4 + size] for row in rows[4 : 4 + size]] == modules
    around = [*rows[:4], *rows[4 + size :], *(row[:4] + row[-4:] for row in rows)]
    assert {module for row in around for module in row} == {0}


def test_terminal_without_blocks_gets_no_code() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert draw_qr(LONGEST, out, in_colour=True) == []

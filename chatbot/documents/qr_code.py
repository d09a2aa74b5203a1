"""QR codes of links: bytes, error correction level M, up to version 9 (180 bytes), by ISO/IEC 18004.

The packages that the bot needs have none, and links need only this part of the standard.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

_TOTAL: Final = (26, 44, 70, 100, 134, 172, 196, 242, 292)
"""Bytes that each version holds, error correction included."""
_CORRECTION: Final = (10, 16, 26, 18, 24, 16, 18, 22, 22)
"""Bytes of error correction in each block."""
_BLOCKS: Final = (1, 1, 1, 2, 2, 4, 4, 4, 5)
_ALIGNED: Final = ((), (6, 18), (6, 22), (6, 26), (6, 30), (6, 34), (6, 22, 38), (6, 24, 42), (6, 26, 46))
"""Rows and columns of the centres of alignment patterns."""
_MASKS: Final[Sequence[Callable[[int, int], bool]]] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
_FINDER_LIKE: Final = ((1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0), (0, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1))

Grid = list[list[int]]
"""Rows of modules: 1 is dark."""


def encode(text: str) -> Grid:
    """Return the modules of the QR code, without the quiet zone of four modules that belongs around it.

    Raises `ValueError` if the text is longer than 180 bytes.
    """
    payload = text.encode()
    version = next((each for each in range(1, 10) if len(payload) + 2 <= _count_data(each)), 0)
    if not version:
        raise ValueError("the text is too long for a QR code of version 9")
    bits = list(_interleave(version, _pack(payload, _count_data(version))))
    plain, taken = _draw_patterns(version)
    _place(plain, taken, bits)
    return min((_mask(plain, taken, number) for number in range(len(_MASKS))), key=_rate)


def _count_data(version: int) -> int:
    return _TOTAL[version - 1] - _CORRECTION[version - 1] * _BLOCKS[version - 1]


def _pack(payload: bytes, size: int) -> bytes:
    """Put the mode and the length before the payload, half a byte of zeros behind it, and then what fills the rest."""
    head = 0b0100 << 8 | len(payload)
    packed = ((head << 8 * len(payload) | int.from_bytes(payload)) << 4).to_bytes(len(payload) + 2)
    return packed + bytes(0x11 if nth % 2 else 0xEC for nth in range(size - len(packed)))


def _interleave(version: int, packed: bytes) -> Iterator[int]:
    """Divide the bytes into blocks, add their error correction, and give the bits of all in turn."""
    blocks, correction = _BLOCKS[version - 1], _CORRECTION[version - 1]
    short, longer = divmod(len(packed), blocks)
    parts, start = [], 0
    for nth in range(blocks):
        length = short + (nth >= blocks - longer)
        parts.append(packed[start : start + length])
        start += length
    mended = [_correct(part, correction) for part in parts]
    ordered = [part[nth] for nth in range(short + 1) for part in parts if nth < len(part)]
    ordered += [part[nth] for nth in range(correction) for part in mended]
    for byte in ordered:
        for shift in range(7, -1, -1):
            yield byte >> shift & 1


def _multiply(one: int, other: int) -> int:
    """Multiply in the Galois field of 256 elements with the polynomial 0x11D."""
    product = 0
    for shift in range(7, -1, -1):
        product = (product << 1) ^ (product >> 7) * 0x11D
        product ^= (other >> shift & 1) * one
    return product


def _correct(data: bytes, length: int) -> bytes:
    """Return the error correction by Reed and Solomon."""
    divisor, root = [0] * (length - 1) + [1], 1
    for _nth in range(length):
        divisor = [
            _multiply(each, root) ^ (divisor[place + 1] if place + 1 < length else 0)
            for place, each in enumerate(divisor)
        ]
        root = _multiply(root, 2)
    rest = [0] * length
    for byte in data:
        factor = byte ^ rest.pop(0)
        rest.append(0)
        rest = [each ^ _multiply(part, factor) for each, part in zip(rest, divisor, strict=True)]
    return bytes(rest)


def _draw_patterns(version: int) -> tuple[Grid, Grid]:
    """Draw what is the same in every code of this version, and mark the modules that hold no data."""
    size = 17 + 4 * version
    grid, taken = [[0] * size for _row in range(size)], [[0] * size for _row in range(size)]

    def put(y: int, x: int, dark: bool) -> None:
        if 0 <= y < size and 0 <= x < size:
            grid[y][x], taken[y][x] = int(dark), 1

    for nth in range(size):  # timing
        put(6, nth, nth % 2 == 0)
        put(nth, 6, nth % 2 == 0)
    for y, x in ((3, 3), (3, size - 4), (size - 4, 3)):  # finders, and their light borders
        for down in range(-4, 5):
            for right in range(-4, 5):
                put(y + down, x + right, max(abs(down), abs(right)) not in (2, 4))
    places = _ALIGNED[version - 1]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for y, x in ((y, x) for y in places for x in places if (y, x) not in corners):
        for down in range(-2, 3):
            for right in range(-2, 3):
                put(y + down, x + right, max(abs(down), abs(right)) != 1)
    for nth in range(9):  # room for the format
        put(8, nth, bool(grid[8][nth]))
        put(nth, 8, bool(grid[nth][8]))
    for nth in range(8):
        put(8, size - 1 - nth, False)
        put(size - 1 - nth, 8, nth == 7)
    if version >= 7:
        told = version << 12 | _divide(version, 12, 0x1F25)
        for nth in range(18):
            put(size - 11 + nth % 3, nth // 3, bool(told >> nth & 1))
            put(nth // 3, size - 11 + nth % 3, bool(told >> nth & 1))
    return grid, taken


def _divide(value: int, length: int, polynomial: int) -> int:
    """Return the check bits of a BCH code."""
    rest = value
    for _nth in range(length):
        rest = rest << 1 ^ (rest >> (length - 1)) * polynomial
    return rest


def _place(grid: Grid, taken: Grid, bits: Sequence[int]) -> None:
    """Write the bits into the free modules, two columns at a time, up and down in turn from the right."""
    size, following = len(grid), iter(bits)
    for turn, right in enumerate((*range(size - 1, 6, -2), 5, 3, 1)):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        for y in rows:
            for x in (right, right - 1):
                if not taken[y][x]:
                    grid[y][x] = next(following, 0)


def _mask(plain: Grid, taken: Grid, number: int) -> Grid:
    """Turn the modules of one mask round, and write which mask it was."""
    flips = _MASKS[number]
    grid = [[dark ^ (not taken[y][x] and flips(y, x)) for x, dark in enumerate(row)] for y, row in enumerate(plain)]
    size = len(grid)
    told = (number << 10 | _divide(number, 10, 0x537)) ^ 0x5412  # level M is 00
    first = [*((nth, 8) for nth in range(6)), (7, 8), (8, 8), (8, 7), *((8, 14 - nth) for nth in range(9, 15))]
    second = [*((8, size - 1 - nth) for nth in range(8)), *((size - 15 + nth, 8) for nth in range(8, 15))]
    for places in (first, second):
        for nth, (y, x) in enumerate(places):
            grid[y][x] = told >> nth & 1
    return grid


def _rate(grid: Grid) -> int:
    """Rate how hard a code is to read; less is better."""
    size, penalty = len(grid), 0
    for line in (*grid, *map(list, zip(*grid, strict=True))):
        runs = [len(list(run)) for _dark, run in groupby(line)]
        penalty += sum(run - 2 for run in runs if run >= 5)
        penalty += 40 * sum(tuple(line[nth : nth + 11]) in _FINDER_LIKE for nth in range(size - 10))
    for y in range(size - 1):
        for x in range(size - 1):
            penalty += 3 * (grid[y][x] == grid[y][x + 1] == grid[y + 1][x] == grid[y + 1][x + 1])
    dark = sum(map(sum, grid))
    return penalty + 10 * (abs(dark * 20 - size * size * 10) // (size * size))

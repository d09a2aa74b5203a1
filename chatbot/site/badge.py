"""A small picture of the count, for other pages: SVG without scripts, styles and fonts of its own."""

from typing import Final
from unicodedata import east_asian_width

from markupsafe import Markup

from chatbot.petition.languages import Direction

_HEIGHT: Final = 28
_GAP: Final = 12
"""Space beside the words."""
_NARROW, _WIDE = 7.6, 13.5
"""Width of a letter. `textLength` makes the words as wide, whatever the typeface."""
_LONGEST: Final = 48
_BADGE: Final = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
    'role="img" direction="{direction}">'
    "<title>{title}</title>"
    '<rect width="{width}" height="{height}" rx="5" fill="#22303a"/>'
    '<path d="{half}" fill="#b23517"/>'
    '<g fill="#fff" font-family="system-ui,-apple-system,sans-serif" font-size="14" text-anchor="middle">'
    '<text x="{first}" y="19" textLength="{first_length}">{petition}</text>'
    '<text x="{second}" y="19" textLength="{second_length}" font-weight="600">{count}</text>'
    "</g></svg>\n"
)


def draw_badge(petition: str, count: str, direction: Direction) -> bytes:
    """Draw the badge: the petition in one half, its count in the other."""
    petition = petition if len(petition) <= _LONGEST else f"{petition[: _LONGEST - 1]}…"
    one, other = _measure(petition), _measure(count)
    width = one + other + 4 * _GAP
    before, after = (other, one) if direction == "rtl" else (one, other)
    edge = before + 2 * _GAP
    left, right = before / 2 + _GAP, edge + after / 2 + _GAP
    round_right = f"M{edge} 0h{width - edge - 5}a5 5 0 0 1 5 5v18a5 5 0 0 1 -5 5h-{width - edge - 5}z"
    round_left = f"M{edge} 0v28h-{edge - 5}a5 5 0 0 1 -5 -5v-18a5 5 0 0 1 5 -5z"
    is_mirrored = direction == "rtl"
    written = _BADGE.format(
        width=width,
        height=_HEIGHT,
        direction=direction,
        title=f"{petition}: {count}",
        half=round_left if is_mirrored else round_right,
        first=right if is_mirrored else left,
        second=left if is_mirrored else right,
        first_length=one,
        second_length=other,
        petition=petition,
        count=count,
    )
    return written.encode()


def _measure(text: str) -> int:
    return round(sum(_WIDE if east_asian_width(letter) in "WF" else _NARROW for letter in text))

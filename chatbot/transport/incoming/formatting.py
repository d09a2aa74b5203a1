"""Converts the entities of a message to Telegram's HTML, so that it can be stored and sent.

An entity is a kind and a range, counted in UTF-16 code units; HTML has to be nested. If two entities overlap, one is
split at the edge of the other: a style rather than a shape (a quotation, code, a link).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup, escape

_SHAPES: Final = ("blockquote", "expandable_blockquote", "pre", "code", "text_link")
"""From outer to inner for equal ranges. Styles are inside of all shapes."""
_TAGS: Final = {
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
    "pre": ("<pre>", "</pre>"),
    "code": ("<code>", "</code>"),
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
}
_SCHEMES: Final = ("http", "https", "tg")
_MOST_ENTITIES: Final = 100
"""Entities of a message that Telegram shows (https://core.telegram.org/bots/api#formatting-options)."""
_MOST_PIECES: Final = 400
"""Tags in a text at most. Overlapping entities are split: a hundred could become ten thousand."""
_LONGEST_URL: Final = 2_048
_LONGEST_LANGUAGE: Final = 64


@dataclass(frozen=True, slots=True, order=True)
class _Range:
    """A tag and the characters inside. Ranges sort in the order of their opening tags: by start, the longest first."""

    start: int
    shortness: int
    rank: int
    opening: str
    closing: str

    @property
    def end(self) -> int:
        return -self.shortness

    @property
    def is_shape(self) -> bool:
        return self.rank < len(_SHAPES)


def format_text(text: str, entities: object) -> Markup | None:
    """Return `text` as Telegram's HTML; None if it has no formatting. Never raises.

    `entities` is the Bot API's field. Only formatting is converted: Telegram detects mentions, hashtags and bare links
    again, and bots may not send custom emoji. Broken entities, and those after the hundredth, are left out.
    """
    if not isinstance(entities, list) or not entities:
        return None
    ranges = list(_read(entities[:_MOST_ENTITIES], _places(text)))
    return _write(text, ranges) if ranges else None


def _places(text: str) -> list[int]:
    """Return the index of the character for each UTF-16 code unit of `text`, and for its end."""
    places: list[int] = []
    for place, character in enumerate(text):
        places.extend((place,) if character <= "\uffff" else (place, place))
    return [*places, len(text)]


def _read(entities: list[Any], places: list[int]) -> Iterator[_Range]:
    for entity in entities:
        if not isinstance(entity, dict):
            continue
        kind, offset, length = (entity.get(key) for key in ("type", "offset", "length"))
        # `type`: True is an int as well
        if not isinstance(kind, str) or type(offset) is not int or type(length) is not int or offset < 0:
            continue
        tags = _choose_tags(kind, entity)
        start, end = (places[min(unit, len(places) - 1)] for unit in (offset, offset + max(length, 0)))
        if tags is not None and start < end:
            rank = _SHAPES.index(kind) if kind in _SHAPES else len(_SHAPES)
            yield _Range(start, -end, rank, *tags)


def _choose_tags(kind: str, entity: dict[Any, Any]) -> tuple[str, str] | None:
    match kind:
        case "text_link":
            url = entity.get("url")
            return (f'<a href="{escape(url)}">', "</a>") if isinstance(url, str) and _is_link(url) else None
        case "pre" if isinstance(entity.get("language"), str) and 0 < len(entity["language"]) <= _LONGEST_LANGUAGE:
            return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    return _TAGS.get(kind)


def _is_link(url: str) -> bool:
    """Tell whether it links to a page or into Telegram. A link to a person would be a mention."""
    if len(url) > _LONGEST_URL:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and (parts.scheme != "tg" or parts.netloc.lower() != "user")


def _write(text: str, ranges: list[_Range]) -> Markup:
    """Put the tags around the text. Open tags are on a stack; a tag above another ends no later."""
    pieces: list[str] = []
    opened: list[_Range] = []
    at = 0
    heapify(ranges)
    while ranges or opened:
        if len(pieces) > 2 * _MOST_PIECES:  # each tag comes with the words before it
            ranges = []
        if opened and (not ranges or opened[-1].end <= ranges[0].start):
            closed = opened.pop()
            pieces += escape(text[at : closed.end]), closed.closing
            at = closed.end
            continue
        new = heappop(ranges)
        pieces.append(escape(text[at : new.start]))
        at = new.start
        aside: list[_Range] = []
        while new.is_shape and opened and opened[-1].end < new.end and not opened[-1].is_shape:
            aside.append(opened.pop())
            pieces.append(aside[-1].closing)
        if opened and opened[-1].end < new.end:
            edge = opened[-1].end
            heappush(ranges, replace(new, start=edge))
            new = replace(new, shortness=-edge)
        for each in (new, *reversed(aside)):
            opened.append(each)
            pieces.append(each.opening)
    pieces.append(escape(text[at:]))
    return Markup("".join(pieces))  # noqa: S704 - the text and the attributes are escaped, the tags are ours

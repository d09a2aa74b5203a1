"""Text as a person types it in Telegram's app, with the formatting that the app offers."""

from collections.abc import Iterable, Iterator
from typing import Any

from chatbot.emulator.text import links
from chatbot.emulator.text.markup import Entity, units

STYLES = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote",
}  # fmt: skip


def read_entities(raw: object) -> list[Entity]:
    """Check the entities of a typed text. Raises `TypeError` or `ValueError` for any that the app cannot send."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise TypeError("entities are a list")
    return [_read(entity) for entity in raw]


def _read(entity: Any) -> Entity:
    if not isinstance(entity, dict):
        raise TypeError("an entity is an object")
    kind, offset, length = (entity.get(name) for name in ("type", "offset", "length"))
    if type(offset) is not int or type(length) is not int or offset < 0 or length < 1:
        raise ValueError("an entity has an offset and a length")
    place: Entity = {"type": kind, "offset": offset, "length": length}
    if kind == "text_link":
        return place | {"url": links.check(str(entity.get("url") or ""))}
    if kind not in STYLES:
        raise ValueError(f"the app cannot send {kind}")
    return place


def split(text: str, entities: Iterable[Entity], longest: int) -> Iterator[tuple[str, list[Entity]]]:
    """Cut a text into parts of at most `longest` characters, each with its entities."""
    start = 0
    for begin in range(0, len(text), longest):
        part = text[begin : begin + longest]
        end = start + units(part)
        yield part, [cut for entity in entities if (cut := _cut(entity, start, end))]
        start = end


def _cut(entity: Entity, start: int, end: int) -> Entity | None:
    """Return the piece of an entity between `start` and `end`, relative to `start`."""
    first = max(entity["offset"], start)
    last = min(entity["offset"] + entity["length"], end)
    return entity | {"offset": first - start, "length": last - first} if first < last else None

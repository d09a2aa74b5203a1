"""Parses Telegram's HTML into plain text and entities.

The rules and error texts are those of tdlib's parser. Offsets and lengths of entities count UTF-16
code units; the offsets in errors count bytes of UTF-8.
"""

import re
from dataclasses import dataclass
from typing import Any

from chatbot.emulator.text import links

Entity = dict[str, Any]

STYLES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
}  # fmt: skip
TAGS = {*STYLES, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}

REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([A-Za-z]+));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
MARK = re.compile(r"[<&]")
TAG_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
SPACES = re.compile(r"\s*")
DATE_FORMAT = re.compile(r"[rR]|[tTdDwW]*")


class MarkupError(ValueError):
    """Invalid HTML, in Telegram's words without its prefix."""


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text) + sum(1 for character in text if character > "\uffff") if not text.isascii() else len(text)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    date: int
    at: int
    """Offset of the entity in UTF-16 code units."""
    piece: int
    """Number of pieces of plain text before it."""


def parse(source: str) -> tuple[str, list[Entity]]:
    """Return plain text and its entities in reading order, outer before inner. Raises `MarkupError`."""
    pieces: list[str] = []
    entities: list[Entity] = []
    nested: list[_Open] = []
    offset = at = 0
    while mark := MARK.search(source, at):
        here = mark.start()
        piece, after = source[at:here], here
        if source[here] == "&":
            character, after = _reference(source, here)
            piece += character
        pieces.append(piece)
        offset += units(piece)
        if source[here] == "<":
            if source.startswith("</", here):
                after = _close(source, here, nested, entities, pieces, offset)
            else:
                opened, after = _open(source, here)
                opened.at, opened.piece = offset, len(pieces)
                nested.append(opened)
        at = after
    pieces.append(source[at:])
    if nested:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{nested[-1].tag}"')
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return "".join(pieces), entities


def _reference(source: str, at: int) -> tuple[str, int]:
    """Decode `&…;` at `at`; return the character and the end. An unknown reference stays as it is."""
    found = REFERENCE.match(source, at)
    if not found:
        return "&", at + 1
    if found[3]:
        return (NAMED[found[3]], found.end()) if found[3] in NAMED else ("&", at + 1)
    number = int(found[1], 16) if found[1] else int(found[2])
    digits_end = found.end() - found[0].endswith(";")
    if not 0 < number < 0x10FFFF or digits_end - at >= 10:
        return "&", at + 1
    if 0xD800 <= number <= 0xDFFF:
        raise MarkupError(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units"
        )
    return chr(number), found.end()


def _byte(source: str, at: int) -> int:
    return len(source[:at].encode())


def _skip(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at


def _open(source: str, begin: int) -> tuple[_Open, int]:
    """Parse a start tag; the caller sets the offset in the result."""
    at = _skip(TAG_NAME, source, begin + 1)
    place = _byte(source, begin)
    if at == len(source):
        raise MarkupError(f"Unclosed start tag at byte offset {place}")
    tag = source[begin + 1 : at].lower()
    if tag not in TAGS:
        raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {place}')
    opened = _Open(tag, "", 0, 0, 0)
    while not source.startswith(">", at):
        at = _skip(SPACES, source, at)
        if source.startswith(">", at):
            break
        at = _attribute(source, begin, at, opened)
    if tag == "span" and opened.argument != "spoiler":
        raise MarkupError(f'Tag "{tag}" must have class "tg-spoiler" at byte offset {place}')
    return opened, at + 1


def _attribute(source: str, begin: int, at: int, opened: _Open) -> int:
    """Parse one attribute at `at` into `opened`; return its end."""
    place = _byte(source, begin)
    unclosed = MarkupError(f'Unclosed start tag "{opened.tag}" at byte offset {place}')
    name_end = _skip(ATTRIBUTE_NAME, source, at)
    name = source[at:name_end]
    if not name:
        raise MarkupError(f'Empty attribute name in the tag "{opened.tag}" at byte offset {place}')
    at = _skip(SPACES, source, name_end)
    if not source.startswith("=", at):
        if at == len(source):
            raise unclosed
        if (opened.tag, name) == ("blockquote", "expandable"):
            opened.argument = "1"
        return at
    at = _skip(SPACES, source, at + 1)
    if at == len(source):
        raise unclosed
    if source[at] in "\"'":
        value, at = _quoted(source, at)
    else:
        token = at
        at = _skip(NAME_TOKEN, source, at)
        value = source[token:at].lower()
        if at < len(source) and not source[at].isspace() and source[at] != ">":
            raise MarkupError(f"Unexpected end of name token at byte offset {_byte(source, token)}")
    if at == len(source):
        raise MarkupError(f"Unclosed start tag at byte offset {place}")
    match opened.tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "format"):
            opened.argument = value
        case "code", "class" if value.startswith("language-"):
            opened.argument = value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            opened.argument = value.removeprefix("tg-")
        case "blockquote", "expandable":
            opened.argument = "1"
        case "tg-time", "unix":
            opened.date = int(value) if value.isdecimal() else 0
    return at


def _quoted(source: str, at: int) -> tuple[str, int]:
    """Parse a quoted string at `at`; return it with its references decoded, and its end."""
    end = source.find(source[at], at + 1)
    end = len(source) if end < 0 else end
    value, here = "", at + 1
    while here < end:
        if source[here] == "&":
            character, here = _reference(source, here)
        else:
            character, here = source[here], here + 1
        value += character
    return value, min(max(here, end) + 1, len(source))


def _close(source: str, begin: int, nested: list[_Open], entities: list[Entity], pieces: list[str], offset: int) -> int:
    """Parse an end tag and add its entity unless that is empty; return the end of the tag."""
    place = _byte(source, begin)
    if not nested:
        raise MarkupError(f"Unexpected end tag at byte offset {place}")
    at = _skip(TAG_NAME, source, begin + 2)
    name = source[begin + 2 : at].lower()
    at = _skip(SPACES, source, at)
    if not source.startswith(">", at):
        raise MarkupError(f"Unclosed end tag at byte offset {place}")
    opened = nested[-1]
    if name and name != opened.tag:
        raise MarkupError(f'Unmatched end tag at byte offset {place}, expected "</{opened.tag}>", found "</{name}>"')
    if offset > opened.at:
        _keep(opened, entities, "".join(pieces[opened.piece :]), offset - opened.at)
    nested.pop()
    return at + 1


def _keep(opened: _Open, entities: list[Entity], inner: str, length: int) -> None:
    """Add the finished entity to `entities`, or merge <pre><code class="language-…"> into one."""
    entity: Entity = {"offset": opened.at, "length": length}
    last = entities[-1] if entities and entities[-1].items() >= entity.items() else None
    match opened.tag:
        case "a":
            url = opened.argument or inner
            if person := links.person_in(url):
                entity |= {"type": "text_mention", "user": person}
            else:
                try:
                    entity |= {"type": "text_link", "url": links.check(url)}
                except ValueError:
                    return
        case "pre":
            if last and last["type"] == "code" and last.get("language"):
                last["type"] = "pre"
                return
            entity["type"] = "pre"
        case "code":
            if last and last["type"] == "pre" and opened.argument:
                last["language"] = opened.argument
                return
            entity |= {"type": "code", "language": opened.argument}
        case "blockquote":
            entity["type"] = "expandable_blockquote" if opened.argument else "blockquote"
        case "tg-emoji":
            if not opened.argument.isdecimal() or int(opened.argument) == 0:
                raise MarkupError("Invalid custom emoji identifier specified")
            entity |= {"type": "custom_emoji", "custom_emoji_id": opened.argument}
        case "tg-time":
            if not DATE_FORMAT.fullmatch(opened.argument):
                raise MarkupError("Invalid date format used")
            if opened.date <= 0:
                return
            entity |= {"type": "date_time", "unix_time": opened.date, "date_time_format": opened.argument}
        case tag:
            entity["type"] = STYLES[tag]
    entities.append(entity)

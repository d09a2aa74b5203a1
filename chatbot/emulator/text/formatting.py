"""A message's text as Telegram stores it: parsed, cleaned, trimmed, with links and commands detected."""

import re
from functools import lru_cache
from typing import Any

from chatbot.emulator.bot_api import limits
from chatbot.emulator.bot_api.refusal import bad_request
from chatbot.emulator.text.markup import Entity, MarkupError, parse, units

CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
UNWANTED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
"""Characters that Telegram removes from every text: line separators, bidirectional overrides, stacked lines."""
BLANK = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u200b\u2060 \t\n\x0b"
)

FOUND = (
    ("url", re.compile(r"\b(?:https?|tg|ton)://[^\s<>\"'«»]+[^\s<>\"'«»?!.,;:)\]]", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)),
    (
        "url",
        re.compile(
            r"(?<![\w@./:-])(?:[\w-]+\.)+(?:com|org|net|info|io|me|kr|gov|edu|int|uk|eu|tv|news|example)\b"
            r"(?:/[^\s<>\"']*[^\s<>\"'?!.,;:)\]])?",
            re.IGNORECASE,
        ),
    ),
    ("mention", re.compile(r"(?<![\w/@.])@[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@.])")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
)
NO_FINDS_INSIDE = {"code", "pre", "text_link", "url", "email", "mention", "text_mention", "custom_emoji", "bot_command"}
MERGING = {"bold", "italic", "underline", "strikethrough", "spoiler"}
RANK = {kind: rank for rank, kind in enumerate(("blockquote", "expandable_blockquote", "pre", "code", "text_link"))}


def formatted(text: str, parse_mode: str = "", entities: list[Entity] | None = None) -> tuple[str, list[Entity]]:
    """Return a text or caption as (plain text, entities). The entities are shared: never change them.

    Refuses what Telegram refuses. Only the caller knows how many characters are allowed, and checks that.
    """
    if entities and not parse_mode:
        return _settle(text, [dict(entity) for entity in entities])
    return _formatted(text, parse_mode.lower())


@lru_cache(maxsize=1024)
def _formatted(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    if len(text) * 4 > limits.RAW_TEXT_BYTES and len(text.encode()) > limits.RAW_TEXT_BYTES:
        raise bad_request("text is too long")
    entities: list[Entity] = []
    if text and parse_mode not in ("", "none"):
        if parse_mode in ("markdown", "markdownv2"):
            raise bad_request("can't parse entities: the emulator reads HTML only")
        if parse_mode != "html":
            raise bad_request("unsupported parse_mode")
        try:
            text, entities = parse(text)
        except MarkupError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    return _settle(text, entities)


def _settle(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    text = CONTROL.sub(" ", text)
    text, entities = _remove(text, entities)
    text, entities = _trim(text, entities)
    entities = [entity for entity in entities if entity["length"] > 0 and _visible(text, entity)]
    entities = _merge(entities)
    entities = _order(entities + found(text, entities))
    if len(entities) > limits.ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    return text, entities


def _remove(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Remove unwanted characters and shift the entities."""
    if not UNWANTED.search(text):
        return text, entities
    gone = [units(text[: cut.start()]) for cut in UNWANTED.finditer(text)]
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        entity["offset"] = start - sum(1 for cut in gone if cut < start)
        entity["length"] = end - sum(1 for cut in gone if cut < end) - entity["offset"]
    return UNWANTED.sub("", text), entities


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Strip white space from the end, and from the beginning up to the first entity."""
    kept = text.rstrip(BLANK)
    if not kept:
        return "", []
    end = units(kept)
    for entity in entities:
        entity["length"] = min(entity["length"], end - entity["offset"])
    first = min((entity["offset"] for entity in entities), default=end)
    lead = min(len(kept) - len(kept.lstrip(" \n")), first)
    for entity in entities:
        entity["offset"] -= lead
    return kept[lead:], entities


def _visible(text: str, entity: Entity) -> bool:
    raw = text.encode("utf-16-le")[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
    return bool(raw.decode("utf-16-le", "replace").strip(BLANK))


def _merge(entities: list[Entity]) -> list[Entity]:
    """Merge touching or overlapping styles of one kind, as Telegram does."""
    merged: list[Entity] = []
    last: dict[str, Entity] = {}
    for entity in sorted(entities, key=lambda one: one["offset"]):
        before = last.get(entity["type"])
        if before and entity["offset"] <= before["offset"] + before["length"]:
            end = max(before["offset"] + before["length"], entity["offset"] + entity["length"])
            before["length"] = end - before["offset"]
            continue
        merged.append(entity)
        if entity["type"] in MERGING:
            last[entity["type"]] = entity
    return merged


def _order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda one: (one["offset"], -one["length"], RANK.get(one["type"], len(RANK))))


def found(text: str, marked: list[Entity] | None = None) -> list[Entity]:
    """Detect links, mentions, commands and hashtags in a text, outside of `marked` code and links."""
    if not any(sign in text for sign in "/@#."):
        return []
    taken = [(one["offset"], one["offset"] + one["length"]) for one in marked or () if one["type"] in NO_FINDS_INSIDE]
    finds: list[Entity] = []
    for kind, pattern in FOUND:
        for hit in pattern.finditer(text):
            start = units(text[: hit.start()])
            end = start + units(hit[0])
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            finds.append({"offset": start, "length": end - start, "type": kind})
    return finds


def as_fields(name: str, text: str, entities: list[Entity]) -> dict[str, Any]:
    """Return the fields of a Message for its `text` or `caption`."""
    fields: dict[str, Any] = {name: text} if text else {}
    if entities:
        fields["entities" if name == "text" else "caption_entities"] = entities
    return fields

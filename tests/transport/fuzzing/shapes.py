"""Draws updates, valid and broken, from a description of the Bot API.

The description is aiogram's models of the newest Bot API. Updates are of every kind, with the required fields and some
optional ones. People and chats are mostly those of the cast, so that the updates have an effect.
"""

import copy
import enum
from collections.abc import Callable
from datetime import datetime
from functools import cache
from operator import itemgetter
from types import UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel
from typing_extensions import TypeAliasType

from chatbot.conversation.organizer.broadcasts.actions import ACTS
from chatbot.conversation.steps import BUTTONS, COMMANDS, STEPS, TEAM_COMMANDS
from tests.support.bot_api_models import Default, build, types
from tests.support.cast import HANA, MALLORY, SAM, YUNA

DEPTH: Final = 4
"""Levels of objects that get optional fields; deeper objects have only the required ones."""
BOT: Final = {"id": 1, "is_bot": True, "first_name": "Save", "username": "petition_bot"}
GROUPS: Final = (
    {"id": -100, "type": "group", "title": "Friends"},
    {"id": -1_000_000_000_200, "type": "supergroup", "title": "Friends", "is_forum": True},
    {"id": -1_000_000_000_300, "type": "channel", "title": "News"},
)
CAST: Final = (
    {"id": YUNA, "is_bot": False, "first_name": "유나", "language_code": "en"},
    {"id": HANA, "is_bot": False, "first_name": "하나", "last_name": "김", "language_code": "ko"},
    {"id": SAM, "is_bot": False, "first_name": "Sam <b>&", "language_code": "en-CA", "is_premium": True},
    {"id": MALLORY, "is_bot": False, "first_name": "\u202eMallory\0 {name} %s", "language_code": "../../etc"},
)
IDS: Final = ("0", "1", "2", "-1", "9" * 30, "1.5", "١", "", "1e9", "999999", " 1", "KR", "XX", "ko", "zz", "all")

WORDS: Final = st.sampled_from((
    *("Sam", "김하나", "Canada", "한국", "북한", "/", "//", "@", "0", " ", "\n\n", "because", "{name}", "%(name)s"),
    *("<b>bold</b> & “quoted”", "</b>", "&lt;", "\u202eabc\u200b", "מרי", "'; --", "=cmd|' /C calc'!A0"),
    *("a\0b", "\0", "\ud800", "\udfff\ud83d", "\uffff", "2026-12-24 18:00", "9999-12-31 23:59", "내일 오전 9시"),
    *("Read https://example.org", "Read tg://user?id=1", "javascript:alert(1)"),
)) | st.sampled_from(("x", "가", "🇰🇷", "\r\n", "Z͑ͫ̓ͪ̂", "&", "\0")).map(lambda piece: (piece * 4096)[:4096]) | st.text(
    st.characters(codec=None), max_size=40
)  # fmt: skip
NUMBERS: Final = st.sampled_from((0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30)) | st.integers()
ANY_JSON: Final = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
COMMAND_LINES: Final = st.builds(
    "/{}{}{}".format,
    st.sampled_from((*COMMANDS, *TEAM_COMMANDS, "frobnicate", "START", "start@petition_bot", "start@another_bot")),
    st.sampled_from(("", " ", "\n", "@")),
    st.sampled_from(("", "x", "friday-vigil", "2", "9" * 30, "<b>", "ㄱ" * 70)) | WORDS,
)
FORGED: Final = st.one_of(
    st.builds("{}:{}".format, st.sampled_from(tuple(BUTTONS)), st.sampled_from(IDS)),
    st.builds(
        "broadcast:{}:{}:{}".format, st.sampled_from((*ACTS, "list")), st.sampled_from(IDS), st.sampled_from(IDS)
    ),
    st.builds("broadcast:{}:1:{}:{}".format, st.sampled_from(tuple(ACTS)), st.sampled_from(IDS), st.sampled_from(IDS)),
    st.builds(
        "{}.{}.{}".format,
        st.sampled_from(tuple(STEPS)),
        st.sampled_from(("sign", "profile", "keep", "skip", "KR", "ZZ", "name", "")),
        st.sampled_from((*IDS, "00000000")),
    ),
    st.sampled_from(("", ":", ".", "broadcast", "broadcast:", "vote_up", '{"a": 1}', "menu|1|2", "가" * 21, "🙂" * 16)),
    WORDS,
)
"""Data of buttons of this bot, with other ids, and of other bots."""


def _private(person: dict[str, Any]) -> dict[str, Any]:
    return {"id": person["id"], "type": "private", "first_name": person["first_name"]}


PEOPLE: Final = st.sampled_from(CAST)
CHATS: Final = st.sampled_from(tuple(map(_private, CAST)) * 2 + GROUPS)


def _draw_object(draw: Callable[..., Any], model: type[BaseModel], depth: int) -> Any:
    """Draw an object with all required fields and some optional ones."""
    if model is types.User and draw(st.integers(0, 4)):
        return draw(PEOPLE | st.just(BOT))
    if model is types.Chat and draw(st.integers(0, 4)):
        return draw(CHATS)
    must, may = _fields(model)
    names = list(must)
    if depth > 0 and may:
        names += draw(st.lists(st.sampled_from(may), max_size=3, unique_by=itemgetter(0)))
    return {name: _draw_value(draw, annotation, depth - 1) for name, annotation in names}


def _draw_value(draw: Callable[..., Any], annotation: Any, depth: int) -> Any:
    """Draw a value of this type."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, str):  # rich text consists of rich text
        annotation = getattr(types, annotation)
    if isinstance(annotation, TypeAliasType):
        return _draw_value(draw, annotation.__value__, depth - 1)
    if origin is Literal:
        value = draw(st.sampled_from(parts))
        return value.value if isinstance(value, enum.Enum) else value
    if origin in (Union, UnionType):
        return _draw_value(
            draw, draw(st.sampled_from([part for part in parts if part not in (type(None), Default)])), depth
        )
    if origin is list:
        return [_draw_value(draw, parts[0], depth) for _ in range(draw(st.integers(0, 2)) if depth > -2 else 0)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _draw_object(draw, annotation, depth)
    if parts:  # Annotated
        return _draw_value(draw, parts[0], depth)
    return draw(_SIMPLE[annotation])


_SIMPLE: Final[dict[Any, st.SearchStrategy[Any]]] = {
    int: st.integers(0, 100) | NUMBERS,
    str: WORDS,
    bool: st.booleans(),
    float: st.floats(-180, 180),
    datetime: st.integers(0, 2**31 - 1),
    Any: ANY_JSON,
}


Fields = tuple[tuple[str, Any], ...]


@cache
def _fields(model: type[BaseModel]) -> tuple[Fields, Fields]:
    """Return the required and the optional fields of an object, with their types."""
    fields = [(field.alias or name, field) for name, field in build(model).model_fields.items()]
    must = tuple((name, field.annotation) for name, field in fields if field.is_required())
    return must, tuple((name, field.annotation) for name, field in fields if not field.is_required())


KINDS: Final = tuple(name for name, _ in _fields(types.Update)[1])
"""Every kind of update."""


@st.composite
def updates(draw: Callable[..., Any]) -> dict[str, Any]:
    """Draw an update, mostly of a kind that the bot uses, and mostly from a private chat."""
    likely = ("message", "message", "edited_message", "callback_query", "callback_query", "my_chat_member")
    kind = draw(st.sampled_from((*likely, *KINDS)))
    annotation = dict(_fields(types.Update)[1])[kind]
    content = _draw_value(draw, annotation, DEPTH)
    person = draw(PEOPLE)
    at_home = draw(st.integers(0, 5)) > 0
    match kind:
        case "message" | "edited_message":
            if at_home:
                content |= {"chat": _private(person), "from": person}
            # Few numbers, so that an edited message often was sent before, and topics have several messages.
            content["message_id"] = draw(st.integers(1, 3) | NUMBERS)
            if draw(st.booleans()):
                content |= {"message_thread_id": draw(st.integers(1, 3) | NUMBERS), "is_topic_message": True}
            if kind == "edited_message":
                content["edit_date"] = 2
            if draw(st.booleans()):
                content["text"] = draw(WORDS | COMMAND_LINES)
                content["entities"] = [
                    _draw_object(draw, types.MessageEntity, 1) for _ in range(draw(st.integers(0, 2)))
                ]
        case "callback_query":
            content |= {"from": person, "data": draw(FORGED)}
            model = types.Message if draw(st.booleans()) else types.InaccessibleMessage
            content["message"] = _draw_object(draw, model, 1) | {"chat": _private(person) if at_home else draw(CHATS)}
        case "my_chat_member" if at_home:
            content |= {"chat": _private(person), "from": person}
    return {"update_id": draw(st.integers(1, 2**31)), kind: content}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every part of some JSON, itself included, down to twelve levels."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if len(path) > 12:
        return [path]
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


def _nest(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = [value]
    return value


@st.composite
def broken_updates(draw: Callable[..., Any]) -> Any:
    """Draw an update in which fields are missing, of another type, nested, exchanged or added."""
    update = copy.deepcopy(draw(updates()))  # the people in it are shared
    for _ in range(draw(st.integers(1, 3))):
        ways = [place for place in places(update) if place]
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        holder = update
        for key in way:
            holder = holder[key]
        match draw(st.sampled_from(("gone", "other", "nested", "moved", "more"))):
            case "gone":
                del holder[last]
            case "other":
                holder[last] = draw(ANY_JSON)
            case "nested":
                # Even if this happens three times, the fake Telegram can write the update as JSON.
                holder[last] = _nest(holder[last], draw(st.sampled_from((1, 2, 300))))
            case "moved":
                holder[last] = copy.deepcopy(draw(st.sampled_from((CAST[0], GROUPS[0], [], {}, "", YUNA, True))))
            case "more" if isinstance(holder, dict):
                key = draw(st.sampled_from((*KINDS, "sender_chat", "text", "data", "photo", "is_bot")))
                holder[key] = draw(ANY_JSON)
    return update


ARRIVALS: Final = st.one_of(updates(), updates(), broken_updates(), ANY_JSON)
"""Anything that may arrive as an update."""

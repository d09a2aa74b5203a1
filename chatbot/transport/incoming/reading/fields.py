"""Fields of an update as JSON, with Telegram's limits (https://core.telegram.org/bots/api) checked again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from chatbot.conversation.interface import Person
from chatbot.petition.signing.answers import join_names
from chatbot.telegram_text import is_shown, is_visible

JsonObject = Mapping[str, Any]

TEXT: Final = 8_192  # twice as much as a message has
NAME: Final = 64
TITLE: Final = 128
"""Characters of the title of a group or channel."""
LANGUAGE_CODE: Final = 64
"""Characters of a language code that are read; real ones have up to 35."""
_ID_BOUND: Final = 2**63
_MESSAGE_BOUND: Final = 2**31
"""Telegram numbers messages, and therefore topics, with 32 bits."""


class BrokenUpdateError(Exception):
    """The update lacks what its kind must have."""


# Required fields.


def part(of: JsonObject, key: str) -> JsonObject:
    """Return an object that must be there."""
    found = of.get(key)
    if not isinstance(found, dict):
        raise BrokenUpdateError
    return found


def integer(of: JsonObject, key: str) -> int:
    """Return an id that must be there."""
    number = of.get(key)
    if type(number) is not int or not -_ID_BOUND <= number < _ID_BOUND:  # `type`: True is an int as well
        raise BrokenUpdateError
    return number


# Optional fields: of the wrong type, they count as missing.


def words(of: JsonObject, key: str, most: int = TEXT) -> str:
    """Return a text; empty if there is none."""
    found = of.get(key)
    # PostgreSQL cannot store NUL, and nobody types it.
    return found[:most].replace("\0", "") if isinstance(found, str) else ""


def read_title(of: JsonObject, key: str = "title") -> str:
    """Return the title of a chat in one line; empty if nothing of it can be seen."""
    title = "".join(filter(is_shown, " ".join(words(of, key, TITLE).split())))
    return title if is_visible(title) else ""


def small(of: JsonObject, key: str) -> int | None:
    """Return a number of 31 bits; None if there is none."""
    number = of.get(key)
    return number if type(number) is int and 0 < number < _MESSAGE_BOUND else None


def read_moment(of: JsonObject, key: str) -> datetime | None:
    """Return a moment; None if there is none."""
    seconds = small(of, key)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def meet(sender: JsonObject, person_id: int) -> Person:
    """Return the person as their profile shows them."""
    name = join_names(words(sender, "first_name", NAME), words(sender, "last_name", NAME))
    return Person(person_id, name, words(sender, "language_code", LANGUAGE_CODE) or None)

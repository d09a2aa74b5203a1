"""Checks of values of settings. Messages never repeat a value, which may be a secret."""

import codecs
import re
from typing import Final
from urllib.parse import unquote, unquote_plus, urlsplit

from chatbot.problem import InvalidValueError, Problem

_ID: Final = re.compile(r"[1-9][0-9]{0,15}")
_NOBODY: Final = {
    777000: Problem("Telegram itself"),
    136817688: Problem("@Channel_Bot, the sender of all who write as a channel"),
    1087968824: Problem("@GroupAnonymousBot, the sender of all anonymous admins"),
}
"""Ids of accounts that are no persons but appear as senders of messages in groups."""
_TOKEN_NAME: Final = re.compile(r"^(?:export\s+)?TELEGRAM_TOKEN\s*=\s*")
_QUOTATION_MARKS: Final = "\"'“”‘’"
"""What people copy together with a token: some files and programs keep it."""


def decode_token(content: bytes) -> str:
    """Decode a file as Windows may have written it: Notepad puts a mark before UTF-8, PowerShell writes UTF-16."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def is_proxy(url: str) -> bool:
    """Whether this is the address of a proxy that the bot can go through."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https", "socks5", "socks5h") and bool(parts.hostname) and bool(parts.port)
        # Clients of SOCKS know only ASCII.
        fits = fits and (not parts.scheme.startswith("socks") or unquote(parts.netloc).isascii())
    except ValueError:  # its message repeats the address, which may contain a password
        return False
    return fits and parts.path in ("", "/") and not (parts.query or parts.fragment or re.search(r"\s", url))


def list_passwords(url: str) -> list[str]:
    """List the passwords in the address of a database, as they are written and as they are meant."""
    try:
        parts = urlsplit(url)
        written = [parts.password or ""]
    except ValueError:  # nobody can connect by it
        return []
    for pair in parts.query.split("&"):
        name, _equals, value = pair.partition("=")
        if name in ("password", "sslpassword"):
            written += [value, unquote_plus(value)]
    return [form for form in dict.fromkeys((*written, *map(unquote, written))) if form]


def clean_token(text: str) -> str:
    """Return a token without what people copy together with it."""
    return _TOKEN_NAME.sub("", text.strip()).strip(_QUOTATION_MARKS)


def read_ids(text: str) -> tuple[int, ...]:
    """Read the ids of people, separated by commas. Raises `InvalidValueError`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    chat = next((part for part in parts if _ID.fullmatch(part.removeprefix("-")) and part.startswith("-")), None)
    if chat is not None:
        problem = Problem(
            "must be Telegram ids separated by commas; {id} is that of a group or channel, no person's", id=chat
        )
        raise InvalidValueError(problem)
    if not all(_ID.fullmatch(part) and int(part) < 2**52 for part in parts):
        raise InvalidValueError(Problem("must be Telegram ids separated by commas, like 12345678,87654321"))
    nobody = next((int(part) for part in parts if int(part) in _NOBODY), None)
    if nobody is not None:
        problem = Problem(
            "{id} is {nobody} and no person; name each organizer by their own Telegram id",
            id=nobody,
            nobody=_NOBODY[nobody],
        )
        raise InvalidValueError(problem)
    return tuple(dict.fromkeys(int(part) for part in parts))

"""The list of files that the bot wrote into the folder of the public page, which lies there beside them."""

import hashlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import orjson

LIST: Final = ".petition-page.json"
"""Hidden, since it is no part of the page. It has nothing that the page does not show."""
_LARGEST: Final = 20_000_000
"""Bytes: no file of the page is larger."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*\.(?:html|json|svg|png)")
"""Names of files of the page; others on the list would be somebody else's work."""

WrittenFiles = Mapping[str, tuple[str, ...]]
"""Names of files, with the fingerprint of what the bot wrote there; while it replaces it, also of what comes."""


def fingerprint(body: bytes) -> str:
    """Return what identifies the content of a file."""
    return hashlib.sha256(body).hexdigest()


def read_list(folder: Path) -> WrittenFiles:
    """Read the list; empty if there is none, or if it is not the bot's. Raises `OSError`."""
    body = read_plain(folder / LIST)
    try:
        found = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: tuple(marks)
        for name, marks in found.items()
        if _NAME.fullmatch(name) and isinstance(marks, list) and all(isinstance(mark, str) for mark in marks)
    }


def write_list(listed: WrittenFiles) -> bytes:
    """Return the list as the bytes of its file."""
    return orjson.dumps(listed, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_plain(place: Path, size: int | None = None) -> bytes | None:
    """Read a plain file, of this size if one is given. None if it is not there, or anything else, such as a link.

    Nothing else is opened: reading a pipe would wait for ever. Raises `OSError`.
    """
    try:
        found = place.lstat()
        if not stat.S_ISREG(found.st_mode) or found.st_size not in (range(_LARGEST) if size is None else (size,)):
            return None
        opened = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as file:
        return file.read()

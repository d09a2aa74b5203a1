"""Where files with people's names are written before they leave, and how every start cleans up after crashes."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from chatbot.jobs.private_files import Folder
from chatbot.storage import is_embedded

_ELSEWHERE: Final = "chatbot-"
"""Prefix of the folder's name if the database is not a file."""


def find_folder(database_url: str) -> Folder:
    """Return the folder: beside a SQLite file, which has the most private place with the most room."""
    if is_embedded(database_url):
        file = Path(database_url.partition(":///")[2])
        return Folder(file.with_name(f"{file.name}-files"))
    return Folder(_find_place() / f"{_ELSEWHERE}{hashlib.sha256(database_url.encode()).hexdigest()[:16]}")


async def tidy_up(database_url: str) -> None:
    """Remove the files that crashed processes left on this machine, for any database of a server.

    Every start calls it: the crashed process may never start again.
    """
    await find_folder(database_url).tidy()
    for other in _find_place().glob(f"{_ELSEWHERE}{'[0-9a-f]' * 16}"):
        await Folder(other).tidy()


def _find_place() -> Path:
    var = Path("/var/tmp")  # noqa: S108 - files are in a folder with mode 0700
    return Path(os.environ.get("TMPDIR") or (var if var.is_dir() else tempfile.gettempdir()))

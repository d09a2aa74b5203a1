"""Where files with names are made on their way out, and how every process clears what a crash left there."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from chatbot.jobs.private_files import Folder
from chatbot.storage import is_embedded

_ELSEWHERE: Final = "chatbot-"
"""What the name of such a folder begins with where the database is no file."""


def find_folder(database_url: str) -> Folder:
    """Where files are made: beside a database that is a file, because nothing is as private or has as much room."""
    if is_embedded(database_url):
        file = Path(database_url.partition(":///")[2])
        return Folder(file.with_name(f"{file.name}-files"))
    return Folder(_find_place() / f"{_ELSEWHERE}{hashlib.sha256(database_url.encode()).hexdigest()[:16]}")


async def tidy_up(database_url: str) -> None:
    """Remove the files that a crash of any process left on this machine, also at work on another database of a server.

    Called at every start: the process that left them may never be started again.
    """
    await find_folder(database_url).tidy()
    for other in _find_place().glob(f"{_ELSEWHERE}{'[0-9a-f]' * 16}"):
        await Folder(other).tidy()


def _find_place() -> Path:
    var = Path("/var/tmp")  # noqa: S108 - in there, everything is in a folder with mode 0700
    return Path(os.environ.get("TMPDIR") or (var if var.is_dir() else tempfile.gettempdir()))

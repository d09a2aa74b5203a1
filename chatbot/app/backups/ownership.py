"""Tells which backups in a folder belong to which database: copies of a petition may share the folder."""

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chatbot.storage import DatabaseOrigin, find_file, is_embedded

NAME: Final = re.compile(
    r"(?P<stem>.+)-(?P<at>\d{4}-\d\d-\d\dT\d{6}Z)-schema(?P<schema>\d+)-"
    r"(?P<petition>[0-9a-f]{6})(?P<place>[0-9a-f]{6})?\.(db|dump)"
)
"""The name of a backup. Earlier versions did not put the place of the database into it."""
_SQLITE: Final = b"SQLite format 3\0"
_NOTE: Final = ".database-"
"""Prefix of the notes in the folder: each names the file of one database with backups there, and the folder."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Which backups in `folder` are those of the database at `url`."""

    url: str
    folder: Path

    @property
    def stem(self) -> str:
        """The beginning of the names of its backups."""
        if is_embedded(self.url):
            return find_file(self.url).stem
        return re.sub(r"[^\w.-]", "_", urlsplit(self.url).path.strip("/")) or "petition"

    def mark(self, origin: DatabaseOrigin) -> str:
        """Return the end of the names of its backups: which petition, and the database at which place."""
        return _shorten(origin.begun_at) + self._place

    def note(self) -> None:
        """Note in the folder where this database is, for another one to see whether it is still there."""
        if is_embedded(self.url):
            place = self.folder / f"{_NOTE}{self._place}"
            place.write_text(f"{self._file}\n{os.path.realpath(self.folder)}\n", "utf-8", "surrogateescape")

    def owns(self, name: re.Match[str], origin: DatabaseOrigin) -> bool:
        """Whether the bot gave this name to a backup of this database, maybe before its file was moved or renamed.

        Words that a person put before a name (`keep-chatbot`) make it theirs.
        """
        if name["petition"] != _shorten(origin.begun_at):
            return False
        if name["place"] == self._place:
            return name["stem"] in (self.stem, self._file.stem)
        if not is_embedded(self.url):
            return name["place"] is None and name["stem"] == self.stem
        return self._owned_before(name["stem"]) if name["place"] is None else self._is_left(name["place"], name["stem"])

    @property
    def _file(self) -> Path:
        """The file itself, whatever link names it."""
        return Path(os.path.realpath(find_file(self.url)))

    @property
    def _place(self) -> str:
        if is_embedded(self.url):
            return _shorten(os.fspath(self._file))
        parts = urlsplit(self.url)
        chosen = sorted(each for each in parts.query.split("&") if each.startswith(("host=", "port=", "dbname=")))
        return _shorten("|".join((parts.netloc.rpartition("@")[2].lower(), parts.path, *chosen)))

    def _is_left(self, place: str, stem: str) -> bool:
        """Whether the database at another place is gone, so that this one is the same under a new name.

        Where the folder of a database was copied as a whole, its backups belong to the copy.
        """
        try:
            noted = (self.folder / f"{_NOTE}{place}").read_text("utf-8", "surrogateescape")
            file, folder = map(Path, noted.splitlines())
        except (OSError, ValueError):
            return False
        here = Path(os.path.realpath(self.folder))
        is_copied = folder != here and here.parent == self._file.parent
        return file.stem == stem and (is_copied or not _is_database(file))

    def _owned_before(self, stem: str) -> bool:
        """Whether a name without a place is one of this database. A copy of the file beside it has its own."""
        if stem == self.stem:
            return True
        if stem.endswith(self.stem) and not stem.removesuffix(self.stem)[-1].isalnum():
            return False
        with suppress(OSError):
            return not any(file.stem == stem and _is_database(file) for file in self._file.parent.iterdir())
        return False


def _shorten(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:6]


def _is_database(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE)) == _SQLITE
    except OSError:  # it may be one
        return True

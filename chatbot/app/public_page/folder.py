"""Writes the files of the public page into a folder, each complete or not at all."""

import stat
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_READABLE: Final = 0o644
"""The files are for everybody, and so for the user of a web server."""
_OPEN: Final = 0o755
_PART: Final = ".part"
_LEFT_OVER: Final = 3_600.0
"""Seconds after which an unfinished file is that of a process which was killed."""


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files that have changed, and make the folder if needed. Others in it stay. Raises `OSError`."""
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(exist_ok=True)
            each.chmod(_OPEN)
    changed = {name: body for name, body in files.items() if not _holds(folder / name, body)}
    for name, body in changed.items():
        _replace(folder / name, body)
    for part in folder.glob(f".*{_PART}") if changed else ():
        with suppress(FileNotFoundError):  # another process writes here as well
            if part.lstat().st_mtime < time.time() - _LEFT_OVER:
                part.unlink()


def _holds(place: Path, body: bytes) -> bool:
    """Whether this is a file with these bytes. Anything else, such as a pipe or a link, is replaced and never read."""
    try:
        found = place.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size == len(body) and place.read_bytes() == body
    except FileNotFoundError:
        return False


def _replace(place: Path, body: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", suffix=_PART, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(body)
            file.flush()
            part.chmod(_READABLE)
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

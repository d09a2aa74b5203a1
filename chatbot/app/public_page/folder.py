"""Writes the files of the public page into a folder, each complete or not at all, and removes those of lost languages.

Other files may be there too. A list beside the page says which files the bot wrote, and what was in them: a file that
is not on the list is never replaced, and one that is not as it was written is never removed.
"""

import os
import tempfile
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from chatbot.app.public_page.written_files import LIST, WrittenFiles, fingerprint, read_list, read_plain, write_list
from chatbot.problem import Problem, ProblemError

_READABLE: Final = 0o644
"""The files are for everybody, and so for the user of a web server."""
_OPEN: Final = 0o755
_PART: Final = ".part"
_LEFT_OVER: Final = 3_600.0
"""Seconds after which an unfinished file is that of a process which was killed."""


class OccupiedError(ProblemError):
    """A file of somebody else has a name of the page."""


def write_files(folder: Path, files: Mapping[str, bytes], names: Collection[str] = ()) -> None:
    """Write the files that have changed, and make the folder if needed. The page may have files of other `names`, too.

    Removes what was written earlier under any other name. Raises `OSError` and `OccupiedError`.
    """
    for each in reversed((folder, *folder.parents)):
        if not each.exists():
            each.mkdir(exist_ok=True)
            each.chmod(_OPEN)
    written = read_list(folder)
    changed = {name: body for name, body in files.items() if read_plain(folder / name, len(body)) != body}
    own = {name.casefold() for name in written}
    for name in changed:
        if name.casefold() not in own and os.path.lexists(folder / name):
            raise OccupiedError(
                Problem(
                    "{file}: is there already, and the bot did not write it; move it away, or choose another folder",
                    file=folder / name,
                )
            )
    # It is on the list before it is there: after a kill, nothing of the bot's is taken for somebody else's.
    noted = {**written} | {name: _note(folder, name, body, written, changed) for name, body in files.items()}
    _keep_list(folder, noted, written)
    for name, body in changed.items():
        _replace(folder / name, body)
    _keep_list(folder, _remove_lost(folder, noted, {*files, *names}), noted)
    if changed:
        _remove_unfinished(folder, {*names, *noted, LIST})


def _note(folder: Path, name: str, body: bytes, written: WrittenFiles, changed: Collection[str]) -> tuple[str, ...]:
    """Return the fingerprints of a file: what is there now, if the bot wrote it, and what comes."""
    known, mark = written.get(name, ()), fingerprint(body)
    if name not in changed:
        return known if mark in known else (mark,)
    found = read_plain(folder / name)
    return (*(each for each in known if found is not None and each == fingerprint(found)), mark)


def _keep_list(folder: Path, listed: WrittenFiles, before: WrittenFiles) -> None:
    if listed != before:
        _replace(folder / LIST, write_list(listed))


def _remove_lost(folder: Path, listed: WrittenFiles, names: Collection[str]) -> WrittenFiles:
    """Remove files whose names the page no longer has, unless somebody changed them; return the rest of the list."""
    # Where capital letters make no difference, zh-hant.html is the file of zh-Hant.html.
    kept = {name.casefold() for name in names}
    for name in [each for each in listed if each.casefold() not in kept]:
        found = read_plain(folder / name)
        if found is not None and fingerprint(found) in listed[name]:
            (folder / name).unlink(missing_ok=True)
    return {name: marks for name, marks in listed.items() if name.casefold() in kept}


def _remove_unfinished(folder: Path, names: Collection[str]) -> None:
    """Remove what a killed process left of files with these names."""
    for part in folder.glob(f".*{_PART}"):
        whole, _, _random = part.name[1:].removesuffix(_PART).rpartition(".")
        if whole in names:
            with suppress(FileNotFoundError):  # another process writes here as well
                if part.lstat().st_mtime < time.time() - _LEFT_OVER:
                    part.unlink()


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

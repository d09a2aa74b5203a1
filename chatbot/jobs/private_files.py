"""Private directories for files with people's names: no other user can read them, and they do not survive a crash.

The process that makes a directory locks it. The lock ends with the process, so `tidy` recognizes directories left by a
crash and removes them. Every process of the bot calls `tidy` at its start.
"""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import fcntl

_NOTE: Final = ".beside"
"""Suffix of a note: a file that says where a directory was made beside another file."""
_OLD: Final = 86_400.0
"""Seconds after which a directory counts as left over on systems without such locks."""


class Folder:
    """A directory for private files, shared by all processes of one database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def tidy(self) -> None:
        """Remove what crashed processes left in it, and beside other files."""
        await asyncio.to_thread(self._tidy)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Path]:
        """Make a new directory with mode 0700 in it and delete it with its content when the block ends."""
        made, held = await asyncio.to_thread(self._make)
        try:
            yield made
        finally:
            # Not in a thread: a cancelled task deletes it too.
            shutil.rmtree(made, ignore_errors=True)
            _release(held)
            self._leave()

    @asynccontextmanager
    async def open_beside(self, file: Path) -> AsyncIterator[Path]:
        """Make such a directory beside `file`, on the same disk, so that a finished file only needs to be renamed.

        A note in this folder tells `tidy` where it is. Raises `FileExistsError` while another process makes `file`.
        """
        part = file.absolute().with_name(f".{file.name}.part")  # noqa: ASYNC240 - does not access the disk
        note, held = await asyncio.to_thread(self._make_beside, part)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
            note.unlink(missing_ok=True)
            _release(held)
            self._leave()

    def _make(self) -> tuple[Path, int | None]:
        with self._alone():
            made = Path(tempfile.mkdtemp(dir=self.path))
            return made, _lock(made)

    def _make_beside(self, part: Path) -> tuple[Path, int | None]:
        with self._alone():
            if part.is_dir() and not part.is_symlink() and _is_left_over(part):
                shutil.rmtree(part)
            note = self.path / f"{secrets.token_hex(8)}{_NOTE}"
            descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(os.fsencode(part))
            try:
                part.mkdir(mode=0o700)
            except OSError:
                note.unlink()
                raise
            return note, _lock(part)

    def _tidy(self) -> None:
        with suppress(OSError):  # a folder that this user may not enter
            self._remove_leftovers()

    def _remove_leftovers(self) -> None:
        if not self.path.is_dir():
            return
        with suppress(OSError), self._alone():
            for each in self.path.iterdir():
                if each.is_dir() and not each.is_symlink():
                    if _is_left_over(each):
                        shutil.rmtree(each, ignore_errors=True)
                elif each.suffix == _NOTE:
                    _follow(each)
                else:
                    each.unlink()
        self._leave()

    def _leave(self) -> None:
        with suppress(OSError):  # another process has files in it
            self.path.rmdir()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Make and lock the folder itself, so that `tidy` removes nothing between its creation and its lock."""
        held = self._lock_folder()
        try:
            yield
        finally:
            _release(held)

    def _lock_folder(self) -> int | None:
        while True:
            with suppress(FileNotFoundError):  # `tidy` removes the folder when it is empty
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.path.chmod(0o700)  # fails if another user made it first
                held = _lock(self.path)
                if held is None or _is_at(held, self.path):
                    return held
                _release(held)


def put_in_place(part: Path, place: Path) -> None:
    """Rename a finished file to its place, so that it is complete or absent there. Raises `FileExistsError`."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    if os.path.lexists(place):  # a link that leads nowhere is a name too
        raise FileExistsError(place)
    part.rename(place)


def _follow(note: Path) -> None:
    """Remove the directory that a note names, unless a process is using it, and then the note."""
    part = Path(os.fsdecode(note.read_bytes()))
    is_ours = part.is_absolute() and part.name.startswith(".") and part.suffix == ".part"
    if is_ours and part.is_dir() and not part.is_symlink():
        if not _is_left_over(part):
            return
        shutil.rmtree(part, ignore_errors=True)
    note.unlink()


if sys.platform == "win32":

    def _lock(path: Path) -> int | None:
        return None

    def _is_left_over(path: Path) -> bool:
        return time.time() - path.stat().st_mtime > _OLD

else:

    def _lock(path: Path) -> int | None:
        """Lock a directory until `_release` or the end of the process."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor

    def _is_left_over(path: Path) -> bool:
        """Whether the process that made this directory has ended."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return time.time() - os.fstat(descriptor).st_mtime > _OLD
        else:
            return True
        finally:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


def _release(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)

"""Private directories for files that hold names: nobody else can look in, and nothing stays, not even after a crash.

Whoever makes such a directory locks it. A lock ends with its process, however that ends, so `tidy` knows what a crash
left behind and removes it. Every process of the bot tidies when it starts.
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
"""What the name of a note ends in: its text says where a directory was made beside another file."""
_OLD: Final = 86_400.0
"""Seconds after which a directory is left over, where the system knows no such locks."""


class Folder:
    """A directory for nothing but this, shared by all processes that work on one database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def tidy(self) -> None:
        """Remove what a crash left there, and what it left beside other files."""
        await asyncio.to_thread(self._tidy)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Path]:
        """A new directory with mode 0700 in it, gone with all that is in it when the block ends."""
        made, held = await asyncio.to_thread(self._make)
        try:
            yield made
        finally:
            # Not in a thread: also when this is cut off, it is gone.
            shutil.rmtree(made, ignore_errors=True)
            _let_go(held)
            self._leave()

    @asynccontextmanager
    async def open_beside(self, file: Path) -> AsyncIterator[Path]:
        """The same beside `file`, which is to be made in it: on the same disk, so that it need only be renamed.

        A note in this folder says where, for `tidy`. Raises `FileExistsError` while somebody else makes the same file.
        """
        part = file.absolute().with_name(f".{file.name}.part")  # noqa: ASYNC240 - asks no disk
        note, held = await asyncio.to_thread(self._make_beside, part)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
            note.unlink(missing_ok=True)
            _let_go(held)
            self._leave()

    def _make(self) -> tuple[Path, int | None]:
        with self._alone():
            made = Path(tempfile.mkdtemp(dir=self.path))
            return made, _hold(made)

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
            return note, _hold(part)

    def _tidy(self) -> None:
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
        with suppress(OSError):  # somebody else has something in it
            self.path.rmdir()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Make and lock the folder itself for a moment, so that nothing is tidied between being made and locked."""
        held = self._enter()
        try:
            yield
        finally:
            _let_go(held)

    def _enter(self) -> int | None:
        while True:
            with suppress(FileNotFoundError):  # whoever tidies removes it when it is empty
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                self.path.chmod(0o700)  # refused where somebody else made it before us
                held = _hold(self.path)
                if held is None or _is_at(held, self.path):
                    return held
                _let_go(held)


def put_in_place(part: Path, place: Path) -> None:
    """Give a finished file its name, under which it is whole or not there. Raises `FileExistsError`."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    if place.exists():
        raise FileExistsError(place)
    part.rename(place)


def _follow(note: Path) -> None:
    """Remove the directory that a note tells of, unless somebody is at work in it, and then the note."""
    part = Path(os.fsdecode(note.read_bytes()))
    is_ours = part.is_absolute() and part.name.startswith(".") and part.suffix == ".part"
    if is_ours and part.is_dir() and not part.is_symlink():
        if not _is_left_over(part):
            return
        shutil.rmtree(part, ignore_errors=True)
    note.unlink()


if sys.platform == "win32":

    def _hold(path: Path) -> int | None:
        return None

    def _is_left_over(path: Path) -> bool:
        return time.time() - path.stat().st_mtime > _OLD

else:

    def _hold(path: Path) -> int | None:
        """Lock a directory until the process ends, or `_let_go`."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor

    def _is_left_over(path: Path) -> bool:
        """Whether the process that made this directory is gone."""
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


def _let_go(descriptor: int | None) -> None:
    if descriptor is not None:
        os.close(descriptor)

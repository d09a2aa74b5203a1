"""What to do about a SQLite file that cannot be opened, by the cause."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

from chatbot.storage.engine.sqlite_transaction import translated

_RIGHTS: Final = "start it as the user who owns it (sudo -u …), or name a file that this user may write"
_BY_CODE: Final = {
    sqlite3.SQLITE_BUSY: "wait until that process is done, or stop it",
    sqlite3.SQLITE_LOCKED: "wait until that process is done, or stop it",
    sqlite3.SQLITE_PROTOCOL: "name a file on a disk of this machine",
    sqlite3.SQLITE_IOERR: "look after its disk, or name a file on another one",
    sqlite3.SQLITE_FULL: "make room",
    sqlite3.SQLITE_CORRUPT: "`python -m chatbot restore` brings a backup back",
    sqlite3.SQLITE_NOTADB: "name another file, or bring a backup back: `python -m chatbot restore`",
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
}


def explain(path: str, error: sqlite3.Error | OSError) -> str:
    """Say in one line what is wrong, and what to do about it."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return f"{path}: {translated(error)}; {_BY_CODE.get(code, _RIGHTS)}"
    folder = Path(path).absolute().parent
    if error.errno == errno.ENOENT:
        return f"{path}: the database cannot be opened: there is no folder {folder}; make it, or name another"
    if error.errno == errno.EACCES and not os.access(folder, os.X_OK):
        return f"{path}: the database cannot be opened: this user may not enter {folder}; {_RIGHTS}"
    advice = {errno.ENOSPC: "make room", errno.EDQUOT: "make room", errno.EISDIR: "name a file"}
    return f"{path}: the database cannot be opened ({error.strerror}); {advice.get(error.errno or 0, _RIGHTS)}"

"""What to do about a SQLite file that cannot be opened, by the cause."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

from chatbot.problem import Problem, describe_cause
from chatbot.storage.engine.sqlite_transaction import describe

_RIGHTS: Final = Problem("start it as the user who owns it (sudo -u …), or name a file that this user may write")
_ROOM: Final = Problem("make room")
_BY_CODE: Final = {
    sqlite3.SQLITE_BUSY: Problem("wait until that process is done, or stop it"),
    sqlite3.SQLITE_LOCKED: Problem("wait until that process is done, or stop it"),
    sqlite3.SQLITE_PROTOCOL: Problem("name a file on a disk of this machine"),
    sqlite3.SQLITE_IOERR: Problem("look after its disk, or name a file on another one"),
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_CORRUPT: Problem("`python -m chatbot restore` brings a backup back"),
    sqlite3.SQLITE_NOTADB: Problem("name another file, or bring a backup back: `python -m chatbot restore`"),
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
}


def explain(path: str, error: sqlite3.Error | OSError) -> Problem:
    """Say in one line what is wrong, and what to do about it."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return _place(path, Problem("{problem}; {advice}", problem=describe(error), advice=_BY_CODE.get(code, _RIGHTS)))
    folder = Path(os.path.realpath(path)).parent
    if error.errno == errno.ENOENT:
        problem = Problem("the database cannot be opened: there is no folder {folder}; make it, or name another")
        return _place(path, problem.fill(folder=folder))
    if error.errno == errno.EACCES and not os.access(folder, os.X_OK):
        problem = Problem("the database cannot be opened: this user may not enter {folder}; {advice}")
        return _place(path, problem.fill(folder=folder, advice=_RIGHTS))
    advice = {errno.ENOSPC: _ROOM, errno.EDQUOT: _ROOM, errno.EISDIR: Problem("name a file")}
    problem = Problem("the database cannot be opened ({reason}); {advice}")
    return _place(path, problem.fill(reason=describe_cause(error), advice=advice.get(error.errno or 0, _RIGHTS)))


def _place(path: str, problem: Problem) -> Problem:
    return Problem("{file}: {problem}", file=path, problem=problem)

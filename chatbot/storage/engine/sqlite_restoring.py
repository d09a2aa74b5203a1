"""Detects a restored database that has the write-ahead log of the replaced one beside it.

SQLite would apply the old log to the new file, and mix pages of two databases. A backup says in its header that it was
closed without a log (https://www.sqlite.org/fileformat2.html, 1.3.3), so a log beside such a file belongs to another.
"""

from pathlib import Path
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.engine.database import IncompleteDatabaseError

_VERSIONS: Final = slice(18, 20)
"""The file format versions in the header: for writing, for reading."""
_WITHOUT_LOG: Final = b"\1\1"
_checked: set[tuple[int, int]] = set()


def refuse_foreign_log(file: Path) -> None:
    """Raise `IncompleteDatabaseError` if the log beside `file` belongs to another database."""
    status = file.stat()
    identity = status.st_dev, status.st_ino
    if identity in _checked:
        # This process may have it open: closing the file here would drop its locks
        # (https://www.sqlite.org/howtocorrupt.html, 2.2).
        return
    _checked.add(identity)
    log = file.with_name(f"{file.name}-wal")
    if not log.is_file() or not log.stat().st_size:
        return
    with file.open("rb") as opened:
        header = opened.read(20)
    if header[_VERSIONS] == _WITHOUT_LOG:
        _checked.discard(identity)  # it is not opened, and the next try must not find it checked
        problem = Problem(
            "{file} was put in the place of another database, of which {log} is left: remove {log} and {file}-shm, "
            "then start",
            file=file.name,
            log=log.name,
        )
        raise IncompleteDatabaseError(problem)

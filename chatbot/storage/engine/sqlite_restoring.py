"""A database that was put in the place of another one, whose write-ahead log still lies beside it.

SQLite would read the old log into the new file: pages of two databases in one. A backup says in its header that it was
closed without a log (https://www.sqlite.org/fileformat2.html, 1.3.3), and a log beside such a file is another's.
"""

from pathlib import Path
from typing import Final

from chatbot.storage.engine.database import IncompleteDatabaseError

_VERSIONS: Final = slice(18, 20)
"""Where the header says how the file may be written and read."""
_WITHOUT_LOG: Final = b"\1\1"
_looked_at: set[tuple[int, int]] = set()


def refuse_foreign_log(file: Path) -> None:
    """Raise `IncompleteDatabaseError` where the log beside `file` is that of another database."""
    log = file.with_name(f"{file.name}-wal")
    if not log.is_file() or not log.stat().st_size:
        return
    status = file.stat()
    identity = status.st_dev, status.st_ino
    if identity in _looked_at:
        # Opened by this process before: closing the file here would drop its locks
        # (https://www.sqlite.org/howtocorrupt.html, 2.2).
        return
    _looked_at.add(identity)
    with file.open("rb") as opened:
        header = opened.read(20)
    if header[_VERSIONS] == _WITHOUT_LOG:
        raise IncompleteDatabaseError(
            f"{file.name} was put in the place of another database, of which {log.name} is left: remove {log.name} and "
            f"{file.name}-shm, then start"
        )

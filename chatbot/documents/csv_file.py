"""CSV files (RFC 4180) that Excel opens correctly: UTF-8 with a byte order mark, CRLF, quoted texts."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from chatbot.documents.formula_safety import escape_formula
from chatbot.documents.table import LARGEST, LONGEST, TableRow

_BYTE_ORDER_MARK = "\ufeff"


class CsvPart:
    """One CSV file. Texts that look like formulas are escaped."""

    def __init__(self, path: Path, columns: Sequence[str], *, bounded: bool) -> None:
        self.path = path
        self._bounded = bounded
        self._file = path.open("wb")
        self._rows = 0
        self._size = 0
        self._put(_BYTE_ORDER_MARK.encode())
        self._put(_encode([columns]))

    def take(self, rows: Sequence[TableRow]) -> bool:
        """Add rows unless the file would exceed Telegram's limit or a sheet of Excel."""
        content = _encode(rows)
        full = self._rows + len(rows) > LONGEST or self._size + len(content) > LARGEST
        if self._bounded and self._rows and full:
            return False
        self._put(content)
        self._rows += len(rows)
        return True

    def close(self) -> None:
        """Finish the file: no row can be added afterwards."""
        self._file.close()

    def _put(self, content: bytes) -> None:
        self._file.write(content)
        self._size += len(content)


def _encode(rows: Sequence[TableRow]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode()

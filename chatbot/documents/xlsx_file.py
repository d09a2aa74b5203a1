"""Excel workbooks, written row by row; every text stays a text."""

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from chatbot.documents.table import LARGEST, LONGEST, TableRow

_ENVELOPE = 6
"""Compressed size of a cell without its content, in bytes."""
_WIDTHS = {"number": 12, "name": 28, "country_name": 22, "reason": 60, "signed_at": 28, "signed_local": 20}
_BATCH = 8_000_000
"""Bytes reserved for the last batch."""
_LONGEST_TEXT = 32_767


class XlsxPart:
    """One workbook with one sheet. Rows go to a temporary file at once; `close` assembles the workbook."""

    def __init__(self, path: Path, columns: Sequence[str], *, bounded: bool, is_right_to_left: bool = False) -> None:
        self.path = path
        self._bounded = bounded
        self._book = Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(path.parent),  # as private as the file itself
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._sheet: Any = self._book.add_worksheet()
        if is_right_to_left:
            self._sheet.right_to_left()
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, _WIDTHS.get(column, 14))
        self._rows = 0
        self._weight = 0
        # The size of the file is known only after `close`. A weaker compression of the same cells is an upper bound.
        self._scale = zlib.compressobj(1)
        bold = self._book.add_format({"bold": True})
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column, bold)

    def take(self, rows: Sequence[TableRow]) -> bool:
        """Add rows unless the sheet is full or the file would exceed Telegram's limit."""
        if self._rows and (self._rows + len(rows) > LONGEST or (self._bounded and self._weight > LARGEST - _BATCH)):
            return False
        for row in rows:
            self._rows += 1
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    self._sheet.write_string(self._rows, place, cell[:_LONGEST_TEXT])
                else:
                    self._sheet.write_number(self._rows, place, cell)
        if self._bounded:
            self._weight += self._weigh(rows)
        return True

    def close(self) -> None:
        """Write the workbook and close it."""
        self._book.close()

    def _weigh(self, rows: Sequence[TableRow]) -> int:
        text = "\n".join("\t".join(map(str, row)) for row in rows).encode()
        return len(self._scale.compress(text)) + _ENVELOPE * sum(map(len, rows))

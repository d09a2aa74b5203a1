"""A table that is written row by row into as many files as it takes, none larger than Telegram takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

Cell = str | int
TableRow = Sequence[Cell]

LARGEST: Final = 48_000_000
"""Bytes of a file: Telegram takes 50 MB."""
LONGEST: Final = 1_000_000
"""Rows of a file; a sheet of Excel has 1,048,576."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: its files in order, and how many rows are in them."""

    files: tuple[Path, ...]
    rows: int


class Part(Protocol):
    """One file of a table, open to be written; its first row says what the columns are."""

    path: Path

    def take(self, rows: Sequence[TableRow]) -> bool:
        """Add rows; False, and nothing is added, where the file would be too large to be sent. The first always fit."""

    def close(self) -> None:
        """Finish the file."""


class Opens(Protocol):
    """Begins a part at a path, with these columns; `bounded` keeps it small enough to be sent."""

    def __call__(self, path: Path, columns: Sequence[str], *, bounded: bool) -> Part:
        """See above."""


class Table:
    """Writes batches of rows, beginning another part whenever one is full."""

    def __init__(self, folder: Path, suffix: str, open_part: Opens, columns: Sequence[str], *, bounded: bool) -> None:
        self._folder = folder
        self._suffix = suffix
        self._open_part = open_part
        self._columns = columns
        self._bounded = bounded
        self._parts: list[Part] = []
        self._rows = 0
        self._begin()

    def write(self, rows: Iterable[TableRow]) -> None:
        """Add a batch of rows; it stays together."""
        batch = list(rows)
        if not batch:
            return
        if not self._parts[-1].take(batch):
            self._parts[-1].close()
            self._begin()
            self._parts[-1].take(batch)
        self._rows += len(batch)

    def close(self) -> Made:
        """Finish; gives what was made."""
        self._parts[-1].close()
        return Made(tuple(part.path for part in self._parts), self._rows)

    def _begin(self) -> None:
        path = self._folder / f"part-{len(self._parts) + 1}.{self._suffix}"
        self._parts.append(self._open_part(path, self._columns, bounded=self._bounded))


def name_parts(name: str, suffix: str, count: int) -> list[str]:
    """What the files of a document are called: name.csv, or name-1-of-3.csv and so on."""
    if count == 1:
        return [f"{name}.{suffix}"]
    return [f"{name}-{nth}-of-{count}.{suffix}" for nth in range(1, count + 1)]

"""Tables written row by row into as many files as needed, each small enough for Telegram."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

Cell = str | int
TableRow = Sequence[Cell]

LARGEST: Final = 48_000_000
"""Maximum size of a file in bytes: Telegram accepts 50 MB."""
LONGEST: Final = 1_000_000
"""Maximum rows of a file; a sheet of Excel has 1,048,576."""


@dataclass(frozen=True, slots=True)
class Made:
    """The finished files in order, and the number of rows in them."""

    files: tuple[Path, ...]
    rows: int
    """In the petition document: all signatures that it stands for."""
    named: int = 0
    """How many of the people in it agreed to be named; in the petition document, how many names it lists."""


class Part(Protocol):
    """One file of a table, open for writing; its first row has the names of the columns."""

    path: Path

    def take(self, rows: Sequence[TableRow]) -> bool:
        """Add rows. False, without adding any, if the file would be too large; the first rows always fit."""

    def close(self) -> None:
        """Complete the file."""


class Opens(Protocol):
    """Opens a part at a path; `bounded` limits it to the size Telegram accepts."""

    def __call__(self, path: Path, columns: Sequence[str], *, bounded: bool) -> Part:
        """Open the part and write its header."""


class Table:
    """Writes batches of rows and starts a new part when one is full."""

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
        """Add a batch of rows to one part."""
        batch = list(rows)
        if not batch:
            return
        if not self._parts[-1].take(batch):
            self._parts[-1].close()
            self._begin()
            self._parts[-1].take(batch)
        self._rows += len(batch)

    def close(self) -> Made:
        """Complete the last part and return all files."""
        self._parts[-1].close()
        return Made(tuple(part.path for part in self._parts), self._rows)

    def _begin(self) -> None:
        path = self._folder / f"part-{len(self._parts) + 1}.{self._suffix}"
        self._parts.append(self._open_part(path, self._columns, bounded=self._bounded))


def name_parts(name: str, suffix: str, count: int) -> list[str]:
    """Name the files of an export: name.csv, or name-1-of-3.csv and so on."""
    if count == 1:
        return [f"{name}.{suffix}"]
    return [f"{name}-{nth}-of-{count}.{suffix}" for nth in range(1, count + 1)]

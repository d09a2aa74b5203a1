"""Finds what is left of a person in the bytes of files."""

from collections.abc import Iterable
from pathlib import Path


def find_traces(folder: Path, traces: Iterable[bytes]) -> list[str]:
    """Return which of the traces occur in which files below `folder`."""
    wanted = list(traces)
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found += [f"{file.relative_to(folder)}: {trace!r}" for trace in wanted if trace in content]
    return found

"""What is left of somebody in the bytes of files."""

from collections.abc import Iterable
from pathlib import Path


def find_traces(folder: Path, traces: Iterable[bytes]) -> list[str]:
    """Which of the traces stand in the bytes of which files below `folder`."""
    wanted = list(traces)
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found += [f"{file.relative_to(folder)}: {trace!r}" for trace in wanted if trace in content]
    return found

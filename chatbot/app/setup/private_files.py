"""Writes files that only their user can read: complete or not at all, and never readable by others for a moment."""

import glob
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_LEFT_OVER: Final = 3600.0
"""Seconds after which an unfinished file is one of a killed process."""


def write_private(path: Path, content: str | bytes) -> None:
    """Replace the file at `path`, with mode 0600. Raises `OSError`; then it is as it was."""
    path = path.resolve()
    _remove_left_over(path)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _remove_left_over(path: Path) -> None:
    """Remove what killed processes wrote before they could rename it: it may hold a token that was replaced since."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 8}"):
        with suppress(OSError):
            if time.time() - part.lstat().st_mtime > _LEFT_OVER:
                part.unlink()

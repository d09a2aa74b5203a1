"""How tests and pictures start Chromium."""

import os
import shutil
from pathlib import Path
from typing import Final

ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE: Final = 20_000
"""Milliseconds that a test waits for a page: far more than a busy machine needs."""


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome: $CHROMIUM, or the first on the PATH; None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path and Path(path).exists()), None)

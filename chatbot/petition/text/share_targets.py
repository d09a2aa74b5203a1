"""Places that people share a petition to."""

from typing import Final, Literal

ShareTarget = Literal["telegram", "copy", "whatsapp", "line", "x", "facebook"]
"""A place to share to; `copy` puts text and link into the clipboard, for every other app."""
DEFAULT_TARGETS: Final[tuple[ShareTarget, ...]] = ("telegram", "whatsapp", "x", "facebook", "copy")

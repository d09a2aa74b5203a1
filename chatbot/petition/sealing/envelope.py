"""Written form of sealed texts. `chatbot.petition.sealing.keys` seals and opens them."""

import re
from collections.abc import Mapping
from typing import Final

_BEGIN: Final = "sealed:1:"
_BOX: Final = r"[0-9a-f]{8}\.[A-Za-z0-9_-]{100,}"
_SEALED: Final = re.compile(rf"{_BEGIN}{_BOX}(?:,{_BOX})*")


def is_sealed(text: str) -> bool:
    """Whether a text is sealed. No typed name is so long, and a typed reason that looks like it is refused."""
    return _SEALED.fullmatch(text) is not None


def holds_sealed(text: str) -> bool:
    """Whether a sealed text is in it, as in a stored draft."""
    return _SEALED.search(text) is not None


def pack(boxes: Mapping[str, str]) -> str:
    """Write sealed boxes, by the name of their key, as one text."""
    return _BEGIN + ",".join(f"{key}.{box}" for key, box in boxes.items())


def unpack(text: str) -> dict[str, str]:
    """Read what `pack` wrote."""
    return dict(box.split(".", 1) for box in text.removeprefix(_BEGIN).split(","))

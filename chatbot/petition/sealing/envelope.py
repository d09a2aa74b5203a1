"""The sealed form of a text, told apart from a text in clear. `chatbot.petition.sealing.keys` opens and seals."""

import re
from collections.abc import Mapping
from typing import Final

_BEGIN: Final = "sealed:1:"
_BOX: Final = r"[0-9a-f]{8}\.[A-Za-z0-9_-]{100,}"
_SEALED: Final = re.compile(rf"{_BEGIN}{_BOX}(?:,{_BOX})*")


def is_sealed(text: str) -> bool:
    """Whether a text is in the sealed form. No name can be typed that looks like it: it is too long for one."""
    return _SEALED.fullmatch(text) is not None


def pack(boxes: Mapping[str, str]) -> str:
    """Write boxes, by the name of the key that opens them, as one text."""
    return _BEGIN + ",".join(f"{key}.{box}" for key, box in boxes.items())


def unpack(text: str) -> dict[str, str]:
    """Read what `pack` wrote."""
    return dict(box.split(".", 1) for box in text.removeprefix(_BEGIN).split(","))

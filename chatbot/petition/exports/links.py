"""Links of the team: what a deep link of the bot may carry, made from what a member typed, and its QR code."""

import re
import unicodedata
from typing import Final

QR_CODE: Final = "qr"
"""Kind of the job that draws a QR code. Its details are `link` and the `language` of who asked for it."""
POSTER: Final = "poster"
"""Kind of the job that makes a poster, with the same details; and the name of the link on a poster of no other link."""
LONGEST: Final = 32
"""Characters of a name. Telegram allows 64; a short one is a small QR code."""
_RESERVED: Final = ("s-", "join_", "own_")
"""How links begin that supporters share, and invitations to the team."""
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


def make_name(text: str) -> str | None:
    """Write a typed name with the characters of a deep link: “Church flyer” is church-flyer. None if none are left."""
    from anyascii import anyascii

    words = "".join(each if each == "_" or unicodedata.category(each)[0] in "LMN" else "-" for each in text)
    name = re.sub(r"[^a-z0-9_]+", "-", anyascii(words).lower()).strip("-")[:LONGEST].rstrip("-")
    return name if is_name(name) else None


def is_name(name: str) -> bool:
    """Whether a link of the team may have this name."""
    return bool(_NAME.fullmatch(name)) and len(name) <= LONGEST and not name.startswith(_RESERVED)


def read_source(link: str) -> str:
    """Return the name of a link."""
    return link.rpartition("?start=")[2]

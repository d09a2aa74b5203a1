"""Cleans a supporter's reason for signing, or refuses it.

People write these with feeling, so only invisible characters are removed; emoji, signs and line breaks stay. Code and
addresses are refused: reasons are handed over, and are no place for advertisements.
"""

import re
from enum import StrEnum
from typing import Final

from chatbot.petition.sealing.envelope import is_sealed
from chatbot.petition.text.addresses import has_address
from chatbot.petition.text.characters import is_decoration, is_letter, strip_invisible, unstack
from chatbot.petition.text.code import has_code

MAX_REASON_LENGTH: Final = 500
"""Longest cleaned reason, in characters (code points)."""
_MOST_TYPED: Final = 4 * MAX_REASON_LENGTH
"""Longest text that is cleaned, in characters: a syllable that is typed in parts has three or four."""


class ReasonProblem(StrEnum):
    """Why a reason is refused."""

    EMPTY = "empty"
    """No letter, digit or emoji. A single "/" is an unfinished command."""
    TOO_LONG = "too_long"
    """More than MAX_REASON_LENGTH characters."""
    LINK = "link"
    """Contains an address: a link, an e-mail address, an @handle."""
    CODE = "code"
    """Contains markup, braces, a backslash, or code, or looks sealed: an export would say that no key opens it."""


class ReasonRefusedError(ValueError):
    """The text is not accepted; `problem` says why. Cleaned, it has `length` characters."""

    def __init__(self, problem: ReasonProblem, length: int) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.length = length


_ESCAPE: Final = re.compile("[\x1b\x9b]")
"""Begins a command to a terminal, such as a colour."""
_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def read_reason(text: str) -> str:
    """Return the cleaned reason: in NFC, with trimmed lines, single spaces, at most one blank line in a row.

    Raises `ReasonRefusedError` for a text that is empty or too long, and for code and addresses. Cleaning a reason
    again changes nothing.
    """
    text = text.strip()
    if len(text) > _MOST_TYPED:
        raise ReasonRefusedError(ReasonProblem.TOO_LONG, len(text))
    visible = strip_invisible(unstack(strip_invisible(_LINE_END.sub("\n", text))))
    lines = (" ".join(line.split()) for line in visible.split("\n"))
    reason = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not any(is_letter(each) or each.isdigit() or is_decoration(each) for each in reason):
        raise ReasonRefusedError(ReasonProblem.EMPTY, 0)
    if len(reason) > MAX_REASON_LENGTH:
        raise ReasonRefusedError(ReasonProblem.TOO_LONG, len(reason))
    if has_code(reason) or is_sealed(reason) or _ESCAPE.search(text):
        raise ReasonRefusedError(ReasonProblem.CODE, len(reason))
    if has_address(reason):
        raise ReasonRefusedError(ReasonProblem.LINK, len(reason))
    return reason

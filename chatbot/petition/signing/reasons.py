"""Why somebody signs, in their own words: cleaned, or refused with the reason.

People write these with feeling, so only what nobody can see is taken out; emoji, links and line breaks stay.
"""

import re
from enum import StrEnum
from typing import Final

from chatbot.petition.text.characters import is_decoration, is_letter, strip_invisible, unstack

MAX_REASON_LENGTH: Final = 500
"""Characters (code points) a cleaned reason may have."""
_MOST_TYPED: Final = 4 * MAX_REASON_LENGTH
"""Characters a text may have to be cleaned at all: a syllable that is typed in parts has three or four."""


class ReasonProblem(StrEnum):
    """Why a text cannot be kept as a reason."""

    EMPTY = "empty"
    """Nothing to read: no letter, digit or emoji. A lone "/" is a command half typed."""
    TOO_LONG = "too_long"
    """More than MAX_REASON_LENGTH characters."""


class ReasonRefusedError(ValueError):  # a refusal, said kindly; not an error of the program
    """The text cannot be kept; `problem` says why, `length` how many characters it has once cleaned."""

    def __init__(self, problem: ReasonProblem, length: int) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.length = length


_LINE_END: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def read_reason(text: str) -> str:
    """The reason in `text`: in NFC, lines trimmed, single spaces, at most one blank line in a row.

    Raises ReasonRefusedError when there is nothing to read in it or it is too long. Reading a reason again gives the
    same.
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
    return reason

"""Words of paragraphs, and which of their lines stay on one page."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_END: Final = 3
"""The last lines of several paragraphs are so many on their page."""
_WHOLE: Final = 3
"""Paragraphs of so many lines are not divided."""


class Word(NamedTuple):
    """A word of a paragraph."""

    text: str
    is_bold: bool = False
    follows_space: bool = True


def find_glued(paragraphs: Sequence[Sequence[Sequence[Word]]]) -> Iterator[bool]:
    """Yield for each line of broken paragraphs whether it stays on one page with the line before it.

    The first two lines of a paragraph do, its last two, and the last lines of several paragraphs; and what follows a
    bold line, which is a heading.
    """
    left = sum(map(len, paragraphs))
    end = _END if len(paragraphs) > 1 else 1
    is_headed = False
    for of, lines in enumerate(paragraphs):
        for nth in range(len(lines)):
            is_together = nth == 1 or (nth > 0 and (nth == len(lines) - 1 or len(lines) <= _WHOLE))
            yield is_together or (is_headed and not nth) or (left < end and bool(of or nth))
            left -= 1
        is_headed = len(lines) == 1 and all(word.is_bold for word in lines[0])

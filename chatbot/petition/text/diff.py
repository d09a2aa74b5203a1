"""Compares two versions of a text by paragraphs and words, in pages for a phone."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from markupsafe import Markup, escape

PAGE: Final = 900
"""Longest page in characters, without tags."""
_MOST_TAGS: Final = 90
"""Telegram shows 100 entities in a message."""
_LONGEST: Final = 3000
"""Characters of a paragraph that are compared."""
_WORDS: Final = re.compile(r"\s+|[^\s]+")
_GAP: Final = Markup("…")


def compare(before: Sequence[str], after: Sequence[str]) -> tuple[Markup, ...]:
    """Return pages with new words in bold and removed ones struck through, without what stayed; none if all did."""
    pages: list[list[Markup]] = [[]]
    length = tags = 0
    for paragraph in _differences(before, after):
        size, marks = len(paragraph.striptags()), paragraph.count("</")
        if pages[-1] and (length + size > PAGE or tags + marks > _MOST_TAGS):
            pages.append([])
            length = tags = 0
        pages[-1].append(paragraph)
        length, tags = length + size, tags + marks
    return tuple(Markup("\n\n").join(page) for page in pages if page and any(each != _GAP for each in page))


def _differences(before: Sequence[str], after: Sequence[str]) -> Iterator[Markup]:
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield _GAP
            continue
        old, new = before[from_old:to_old], after[from_new:to_new]
        for nth in range(max(len(old), len(new))):
            gone, come = old[nth] if nth < len(old) else "", new[nth] if nth < len(new) else ""
            yield _mark_words(gone, come)


def _mark_words(before: str, after: str) -> Markup:
    old, new = _WORDS.findall(before[:_LONGEST]), _WORDS.findall(after[:_LONGEST])
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes = matcher.get_opcodes()
    if not before or not after or matcher.ratio() < 0.3 or len(changes) > _MOST_TAGS // 2:
        # Two paragraphs with little in common are easier to read one after the other.
        changes = [("replace", 0, len(old), 0, len(new))]
    parts = []
    for what, from_old, to_old, from_new, to_new in changes:
        gone, come = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        if what == "equal":
            parts.append(escape(come))
            continue
        struck = Markup("<s>{}</s>").format(gone) if gone.strip() else escape(gone)
        bold = Markup("<b>{}</b>").format(come) if come.strip() else escape(come)
        parts.append(struck + (" " if gone.strip() and come.strip() else "") + bold)
    return Markup("").join(parts)

"""Divides the long texts into pages: the appeal into pages for a phone, the updates into one page each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from unicodedata import east_asian_width, normalize

from chatbot.petition.model import CampaignError, Page
from chatbot.petition.text.markup import Section
from chatbot.petition.text.rich_text import Block, count_characters, render
from chatbot.problem import Problem

PAGE_LENGTH: Final = 700
"""Longest page of the appeal in characters: what a phone shows at once, so that readers of the next page need not
scroll up to its start."""

WIDE_PAGE_LENGTH: Final = 500
"""The same in a wide script. Hangul is twice as wide as Latin, but says more with fewer characters."""

LONGEST_UPDATE: Final = 3000
"""Longest update in characters: Telegram allows 4096 in a message, and the screen adds words of its own."""

MOST_TAGS: Final = 90
"""Telegram shows 100 entities in a message; the rest is for the screen around the page."""

MOST_BYTES: Final = 30_000
"""Telegram allows 32,768 bytes of HTML in a message; the rest is for the screen around the page."""

_SENTENCE_END: Final = re.compile(r"[.!?…。！？]+[”’\"'»」』)\]]*(?=[ \n])|(?=\n)")


def find_page_length(sections: Iterable[Section]) -> int:
    """Return the length of a page for the script of the text: wide if most of its letters are."""
    letters = [sign for sign in plain_text(sections) if sign.isalpha()]
    wide = sum(east_asian_width(sign) in "WF" for sign in letters)
    return WIDE_PAGE_LENGTH if 2 * wide > len(letters) else PAGE_LENGTH


def split_appeal(sections: Sequence[Section], page_length: int, name: str) -> tuple[Page, ...]:
    """Divide an appeal into the fewest pages of at most `page_length` characters, as even as they can be.

    Every section begins a page. Pages end between blocks; a block too long for a page is divided between sentences, and
    a sentence too long for one between words. A heading is never at the end of a page. `page_length` is at least twice
    the length of two headings (500). Raises `CampaignError`, naming the file `name`, if a page has more tags or bytes
    than Telegram allows.
    """
    pages = [page for section in sections for page in _pack(list(_divide(section, page_length)), page_length)]
    return tuple(_page(page, name) for page in pages)


def split_updates(sections: Sequence[Section], name: str) -> tuple[Page, ...]:
    """Make every section one page. Raises `CampaignError`, naming the file `name`, for one that is too long."""
    for section in sections:
        if (found := count_characters(section)) > LONGEST_UPDATE:
            problem = Problem(
                "{file}: the update that begins “{beginning}” has {length} characters, and {most} fit in one message; "
                "shorten it, or divide it with <hr>.",
                file=name,
                beginning=_beginning(section),
                length=found,
                most=LONGEST_UPDATE,
            )
            raise CampaignError(problem)
    return tuple(_page(section, name) for section in sections)


def plain_text(sections: Iterable[Section]) -> str:
    """Return the words in one line, in NFC: the same for every layout of the same text."""
    return normalize("NFC", " ".join(" ".join(block.text for section in sections for block in section).split()))


def _page(blocks: Sequence[Block], name: str) -> Page:
    text = render(blocks)
    if text.count("</") > MOST_TAGS or len(text.encode()) > MOST_BYTES:
        problem = Problem(
            "{file}: the page that begins “{beginning}” has more bold words and links than Telegram shows; "
            "take some out, or divide it with <hr>.",
            file=name,
            beginning=_beginning(blocks),
        )
        raise CampaignError(problem)
    return Page(text)


def _beginning(blocks: Sequence[Block]) -> str:
    words = blocks[0].text.replace("\n", " ")
    return words if len(words) <= 30 else f"{words[:30].rstrip()}…"


def _divide(section: Section, page_length: int) -> Iterator[Block]:
    """Yield the blocks; those too long for a page below their headings are divided into sentences."""
    room = page_length
    for block in section:
        if count_characters([block]) > room:
            yield from _cut(block, room - len(block.marker))
        else:
            yield block
        room = room - count_characters([block]) - len("\n\n") if block.is_heading else page_length


def _cut(block: Block, room: int) -> Iterator[Block]:
    text = block.text
    start = 0
    lead = block.lead
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        while start < end:
            stop = end
            if end - start > room:
                blank = max(text.rfind(sign, start, start + room + 1) for sign in " \n")
                stop = blank if blank > start else start + room
            yield block.part(start, stop, lead)
            start = stop
            while start < len(text) and text[start] in " \n":
                start += 1
            lead = "\n" if "\n" in text[stop:start] else " " if start > stop else ""


class _Paging(NamedTuple):
    """A way to divide the first blocks into pages. The smallest tuple is the best one."""

    pages: int
    unevenness: int
    last_begins: int


def _pack(blocks: Sequence[Block], page_length: int) -> list[Sequence[Block]]:
    best: list[_Paging | None] = [_Paging(0, 0, 0)]
    for end in range(1, len(blocks) + 1):
        ways = []
        size = 0
        for start in range(end - 1, -1, -1):
            size += count_characters(blocks[start : start + 1]) + (len(blocks[start + 1].lead) if size else 0)
            if size > page_length:
                break
            if before := best[start]:
                ways.append(_Paging(before.pages + 1, before.unevenness + size * size, start))
        best.append(None if blocks[end - 1].is_heading else min(ways))
    pages: list[Sequence[Block]] = []
    end = len(blocks)
    while last := best[end] if end else None:
        pages.append(blocks[last.last_begins : end])
        end = last.last_begins
    return pages[::-1]

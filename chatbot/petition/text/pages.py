"""The long texts in pages: the appeal, turned like a leaflet on a phone, and the updates, one page each."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from unicodedata import normalize

from chatbot.petition.model import CampaignError, Language, Page
from chatbot.petition.text.markup import Section
from chatbot.petition.text.rich_text import Block, count_characters, render

PAGE_LENGTH: Final[dict[Language, int]] = {"ko": 500, "en": 700}
"""The most characters on a page of the appeal: what a phone shows at once, or turning a page would mean scrolling back
to where it begins. A line has room for half as much Hangul, but Hangul says more in less."""

LONGEST_UPDATE: Final = 3000
"""The most characters of one update: Telegram takes 4096 in a message, and the screen adds words of its own."""

MOST_TAGS: Final = 90
"""Telegram shows 100 entities in a message; some are left to the screen around the page."""

MOST_BYTES: Final = 30_000
"""Telegram takes 32,768 bytes of HTML in a message; some are left to the screen around the page."""

_SENTENCE_END: Final = re.compile(r"[.!?…。！？]+[”’\"'»」』)\]]*(?=[ \n])|(?=\n)")


def split_appeal(sections: Sequence[Section], page_length: int, name: str) -> tuple[Page, ...]:
    """Divide an appeal into the fewest pages of at most `page_length` characters, as even as they can be.

    Every section begins a page. A page ends between blocks; a block too long for a page ends between sentences, a
    sentence too long for one between words. A heading is never the last thing on a page. `page_length` is at least
    twice the room of two headings (500). Raises CampaignError, in the words of the file `name`, where a page has
    more tags or bytes than Telegram takes.
    """
    pages = [page for section in sections for page in _pack(list(_divide(section, page_length)), page_length)]
    return tuple(_page(page, name) for page in pages)


def split_updates(sections: Sequence[Section], name: str) -> tuple[Page, ...]:
    """Make every section one page. Raises CampaignError, in the words of the file `name`, for one too long."""
    for section in sections:
        if (found := count_characters(section)) > LONGEST_UPDATE:
            raise CampaignError(
                f"{name}: the update that begins “{_beginning(section)}” has {found} characters, "
                f"and {LONGEST_UPDATE} fit in one message; shorten it, or divide it with <hr>."
            )
    return tuple(_page(section, name) for section in sections)


def plain_text(sections: Iterable[Section]) -> str:
    """The words alone, in one line: the same for every layout of the same wording, in Unicode's form NFC."""
    return normalize("NFC", " ".join(" ".join(block.text for section in sections for block in section).split()))


def _page(blocks: Sequence[Block], name: str) -> Page:
    text = render(blocks)
    if text.count("</") > MOST_TAGS or len(text.encode()) > MOST_BYTES:
        raise CampaignError(
            f"{name}: the page that begins “{_beginning(blocks)}” has more bold words and links than Telegram shows; "
            "take some out, or divide it with <hr>."
        )
    return Page(text)


def _beginning(blocks: Sequence[Block]) -> str:
    words = blocks[0].text.replace("\n", " ")
    return words if len(words) <= 30 else f"{words[:30].rstrip()}…"


def _divide(section: Section, page_length: int) -> Iterator[Block]:
    """The blocks, those that do not fit on a page under their headings cut into sentences."""
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
    """A way to page the first blocks: the less, the better, read from the left."""

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

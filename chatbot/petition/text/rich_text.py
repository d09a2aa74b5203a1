"""Formatted text as blocks, and their rendering in Telegram's HTML."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, takewhile

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Mark:
    """A format: one of Telegram's tags `b i u s a`, and the address of a link."""

    tag: str
    href: str = ""

    @property
    def opening(self) -> str:
        """The opening tag in HTML."""
        return f'<{self.tag} href="{escape(self.href)}">' if self.href else f"<{self.tag}>"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of the same format; `marks` are ordered from the outermost to the innermost."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation. Its `number` in the text distinguishes it from a neighbouring one."""

    number: int
    expandable: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item, or a part of one of these."""

    runs: tuple[TextRun, ...]
    lead: str = "\n\n"
    """Separator from the previous block on the same page."""
    marker: str = ""
    """Bullet or number of a list item."""
    is_heading: bool = False
    quote: Quote | None = None

    @property
    def text(self) -> str:
        """Its text without the marker."""
        return "".join(run.text for run in self.runs)

    def part(self, start: int, end: int, lead: str) -> "Block":
        """Return the formatted characters from `start` to `end`. Only the part at 0 has the marker."""
        runs = []
        position = 0
        for run in self.runs:
            if piece := run.text[max(start - position, 0) : max(end - position, 0)]:
                runs.append(replace(run, text=piece))
            position += len(run.text)
        return replace(self, runs=tuple(runs), lead=lead, marker="" if start else self.marker)


def count_characters(blocks: Iterable[Block]) -> int:
    """Count the visible characters, line breaks included, of these blocks in one message."""
    total = first_lead = 0
    for index, block in enumerate(blocks):
        if index == 0:
            first_lead = len(block.lead)
        total += len(block.lead) + len(block.marker) + len(block.text)
    return total - first_lead


def render(blocks: Iterable[Block]) -> Markup:
    """Render the blocks as one message in Telegram's HTML, with all tags closed and all words escaped."""
    html = ""
    for quote, quoted in groupby(blocks, key=lambda block: block.quote):
        first, *others = quoted
        inner = "".join(_tagged(_joined(first, others)))
        if quote:
            inner = f"<blockquote{' expandable' if quote.expandable else ''}>{inner}</blockquote>"
        html += (first.lead if html else "") + inner
    return Markup(html)  # noqa: S704 - all words are escaped


def _joined(first: Block, others: Iterable[Block]) -> list[TextRun]:
    runs = [TextRun(first.marker), *first.runs]
    for block in others:
        # Parts of one paragraph that are on the same page again are joined in one tag.
        goes_on = block.lead in {"", " "}
        marks = block.runs[0].marks[: _shared(runs[-1].marks, block.runs[0].marks)] if goes_on else ()
        runs += [TextRun(block.lead, marks), *([TextRun(block.marker)] if block.marker else []), *block.runs]
    return runs


def _tagged(runs: Iterable[TextRun]) -> Iterator[str]:
    current: tuple[Mark, ...] = ()
    for run in (*runs, TextRun("")):
        shared = _shared(current, run.marks)
        yield from (f"</{mark.tag}>" for mark in reversed(current[shared:]))
        yield from (mark.opening for mark in run.marks[shared:])
        yield escape(run.text, quote=False)
        current = run.marks


def _shared(some: Sequence[Mark], others: Sequence[Mark]) -> int:
    """Count the marks that both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, others, strict=False)))

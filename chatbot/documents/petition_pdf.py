"""The petition document (PDF): title, appeal, totals, and the names of those who agreed to be named."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from chatbot.documents.table import Made
from chatbot.documents.typesetting.pages import BLUE, BOTTOM, GREY, LEFT, RIGHT, TOP, WIDTH, Pages
from chatbot.documents.typesetting.paragraphs import Word
from chatbot.i18n import Translator
from chatbot.petition.countries.names import UNTOLD, rank
from chatbot.petition.model import Campaign, CampaignWords, Page
from chatbot.petition.rounding import FEW
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.screens.organizer.records import petition_pdf as words

NAMES_AT_MOST: Final = 100_000
"""Names in one file: well below Telegram's 50 MB, and its pages stay in memory until it is written."""
LETTERS_AT_MOST: Final = 2_500_000
"""Letters of names in one file: as many as in 100,000 long names. Names of a hundred letters need more memory."""
_MIDDLE: Final = WIDTH / 2
_COLUMNS: Final = (LEFT, _MIDDLE + 3)
_COLUMN: Final = _MIDDLE - 3 - LEFT
_LINE: Final = 6.2
_PLACE_LINE: Final = 3.4
_NAME, _SMALL = 10.0, 7.5
"""Font sizes of a name, and of its number and country."""
_COUNTRY: Final = 24.0
_TITLE: Final = (25, 21, 17)
"""Font sizes of a title: the first in which it takes about four lines."""
_SHORT: Final = TOP + 50
"""Where the last section ends at most if the next one follows on the same page."""
_ROW: Final = 8.0
_NAMES_HEAD: Final = 45.0
_FEW_NAMES: Final = 6
_ROWS_TOGETHER: Final = 3
"""The last rows of a table, which stay on one page: no page has the total alone."""
_PIECES: Final = re.compile(r"<(/?)(\w+)[^>]*>|([^<]+)")


class Named(NamedTuple):
    """A signature whose name may be shown."""

    number: int
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers in the document."""

    at: datetime
    by_country: Mapping[str, int]
    """Signatures in the bot, by ISO 3166-1 alpha-2 code or `UNTOLD`."""
    named: int
    """How many people agreed to be named."""

    @property
    def here(self) -> int:
        """How many people signed in the bot."""
        return sum(self.by_country.values())


class PetitionDocument:
    """The document being written; names come in batches, ordered by number."""

    def __init__(self, folder: Path, campaign: Campaign, _: Translator, facts: Facts) -> None:
        self._folder = folder
        self._campaign = campaign
        self._translator = _
        self._words: CampaignWords = campaign.words[_.language]
        self._facts = facts
        self._files: list[Path] = []
        self._column = 0
        self._listed = self._changed = self._sealed = 0
        self._in_file = self._letters = 0
        self._pages = self._open()
        self._write_title()
        self._write_appeal()
        self._write_countries()
        self._head_names()

    def write(self, batch: Iterable[Named]) -> None:
        """Add names to the list."""
        for named in batch:
            if is_sealed(named.name):
                self._sealed += 1
                continue
            if self._in_file == NAMES_AT_MOST or self._letters > LETTERS_AT_MOST:
                self._in_file = self._letters = 0
                self._close_file()
                self._pages = self._open()
                self._pages.turn()
                self._column = 0
            self._list(named)
            self._listed += 1
            self._in_file += 1
            self._letters += len(named.name)

    def close(self) -> Made:
        """Write the last file and return all of them. The rows are the signatures that the document represents."""
        self._write_notes()
        self._close_file()
        return Made(tuple(self._files), self._campaign.carried_over + self._facts.here, self._listed)

    # Its parts

    def _write_title(self) -> None:
        _, pages, campaign = self._translator, self._pages, self._campaign
        pages.turn(foot=False)
        pages.put(_MIDDLE, 52, words.petition(_), 11, BLUE, align="center")
        pages.rule(_MIDDLE - 12, _MIDDLE + 12, 57, BLUE, 0.4)
        pages.y = 70
        room = RIGHT - LEFT - 8
        size = next((each for each in _TITLE if pages.measure(self._words.title, each) < 4 * room), _TITLE[-1])
        pages.paragraph(_split(self._words.title), size, leading=1.35, align="center", left=LEFT + 4, right=RIGHT - 4)
        pages.y += 8
        pages.paragraph(_split(words.to(_, self._words.addressee)), 13, align="center", ink=BLUE)
        total = campaign.carried_over + self._facts.here
        middle = min(max(pages.y + 42, 160.0), 215.0)
        pages.put(_MIDDLE, middle, words.head_count(_, total), 40, align="center", most=RIGHT - LEFT)
        pages.put(_MIDDLE, middle + 11, words.signed_by(_, total), 12, align="center", most=RIGHT - LEFT)
        pages.y = middle + 16
        if campaign.carried_over:
            told = words.won_before(_, campaign.carried_over, campaign.carried_over_from)
            pages.paragraph(_split(told), 9.5, ink=GREY, align="center")
        pages.rule(_MIDDLE - 12, _MIDDLE + 12, 247, BLUE, 0.4)
        starter = words.started(_, self._words.starter, _.date(campaign.started_on))
        pages.put(_MIDDLE, 255, starter, 10, GREY, align="center", most=RIGHT - LEFT)
        pages.put(_MIDDLE, 262, words.made_on(_, self._facts.at), 10, GREY, align="center")

    def _write_appeal(self) -> None:
        pages = self._pages
        self._head(words.appeal(self._translator), follows=False)
        pages.paragraphs(read_paragraphs(self._words.appeal), 11, leading=1.75, gap=3.4)

    def _write_countries(self) -> None:
        _, pages, campaign = self._translator, self._pages, self._campaign
        self._head(words.by_country(_))
        counts = [(code, count) for code, count in rank(self._facts.by_country) if code != UNTOLD]
        lines = [(_.country(code), count) for code, count in counts if count >= FEW]
        # A few people in one country could be identified, and may not have agreed to be named.
        if few := sum(count for _code, count in counts if count < FEW):
            lines.append((words.other_countries(_), few))
        if untold := self._facts.by_country.get(UNTOLD):
            lines.append((_.country(UNTOLD), untold))
        if campaign.carried_over:
            lines.append((words.elsewhere(_, campaign.carried_over_from), campaign.carried_over))
        for nth, (label, count) in enumerate(lines):
            if nth == max(len(lines) + 1 - _ROWS_TOGETHER, 0):
                pages.need(_ROW * _ROWS_TOGETHER + self._measure_few_names())
            self._write_row(label, _.number(count))
        pages.rule(LEFT, RIGHT, pages.y + 2.2, BLUE, 0.4)
        pages.y += 1.5
        self._write_row(words.in_all(_), _.number(campaign.carried_over + self._facts.here), bold=True)

    def _write_row(self, label: str, value: str, *, bold: bool = False) -> None:
        pages = self._pages
        pages.need(_ROW)
        pages.y += 7.2
        pages.put(LEFT, pages.y, label, 11, most=110, bold=bold)
        pages.put(RIGHT, pages.y, value, 11, align="end", bold=bold)
        if not bold:
            pages.rule(LEFT, RIGHT, pages.y + 2.2, (225, 225, 225))

    def _head_names(self) -> None:
        _ = self._translator
        few = self._measure_few_names()
        self._head(words.names(_), short=BOTTOM - few if few else _SHORT)
        about = words.about_names(_, self._facts.named, self._facts.here)
        self._pages.paragraph(_split(about), 10, ink=GREY)
        self._pages.y += 5
        self._top = self._pages.y

    def _measure_few_names(self) -> float:
        """Return how high the section of names is, if it is too short for a page of its own; else 0."""
        return _NAMES_HEAD + _LINE * self._facts.named if self._facts.named <= _FEW_NAMES else 0

    def _list(self, named: Named) -> None:
        pages = self._pages
        country = self._translator.country(named.country)
        room = _COLUMN - 20 - min(pages.measure(country, _SMALL), _COUNTRY)
        written = pages.typefaces.write(named.name)
        lines, places = _fold(pages, written.text, _NAME, room), _fold(pages, country, _SMALL, _COUNTRY)
        height = max(_LINE * len(lines), _LINE + _PLACE_LINE * (len(places) - 1))
        if pages.y + height > BOTTOM:
            self._column += 1
            if self._column == len(_COLUMNS):
                self._column, self._top = 0, TOP
                pages.turn()
            pages.y = self._top
        left = _COLUMNS[self._column]
        first = pages.y + _LINE
        pages.put(left + 14, first, self._translator.number(named.number), _SMALL, GREY, align="end", most=14)
        for nth, place in enumerate(places):
            pages.put(left + _COLUMN, first + nth * _PLACE_LINE, place, _SMALL, GREY, align="end", most=_COUNTRY)
        for nth, line in enumerate(lines):
            pages.put(left + 17, first + nth * _LINE, line, _NAME, most=room)
        pages.y += height
        self._changed += written.is_changed

    def _write_notes(self) -> None:
        _, pages = self._translator, self._pages
        told = []
        if self._changed:
            told.append(words.changed_names(_, self._changed))
        if self._sealed:
            told.append(words.sealed_names(_, self._sealed))
        if not told:
            return
        if self._column:
            pages.turn()
        pages.need(40)
        pages.y += 12
        pages.put(LEFT, pages.y, words.notes(_), 11, BLUE)
        pages.y += 2
        for note in told:
            pages.paragraph(_split(note), 9.5, ink=GREY)
            pages.y += 2

    # How it looks

    def _head(self, heading: str, *, follows: bool = True, short: float = _SHORT) -> None:
        """Begin a section: on a new page, or below one that ends above `short`: no page has a few lines alone."""
        pages = self._pages
        if follows and pages.y < short:
            pages.y += 14
        else:
            pages.turn()
        pages.put(LEFT, pages.y + 6, heading, 18, BLUE, most=RIGHT - LEFT)
        pages.rule(LEFT, LEFT + 24, pages.y + 11, BLUE, 0.4)
        pages.y += 17

    def _open(self) -> Pages:
        self._top = TOP
        text = " ".join(self._words.signed.paragraphs)
        return Pages(self._translator.language, self._words.title, self._translator.direction, text)

    def _close_file(self) -> None:
        path = self._folder / f"part-{len(self._files) + 1}.pdf"
        self._pages.close(path)
        self._files.append(path)


def read_paragraphs(pages: Iterable[Page]) -> Iterator[list[Word]]:
    """Yield the paragraphs of an appeal, with their bold words, from its pages in Telegram's HTML."""
    for page in pages:
        bold = 0
        paragraph: list[Word] = []
        space = False
        for closing, tag, text in _PIECES.findall(page.text):
            if tag:
                bold += (-1 if closing else 1) * (tag == "b")
                continue
            for nth, part in enumerate(re.split(r"\n\s*\n", html.unescape(text))):
                if nth and paragraph:
                    yield paragraph
                    paragraph, space = [], False
                for piece in re.findall(r"\s+|\S+", part):
                    if piece.isspace():
                        space = True
                        continue
                    paragraph.append(Word(piece, bold > 0, space))
                    space = False
        if paragraph:
            yield paragraph


def _fold(pages: Pages, name: str, size: float, room: float) -> list[str]:
    """Wrap a name, unless shrinking it by at most a quarter fits it on one line."""
    if pages.measure(name, size) * 0.75 <= room:
        return [name]
    lines, width, space = [""], 0.0, pages.measure(" ", size)
    for piece in re.findall(r"[^\s-]+-?\s*|-+\s*", name):
        # Measure each piece once: measuring the whole line again takes long for a name of many words.
        measured = pages.measure(piece.rstrip(), size)
        if lines[-1] and width + measured > room:
            lines.append("")
            width = 0.0
        if measured * 0.75 > room:  # a word wider than the column, such as a name without spaces
            step = max(int(len(piece) * room / measured), 1)
            parts = [piece[start : start + step] for start in range(0, len(piece), step)]
            lines[-1:] = [lines[-1] + parts[0], *parts[1:]]
            width = pages.measure(parts[-1], size)
            continue
        lines[-1] += piece
        width += measured + (space if piece.endswith(" ") else 0)
    return [line.rstrip() for line in lines]


def _split(text: str) -> list[Word]:
    return [Word(word) for word in text.split()]

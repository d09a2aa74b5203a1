"""PDF pages: texts at a position, paragraphs, and page numbers. All lengths are in millimetres.

Places are measured from the side where lines begin: in a right-to-left document, pages are mirrored.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from chatbot.documents.typesetting.bidi import find_direction, isolate_tags
from chatbot.documents.typesetting.fonts import FACES, FontRun, Typefaces, choose_face, find_file, read_letters
from chatbot.documents.typesetting.line_breaks import split_word
from chatbot.documents.typesetting.paragraphs import Word, find_glued
from chatbot.documents.typesetting.shaping import Shaped, draw, shape
from chatbot.petition.languages import Direction, Language

# These libraries log the letters of a document, and so of people's names.
for _library in ("fontTools", "fpdf"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

WIDTH: Final = 210.0
LEFT, RIGHT, TOP, BOTTOM = 26.0, 184.0, 28.0, 268.0
"""Edges of the text area; in a right-to-left document, LEFT is at the right."""
_FOOT: Final = 283.0
_POINT: Final = 25.4 / 72
Ink = tuple[int, int, int]
BLACK: Final[Ink] = (26, 26, 26)
GREY: Final[Ink] = (112, 112, 112)
BLUE: Final[Ink] = (31, 58, 95)
Align = Literal["start", "end", "center"]
_NO_INK: Final = 0
"""The colour for filling while nothing is filled: if text has it too, fpdf2 does not end the outline after the text."""
_OVERLAP: Final = 0.02
"""How far a row of a code reaches into the next one, in millimetres."""
_REMEMBERED: Final = 1_000
"""Runs whose glyphs are cached."""


class Pages:
    """A document being written. `y` is the position of the next line, from the top of the page."""

    def __init__(self, language: Language, title: str, direction: Direction = "ltr", text: str = "") -> None:
        """Start a document; the script of `text`, or else of its title, says which typeface is tried first."""
        self._pdf = FPDF(format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.c_margin = 0
        self._pdf.set_title(title)
        self._pdf.set_lang(language.replace("_", "-"))
        self._fonts: dict[str, TTFFont] = {}
        """The typefaces that the document uses: opening one and reducing it to its letters takes 50 ms."""
        self.typefaces = Typefaces({face: read_letters(face) for face in FACES}, choose_face(text or title), direction)
        self._direction: Direction = direction
        self._foot = title
        self._number = 0
        self._face: tuple[str, float] | None = None
        self._shaped: dict[FontRun, Shaped] = {}
        self.y = TOP

    def turn(self, *, foot: bool = True) -> None:
        """Start a new page."""
        self._pdf.add_page()
        self._face = None
        self._number += 1
        self.y = TOP
        if foot:
            self.rule(LEFT, RIGHT, _FOOT - 6, (205, 205, 205))
            self.put(LEFT, _FOOT, self._foot, 7.5, GREY, most=120)
            self.put(RIGHT, _FOOT, str(self._number), 8, GREY, align="end")

    def need(self, height: float) -> None:
        """Start a new page if less than `height` is left on this one."""
        if self.y + height > BOTTOM:
            self.turn()

    def put(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        ink: Ink = BLACK,
        *,
        align: Align = "start",
        most: float | None = None,
        bold: bool = False,
    ) -> bool:
        """Write a line with its baseline at `y`, no wider than `most`; return whether letters were substituted."""
        written = self.typefaces.write(text)
        width = self._measure(written.runs, size)
        if most is not None and width > most:
            size, width = size * most / width, most
        x -= width if align == "end" else width / 2 if align == "center" else 0
        self._draw_runs(written.runs, x, y, width, size, ink, bold=bold)
        return written.is_changed

    def measure(self, text: str, size: float) -> float:
        """Return the width of a line."""
        return self._measure(self.typefaces.write(text).runs, size)

    def rule(self, left: float, right: float, y: float, ink: Ink = BLUE, width: float = 0.2) -> None:
        """Draw a horizontal line."""
        self._pdf.set_draw_color(*ink)
        self._pdf.set_line_width(width)
        self._pdf.line(self._mirror(left), y, self._mirror(right), y)

    def box(self, left: float, top: float, width: float, height: float, ink: Ink) -> None:
        """Fill a rectangle."""
        self._pdf.set_fill_color(*ink)
        self._pdf.rect(self._mirror(left, width), top, width, height, style="F")
        self._pdf.set_fill_color(_NO_INK)

    def modules(self, rows: Sequence[Sequence[int]], left: float, top: float, size: float) -> None:
        """Draw the dark modules of a code, which is not mirrored itself."""
        self._pdf.set_fill_color(*BLACK)
        left = self._mirror(left, size * len(rows[0]))
        for y, row in enumerate(rows):
            x = 0
            for dark, run in groupby(row):  # in one piece, so that no fine light line is printed between them
                width = len(list(run))
                if dark:
                    self._pdf.rect(left + x * size, top + y * size, width * size, size + _OVERLAP, style="F")
                x += width
        self._pdf.set_fill_color(_NO_INK)

    def paragraph(
        self,
        words: Iterable[Word],
        size: float,
        *,
        leading: float = 1.6,
        left: float = LEFT,
        right: float = RIGHT,
        ink: Ink = BLACK,
        align: Align = "start",
    ) -> None:
        """Write a paragraph, over several pages if necessary: none of them has a single line of it."""
        self._write([list(words)], size, leading, 0, left, right, ink, align)

    def paragraphs(self, paragraphs: Iterable[Sequence[Word]], size: float, *, leading: float, gap: float) -> None:
        """Write paragraphs with a `gap` after each; no page has only the last line or two, or ends with a bold line."""
        self._write(list(paragraphs), size, leading, gap, LEFT, RIGHT, BLACK, "start")
        self.y += gap

    def break_lines(self, words: Iterable[Word], size: float, room: float) -> Iterator[list[Word]]:
        """Break words into lines as `paragraph` does."""
        space = self.measure(" ", size)
        line: list[Word] = []
        width = 0.0
        for word in self._cut(words, size, room):
            measured = self.measure(word.text, size)
            added = measured + (space if word.follows_space else 0)
            if line and width + added > room:
                yield line
                line, added = [], measured
            width = width + added if line else measured
            line.append(word)
        if line:
            yield line

    def close(self, path: Path) -> None:
        """Write the document to a file."""
        self._pdf.output(str(path))
        for font in self._fonts.values():
            font.ttfont.close()  # fpdf2 leaves it open

    def _write(
        self,
        paragraphs: Sequence[Sequence[Word]],
        size: float,
        leading: float,
        gap: float,
        left: float,
        right: float,
        ink: Ink,
        align: Align,
    ) -> None:
        broken = [list(self.break_lines(words, size, right - left)) for words in paragraphs]
        height = size * _POINT * leading
        lines = [(line, nth, of) for of, found in enumerate(broken) for nth, line in enumerate(found)]
        glued = [*find_glued(broken), False]
        directions = [find_direction(" ".join(word.text for word in words), self._direction) for words in paragraphs]
        above = [gap if at and not nth else 0 for at, (_line, nth, _of) in enumerate(lines)]
        for at, (line, _nth, of) in enumerate(lines):
            end = at + 1 if glued[at] else glued.index(False, at + 1)  # more than a page has is divided all the same
            self.need(sum(above[at:end]) + height * (end - at))
            self.y += above[at] if self.y > TOP else 0
            self._set(line, directions[of], size, leading, left, right, ink, align)

    def _set(
        self,
        line: Sequence[Word],
        direction: Direction,
        size: float,
        leading: float,
        left: float,
        right: float,
        ink: Ink,
        align: Align,
    ) -> None:
        self.y += size * _POINT * leading
        text, bold = "", list[bool]()
        for word in line:
            text += (" " if text and word.follows_space else "") + isolate_tags(word.text)
            bold += [word.is_bold] * (len(text) - len(bold))
        runs = self.typefaces.lay_out(text, direction, bold)
        width = self._measure(runs, size)
        x = left if align == "start" else (left + right - width) / 2
        self._draw_runs(runs, x, self.y, width, size, ink)

    def _cut(self, words: Iterable[Word], size: float, room: float) -> Iterable[Word]:
        """Prepare words and split them where lines may end, and anywhere if they are wider than a line, as URLs are."""
        for word in words:
            for nth, part in enumerate(split_word(self.typefaces.prepare(word.text))):
                piece = word._replace(text=part, follows_space=word.follows_space and not nth)
                while self.measure(piece.text, size) > room and len(piece.text) > 1:
                    end = max(1, int(len(piece.text) * room / self.measure(piece.text, size)) - 1)
                    yield piece._replace(text=piece.text[:end])
                    piece = piece._replace(text=piece.text[end:], follows_space=False)
                yield piece

    def _mirror(self, x: float, width: float = 0) -> float:
        """Return where something of this width begins on the page."""
        return WIDTH - x - width if self._direction == "rtl" else x

    def _font(self, face: str) -> TTFFont:
        """Return a typeface, opened the first time."""
        if face not in self._fonts:
            self._pdf.add_font(face, "", find_file(face))
            font = self._pdf.fonts[face]
            assert isinstance(font, TTFFont)
            self._fonts[face] = font
        return self._fonts[face]

    def _use(self, run: FontRun, size: float) -> None:
        if self._face != (run.face, size):
            self._font(run.face)
            self._pdf.set_font(run.face, size=size)
            self._face = (run.face, size)

    def _measure(self, runs: Sequence[FontRun], size: float) -> float:
        width = 0.0
        for run in runs:
            if run.is_shaped:
                width += self._shape(run).advance * size * _POINT
            else:
                width += self._font(run.face).get_text_width(run.text, size, None)[1] * _POINT
        return width

    def _shape(self, run: FontRun) -> Shaped:
        """Return the glyphs of a run, from the cache: placing a name needs them several times."""
        found = self._shaped.get(run)
        if found is None:
            if len(self._shaped) >= _REMEMBERED:
                self._shaped.clear()
            found = shape(self._font(run.face), run.text, is_right_to_left=run.is_right_to_left)
            self._shaped[run] = found
        return found

    def _draw_runs(
        self, runs: Iterable[FontRun], x: float, y: float, width: float, size: float, ink: Ink, *, bold: bool = False
    ) -> None:
        x = self._mirror(x, width)
        for run in runs:
            self._draw(run, x, y, size, ink, bold=bold or run.is_bold)
            x += self._measure((run,), size)

    def _draw(self, run: FontRun, x: float, y: float, size: float, ink: Ink, *, bold: bool) -> None:
        self._use(run, size)
        self._pdf.set_text_color(*ink)
        if bold:
            # The Korean typeface has only one weight: a fine outline makes every script bold alike.
            self._pdf.text_mode = TextMode.FILL_STROKE
            self._pdf.set_draw_color(*ink)
            # fpdf2 writes the width of this outline in points, and of all others in millimetres.
            self._pdf.set_line_width(size * 0.012 * (1 if run.is_shaped else self._pdf.k))
        if run.is_shaped:
            self._draw_shaped(run, x, y, size, bold=bold)
        else:
            self._pdf.text(x, y, run.text)
        if bold:
            self._pdf.text_mode = TextMode.FILL

    def _draw_shaped(self, run: FontRun, x: float, y: float, size: float, *, bold: bool) -> None:
        pdf = self._pdf
        if not pdf.current_font_is_set_on_page:
            pdf._out(pdf._set_font_for_page(self._font(run.face), pdf.font_size_pt))
        colour = pdf.text_color
        assert colour is not None
        mode = f"{pdf.text_mode.value} Tr {pdf.line_width * pdf.k:.2f} w " if bold else ""
        place = f"{x * pdf.k:.2f} {(pdf.h - y) * pdf.k:.2f} Td"
        drawn = draw(self._font(run.face), self._shape(run), size, place)
        pdf._out(f"q {colour.serialize().lower()} {mode}{drawn} Q")

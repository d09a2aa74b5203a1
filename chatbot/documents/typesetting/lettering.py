"""Writes lines of text into pictures, in any script.

Pillow places letters that change shape beside each other only where the system has FriBiDi. So HarfBuzz shapes and
draws them here, and Pillow draws all others.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Final, NamedTuple

import uharfbuzz as hb
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from chatbot.documents.typesetting.fonts import FontRun, Typefaces, choose_face, find_in_package
from chatbot.petition.languages import Direction

_KOREAN: Final = ("pylopdf_fonts_ko", "NotoSansKR-Regular.otf")  # with Latin, Greek and Cyrillic
_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "korean": _KOREAN,
    "thai": ("pylopdf_fonts_th", "NotoSansThai-Variable.ttf"),  # with more of Latin
    "latin": ("fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf"),
    "chinese": ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"),
    "arabic": ("pylopdf_fonts_ar", "NotoSansArabic-Variable.ttf"),
    "hebrew": ("pylopdf_fonts_he", "NotoSansHebrew-Variable.ttf"),
    "devanagari": ("pylopdf_fonts_hi", "NotoSansDevanagari-Variable.ttf"),
}
_REGULAR: Final = {"wght": 400.0}
_UNITS: Final = 64
"""Units of HarfBuzz in a pixel."""
_MIDDLE: Final = 0.36
"""Middle of digits above the baseline, relative to the size."""


class _Mask(NamedTuple):
    """A drawn run: its letters as an image, and the place of the image's corner from the start of the baseline."""

    image: Image.Image
    left: int
    top: int


class _Font:
    """A typeface, opened when it is needed."""

    def __init__(self, face: str) -> None:
        self._file = find_in_package(*_FILES[face])
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}

    def __contains__(self, character: object) -> bool:
        return self._glyphs.get_nominal_glyph(character) is not None

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Return Pillow's font of a size in pixels."""
        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(self._file, size)
        return self._sizes[size]

    def measure(self, run: FontRun, size: int) -> float:
        """Return the width of a run in pixels."""
        if not run.is_shaped:
            return self.at(size).getlength(run.text)
        return float(sum(place.x_advance for place in self._shape(run, size).glyph_positions) / _UNITS)

    def draw(self, run: FontRun, size: int) -> _Mask | None:
        """Draw a run whose letters change shape; None if nothing of it is visible."""
        shaped = self._shape(run, size)
        pen = hb.RasterDraw()
        pen.scale_factor = (_UNITS, _UNITS)
        x = 0
        for glyph, place in zip(shaped.glyph_infos, shaped.glyph_positions, strict=True):
            pen.transform = (1, 0, 0, 1, x + place.x_offset, place.y_offset)
            pen.draw_glyph(self._glyphs, glyph.codepoint)
            x += place.x_advance
        drawn = pen.render()
        bounds = drawn.extents
        if not bounds.width or not bounds.height:
            return None
        image = Image.frombytes("L", (bounds.width, bounds.height), drawn.buffer, "raw", "L", bounds.stride, -1)
        return _Mask(image, bounds.x_origin, -bounds.y_origin - bounds.height)

    @cached_property
    def _glyphs(self) -> hb.Font:
        font = hb.Font(hb.Face(hb.Blob.from_file_path(self._file)))
        font.set_variations(_REGULAR)
        return font

    def _shape(self, run: FontRun, size: int) -> hb.Buffer:
        self._glyphs.scale = (size * _UNITS, size * _UNITS)
        buffer = hb.Buffer()
        buffer.add_str(run.text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if run.is_right_to_left else "ltr"
        hb.shape(self._glyphs, buffer)
        return buffer


class Lettering:
    """Writes into one image. `words` are all that will be written; their script chooses the first typeface."""

    def __init__(self, image: Image.Image, words: str, direction: Direction) -> None:
        self._image = image
        self._pen = ImageDraw.Draw(image)
        self._fonts = {face: _Font(face) for face in _FILES}
        face = choose_face(words)
        first = "korean" if face == "latin" else face
        if not all(ord(letter) in self._fonts[first] for letter in words if letter.isalpha()):
            first = max(_FILES, key=lambda face: sum(ord(letter) in self._fonts[face] for letter in words))
        self._typefaces = Typefaces(self._fonts, first, direction)

    def measure(self, text: str, size: int) -> float:
        """Return the width of a line in pixels."""
        return sum(self._fonts[run.face].measure(run, size) for run in self._typefaces.write(text).runs)

    def write(self, at: tuple[float, float], text: str, size: int, colour: str, anchor: str, weight: float) -> None:
        """Write a line; `anchor` is Pillow's, and `weight` thickens the letters by so many pixels."""
        runs = self._typefaces.write(text).runs
        x, y = at
        if any(run.is_shaped for run in runs) and anchor[1] == "m":
            y, anchor = y + size * _MIDDLE, f"{anchor[0]}s"
        if len(runs) != 1:
            x -= self.measure(text, size) * {"l": 0, "m": 0.5, "r": 1}[anchor[0]]
            anchor = f"l{anchor[1]}"
        for run in runs:
            font = self._fonts[run.face]
            if run.is_shaped:
                left = x - font.measure(run, size) * {"l": 0, "m": 0.5, "r": 1}[anchor[0]]
                self._paste(font.draw(run, size), left, y, colour, weight)
            else:
                self._pen.text((x, y), run.text, colour, font.at(size), anchor, stroke_width=weight, stroke_fill=colour)
            x += font.measure(run, size)

    def _paste(self, mask: _Mask | None, x: float, y: float, colour: str, weight: float) -> None:
        if mask is None:
            return
        image, thick = mask.image, round(weight)
        if thick:
            larger = Image.new("L", (image.width + 2 * thick, image.height + 2 * thick))
            larger.paste(image, (thick, thick))
            image = larger.filter(ImageFilter.MaxFilter(2 * thick + 1))
        self._image.paste(colour, (round(x) + mask.left - thick, round(y) + mask.top - thick), image)

"""Chooses a typeface for each letter of any script, and a substitute for letters that no typeface has.

All typefaces are Google's Noto under the Open Font License, from packages and not from this repository. The publishers
of these packages are little known, as are those of the alternatives; so the versions are pinned, and their code never
runs.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from anyascii import anyascii
from fontTools.ttLib import TTFont

from chatbot.documents.typesetting.bidi import find_direction, isolate_tags, order, runs_straight, strip_controls
from chatbot.petition.languages import Direction


class Face(NamedTuple):
    """A typeface: its package, its file there, and whether its letters change shape beside each other.

    `scripts` are those it is the first choice for, as the Unicode names of their letters begin.
    """

    package: str
    file: str
    scripts: frozenset[str]
    is_shaped: bool = False


FACES: Final[Mapping[str, Face]] = {
    "latin": Face(
        "fontpkg_noto_serif", "files/NotoSerif[wdth,wght].ttf", frozenset({"LATIN", "GREEK", "COPTIC", "CYRILLIC"})
    ),
    "korean": Face("pylopdf_fonts_ko", "NotoSerifKR-Regular.otf", frozenset({"HANGUL"})),  # with kana and Korea's Han
    "chinese": Face(
        "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf", frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO"})
    ),
    "arabic": Face("pylopdf_fonts_ar", "NotoNaskhArabic-Variable.ttf", frozenset({"ARABIC"}), is_shaped=True),
    "hebrew": Face("pylopdf_fonts_he", "NotoSerifHebrew-Variable.ttf", frozenset({"HEBREW"}), is_shaped=True),
    "devanagari": Face(
        "pylopdf_fonts_hi", "NotoSerifDevanagari-Variable.ttf", frozenset({"DEVANAGARI"}), is_shaped=True
    ),
    "thai": Face("pylopdf_fonts_th", "NotoSerifThai-Variable.ttf", frozenset({"THAI"}), is_shaped=True),
}
MISSING: Final = "□"
"""Replaces a letter that cannot be written. The Korean typeface has it."""
_PICTURES: Final = ("So", "Sk")
"""Categories of Unicode with emojis, and with the colours of their skin."""
_INVISIBLE: Final = re.compile(
    "(?<![\u0590-\u0dff])[\u200c\u200d]|[\u00ad\u200b\u2060\ufe0e\ufe0f\ufeff\U000e0000-\U000e007f]"
)
"""Characters without a shape, for which some typefaces have a sign. Joiners have a meaning in the scripts that join."""
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
"""Controls and ends of lines, for which nothing can be drawn."""
MOST_RUNS: Final = 5
"""Most runs in one name. Real names use up to three scripts; eighteen would take long to draw."""


@dataclass(frozen=True, slots=True)
class FontRun:
    """Letters in one typeface and one direction, in reading order."""

    face: str
    text: str
    is_shaped: bool
    is_right_to_left: bool = False
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A text ready to draw: its runs from left to right."""

    text: str
    """Its letters in reading order."""
    runs: tuple[FontRun, ...]
    is_changed: bool = False
    """Whether some letters were substituted because no typeface has them."""


def find_file(face: str) -> str:
    """Return the path of a typeface's file."""
    return find_in_package(FACES[face].package, FACES[face].file)


@cache
def read_letters(face: str) -> frozenset[int]:
    """Return the characters that a typeface has."""
    with TTFont(find_file(face), lazy=True) as font:
        return frozenset(font.getBestCmap())


def find_in_package(package: str, file: str) -> str:
    """Return the path of a file in a package without importing the package, so that none of its code runs."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed")
    return str(Path(spec.submodule_search_locations[0], file))


def choose_face(text: str) -> str:
    """Return the typeface for the script of most letters of a text.

    Latin letters count a quarter: texts in other scripts contain hashtags and names in Latin.
    """
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    scripts["LATIN"] //= 4
    return max(FACES, key=lambda face: sum(scripts[script] for script in FACES[face].scripts))


class Typefaces:
    """Chooses typefaces. `covered` has the characters of each; the `first` is tried first."""

    def __init__(self, covered: Mapping[str, Container[int]], first: str, direction: Direction = "ltr") -> None:
        self._covered = {face: covered[face] for face in sorted(FACES, key=lambda face: face != first)}
        self._direction = direction

    @lru_cache(maxsize=4096)  # noqa: B019 - the cache lives as long as the document
    def write(self, text: str) -> Written:
        """Prepare a text for one line."""
        composed = _compose(text)
        known = self._substitute(composed) or (composed and MISSING)
        if runs_straight(known, self._direction):
            runs = self._find_runs(known)
        else:
            runs = self.lay_out(isolate_tags(known), find_direction(known, self._direction))
        if len(runs) > MOST_RUNS and len(self._divide(strip_controls(known))) > MOST_RUNS:
            known = _romanize(known)
            runs = self._find_runs(known)
        return Written(known, runs, known != composed)

    def lay_out(self, text: str, direction: Direction, bold: Sequence[bool] = ()) -> tuple[FontRun, ...]:
        """Divide a line into runs from left to right; `bold` says for each letter whether it is bold."""
        cuts = [place for place in range(1, len(bold)) if bold[place] != bold[place - 1]]
        runs: list[FontRun] = []
        for part, begins, turned in order(text, direction, cuts):
            found = self._find_runs(part, is_right_to_left=turned, is_bold=bool(bold) and bold[begins])
            runs += reversed(found) if turned else found
        return tuple(runs)

    def _find_runs(self, text: str, *, is_right_to_left: bool = False, is_bold: bool = False) -> tuple[FontRun, ...]:
        """Return the runs of a text in one direction, in reading order."""
        return tuple(
            FontRun(face, part, is_right_to_left or _is_shaped(face, part), is_right_to_left, is_bold)
            for face, part in self._divide(text)
        )

    def _divide(self, text: str) -> list[tuple[str, str]]:
        """Split the text into runs of one typeface, in reading order."""
        runs: list[tuple[str, str]] = []
        for character in text:
            face = runs[-1][0] if runs and self._has(runs[-1][0], character) else self._find(character)
            assert face is not None, "letters that no typeface has are substituted before"
            if runs and runs[-1][0] == face:
                runs[-1] = (face, runs[-1][1] + character)
            else:
                runs.append((face, character))
        return runs

    def prepare(self, word: str) -> str:
        """Prepare a word of a paragraph, which is left out if nothing of it can be written, such as an emoji."""
        return self._substitute(_compose(word))

    def _substitute(self, text: str) -> str:
        """Replace what no typeface has: words by Latin letters, or else letters by `MISSING`; leave out pictures."""
        if all(map(self._is_known, text)):
            return text
        return " ".join(filter(None, map(self._substitute_word, text.split(" "))))

    def _substitute_word(self, word: str) -> str:
        if all(map(self._is_known, word)):
            return word
        written = "".join(
            character if self._is_known(character) else _spell(character) or _stand_in(character) for character in word
        )
        return written[:1].upper() + written[1:]

    def _is_known(self, character: str) -> bool:
        return self._find(character) is not None

    def _has(self, face: str, character: str) -> bool:
        # A space joins the run before it, so that the words of a name stay together and in order.
        return character == " " or ord(character) in self._covered[face]

    @lru_cache(maxsize=4096)  # noqa: B019 - the cache lives as long as the document
    def _find(self, character: str) -> str | None:
        return next((face for face in self._covered if self._has(face, character)), None)


def _compose(text: str) -> str:
    """Return the text in one line, with composed letters and without what has no shape."""
    return _INVISIBLE.sub("", _BREAKS.sub(" ", unicodedata.normalize("NFC", text)))


def _spell(character: str) -> str:
    """Write a character in Latin letters; nothing for a picture, whose name nobody has written."""
    return "" if _is_picture(character) else anyascii(character).strip()


def _is_picture(character: str) -> bool:
    return unicodedata.category(character) in _PICTURES


def _stand_in(character: str) -> str:
    return "" if _is_picture(character) or unicodedata.category(character)[0] in "MC" else MISSING


def _is_shaped(face: str, text: str) -> bool:
    return FACES[face].is_shaped or any(unicodedata.category(character)[0] == "M" for character in text)


def _romanize(text: str) -> str:
    """Write the text in Latin letters only."""
    return " ".join(anyascii(word) for word in text.replace(MISSING, " ").split())

"""Removes invisible and harmful characters from texts, and keeps what a script needs.

Names and reasons are shown to other people, exported and read aloud. Characters that are invisible, reorder their
neighbours or pile up over them are removed. Two invisible characters stay: U+200C and U+200D (the joiners) decide how
Persian, Hindi or Sinhala letters connect, and are kept between such letters.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

JOINERS: Final = "\u200c\u200d"
_EMOJI_STYLE: Final = "\ufe0f"

MOST_ACCENTS: Final = 3
"""Most accents on one letter: Sanskrit in Latin letters has three (r̥̄́); no name in use has more."""
MOST_MARKS: Final = 6
"""Most marks of any kind on one letter: a Burmese syllable has up to six, Thai and Arabic two or three."""

MOST_MARKS_IN_A_ROW: Final = 30
"""No writing has more, and sorting them takes quadratic time (UAX #15, Stream-Safe Text Format)."""

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt): soft hyphen, Hangul fillers, bidirectional
# controls, variation selectors, tags … and, by hand, other characters that are shown as nothing: the blank Braille
# pattern, and the interlinear annotation and object replacement characters.
_INVISIBLE: Final = frozenset(
    chr(code)
    for first, last in (
        (0x00AD, 0x00AD),
        (0x034F, 0x034F),
        (0x061C, 0x061C),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFFC),
        (0x1BCA0, 0x1BCA3),
        (0x1D173, 0x1D17A),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)

# Scripts whose letters change shape next to each other, as their Unicode character names begin.
_JOINING_SCRIPTS: Final = frozenset(
    {"ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL"}
    | {"TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN"}
)

# Blocks of accents for any script, without the marks of a single script (Thai vowels, Arabic points).
_ACCENTS: Final = (
    (0x0300, 0x036F),
    (0x0483, 0x0489),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)


def is_letter(character: str) -> bool:
    """Whether `character` is a letter of any script."""
    return unicodedata.category(character)[0] == "L"


def is_mark(character: str) -> bool:
    """Whether `character` combines with the one before it."""
    return unicodedata.category(character)[0] == "M"


def is_decoration(character: str) -> bool:
    """Whether `character` is an emoji or another symbol (★, ™, a skin tone) that belongs to no script."""
    return unicodedata.category(character) == "So" or "\U0001f3fb" <= character <= "\U0001f3ff"


_MOST_CHECKED: Final = 100
"""Only so many characters are checked for the start of a text."""


def begins_like_command(text: str) -> bool:
    """Whether a text looks like a command, even one that Telegram does not recognise, such as `/취소`."""
    return strip_invisible(text[:_MOST_CHECKED]).lstrip().startswith(("/", "\uff0f"))


def limit_marks(text: str) -> str:
    """Remove the marks after thirty others in a row, so that normalising the text is fast."""
    if text.isascii():
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)[0]
        if category == "M":
            marks += 1
        elif category != "C" and character not in _INVISIBLE:  # a character that will be removed ends no row of marks
            marks = 0
        if marks <= MOST_MARKS_IN_A_ROW or category != "M":
            kept.append(character)
    return "".join(kept)


def strip_invisible(text: str, *, is_dropped: Callable[[str], bool] | None = None) -> str:
    """Return `text` in NFC without invisible characters and without those for which `is_dropped` is true.

    White space of any kind except the newline becomes a plain space. Control characters, private-use and unassigned
    ones and lone surrogates are removed, and so are marks without a letter or after thirty others. Joiners stay where
    a script or an emoji needs them. Never raises; doing it twice changes nothing more.
    """
    kept: list[str] = []
    joiner = ""
    marks = 0
    for character in unicodedata.normalize("NFC", limit_marks(text)):
        if character in JOINERS:
            joiner = joiner or character
            continue
        if character == _EMOJI_STYLE and kept and is_decoration(kept[-1]):
            kept.append(character)
            continue
        if character in _INVISIBLE or (is_dropped is not None and is_dropped(character)):
            continue
        category = unicodedata.category(character)
        if category[0] == "Z" or character in "\t\v\f\r\x85":
            character = " "
        elif category[0] == "C" and character != "\n":
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if marks and (marks > MOST_MARKS_IN_A_ROW or not kept or kept[-1] in " \n"):
            continue
        if joiner and kept and _joins(kept[-1], character):
            kept.append(joiner)
        joiner = ""
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


def _joins(before: str, after: str) -> bool:
    """Whether a joiner between these two characters has an effect."""
    if is_decoration(after) and (before == _EMOJI_STYLE or is_decoration(before)):
        return True
    script = _script(before)
    return script in _JOINING_SCRIPTS and script == _script(after)


def _script(character: str) -> str:
    """Return the script of a letter or mark: the first word of its Unicode name; empty for anything else."""
    if unicodedata.category(character)[0] not in "LM":
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


def _piles(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each character of `text`, and False for a mark too many on its letter."""
    marks = accents = 0
    for character in text:
        if not is_mark(character):
            if character not in JOINERS:
                marks = accents = 0
            yield character, True
            continue
        marks += 1
        accents += any(first <= ord(character) <= last for first, last in _ACCENTS)
        yield character, marks <= MOST_MARKS and accents <= MOST_ACCENTS


def is_stacked(text: str) -> bool:
    """Whether a letter of `text` (in NFC) has more marks than any script uses."""
    return any(not fits for _, fits in _piles(text))


def unstack(text: str) -> str:
    """Remove the marks of `text` (in NFC) that are more than any script uses on one letter."""
    return "".join(character for character, fits in _piles(text) if fits)

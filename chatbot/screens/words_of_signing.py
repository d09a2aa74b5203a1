"""The words of signing, which must all be translated before a language is offered to people.

They are all texts that a supporter may meet: from the welcome through the questions, their problems, the human check
and the thanks to the subscription, the choice of a language, and the replies when something goes wrong. Privacy,
withdrawing and forgetting belong to them: people who give a name must be able to read what is stored, and how to take
it back.

They are found in the source, as `pybabel extract` finds them for the catalogs, in every module of `screens` outside the
folder of organizers; the import contracts hold that screens of supporters use nothing of that folder.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.extract import extract

_SCREENS: Final = Path(__file__).parent
_ORGANIZERS: Final = "organizer"
_KEYWORDS: Final[Mapping[str, tuple[int, ...] | None]] = {"_": None, "label": None, "plural": (1, 2)}


@cache
def list_words_of_signing() -> Mapping[str, frozenset[str]]:
    """Map each module of supporters' screens, like `supporter/welcome.py`, to its texts. Reading them takes 30 ms."""
    return _list_texts(file for file in _list_modules() if _ORGANIZERS not in file.parts)


@cache
def list_words_of_organizers() -> Mapping[str, frozenset[str]]:
    """Map each module of organizers' screens to its texts."""
    return _list_texts(file for file in _list_modules() if _ORGANIZERS in file.parts)


def _list_modules() -> Iterator[Path]:
    return (file.relative_to(_SCREENS) for file in sorted(_SCREENS.rglob("*.py")))


def _list_texts(modules: Iterator[Path]) -> dict[str, frozenset[str]]:
    found = {module.as_posix(): frozenset(_extract(_SCREENS / module)) for module in modules}
    return {module: texts for module, texts in found.items() if texts}


def _extract(module: Path) -> Iterator[str]:
    """Yield the texts of a module; of a text with plural forms, the singular."""
    with module.open("rb") as source:
        for _line, message, _comments, _context in extract("python", source, _KEYWORDS):
            yield message if isinstance(message, str) else message[0]

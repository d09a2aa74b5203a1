"""Question of the human check: four pictures of everyday things, one of which is named in words."""

import random
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

PICTURES: Final[Mapping[str, str]] = {
    "apple": "🍎",
    "balloon": "🎈",
    "banana": "🍌",
    "bicycle": "🚲",
    "book": "📖",
    "bus": "🚌",
    "butterfly": "🦋",
    "cat": "🐱",
    "clock": "⏰",
    "elephant": "🐘",
    "fish": "🐟",
    "flower": "🌷",
    "house": "🏠",
    "key": "🔑",
    "moon": "🌙",
    "scissors": "✂️",
    "shoe": "👟",
    "tree": "🌳",
    "turtle": "🐢",
    "umbrella": "☂️",
}
"""Each is easy to distinguish from all others and has a common one-word name. The words are in the screens."""
REST: Final = timedelta(seconds=30)
"""Pause after several wrong answers in a row."""
_SHOWN: Final = 4
_PATIENCE: Final = 3
_VARIANT: Final = "\ufe0f"  # requests the colour picture; a keyboard may leave it out
_CHANCE: Final = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class PictureQuestion:
    """A question, stored with the draft. The data of its buttons does not reveal the right one."""

    shown: tuple[str, ...]
    wanted: str
    mark: str
    """Part of the buttons' data, to distinguish them from those of an earlier question."""
    misses: int = 0
    """Wrong answers in a row."""
    rests_until: int = 0
    """Answers before this moment, in seconds since 1970, are ignored."""

    @classmethod
    def draw(cls, chance: random.Random = _CHANCE) -> Self:
        """Draw a random question."""
        shown = tuple(chance.sample(sorted(PICTURES), _SHOWN))
        return cls(shown, chance.choice(shown), f"{chance.getrandbits(32):08x}")

    def ask_again(self, now: datetime, chance: random.Random = _CHANCE) -> Self:
        """Return the next question after a wrong answer: four other pictures, and a pause after every third."""
        others = sorted(PICTURES.keys() - set(self.shown))
        shown = tuple(chance.sample(others, _SHOWN))
        misses = self.misses + 1
        rests_until = 0 if misses % _PATIENCE else int((now + REST).timestamp())
        return type(self)(shown, chance.choice(shown), f"{chance.getrandbits(32):08x}", misses, rests_until)

    def is_resting(self, now: datetime) -> bool:
        """Whether answers are ignored now. Setting the clock back does not prolong the pause."""
        return now.timestamp() < self.rests_until <= (now + REST).timestamp() + 1

    def find_tapped(self, choice: str) -> str | None:
        """Return the picture of the button with the data `choice`; None for a button of another question."""
        position, _, mark = choice.partition(".")
        if mark != self.mark or position not in map(str, range(len(self.shown))):
            return None
        return self.shown[int(position)]

    def find_typed(self, text: str, words: Mapping[str, Collection[str]]) -> str | None:
        """Return the picture that a text names (by one of its `words`) or contains; None for none or several."""
        said = text.casefold().replace(_VARIANT, "")

        def is_in(thing: str) -> bool:
            return PICTURES[thing].replace(_VARIANT, "") in said or any(
                word.casefold() in said for word in words[thing]
            )

        found = [thing for thing in self.shown if is_in(thing)]
        return found[0] if len(found) == 1 else None

    def to_text(self) -> str:
        """Return the question for storage."""
        return " ".join((self.wanted, self.mark, str(self.misses), str(self.rests_until), *self.shown))

    @classmethod
    def from_text(cls, text: str | None) -> Self | None:
        """Read what `to_text` returned; None if it names an unknown picture."""
        wanted, mark, misses, rests_until, *shown = [*(text or "").split(), *[""] * 4]
        shown = [each for each in shown if each]
        if len(shown) != _SHOWN or not {wanted, *shown} <= PICTURES.keys() or not (misses + rests_until).isdigit():
            return None
        return cls(tuple(shown), wanted, mark, int(misses), int(rests_until))

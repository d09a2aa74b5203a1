"""The human check: four pictures, one named in words, so that it works with a screen reader."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.signing.picture_question import PICTURES, PictureQuestion
from chatbot.screens import callbacks
from chatbot.screens.screen import Press, Screen

WORDS: Final[Mapping[str, Callable[[Translator], str]]] = {
    "apple": lambda _: _.label("apple"),
    "balloon": lambda _: _.label("balloon"),
    "banana": lambda _: _.label("banana"),
    "bicycle": lambda _: _.label("bicycle"),
    "book": lambda _: _.label("book"),
    "bus": lambda _: _.label("bus"),
    "butterfly": lambda _: _.label("butterfly"),
    "cat": lambda _: _.label("cat"),
    "clock": lambda _: _.label("clock"),
    "elephant": lambda _: _.label("elephant"),
    "fish": lambda _: _.label("fish"),
    "flower": lambda _: _.label("flower"),
    "house": lambda _: _.label("house"),
    "key": lambda _: _.label("key"),
    "moon": lambda _: _.label("moon"),
    "scissors": lambda _: _.label("scissors"),
    "shoe": lambda _: _.label("shoe"),
    "tree": lambda _: _.label("tree"),
    "turtle": lambda _: _.label("turtle"),
    "umbrella": lambda _: _.label("umbrella"),
}
"""Name of each picture; no name is part of another."""


def find_words(translators: Iterable[Translator]) -> dict[str, list[str]]:
    """Names of each picture in all languages, for typed answers."""
    spoken = list(translators)
    return {thing: [word(_) for _ in spoken] for thing, word in WORDS.items()}


def ask(_: Translator, picture_question: PictureQuestion, problem: Markup | None = None) -> Screen:
    """Ask for one picture of four. A button's data says its position only."""
    question = _(
        "<b>Before you sign, tap the {thing}.</b>\n\nWe ask only once, to be sure a person is signing.",
        thing=WORDS[picture_question.wanted](_),
    )
    buttons = [
        Press(PICTURES[thing], callbacks.choose(callbacks.HUMAN, str(position), picture_question.mark))
        for position, thing in enumerate(picture_question.shown)
    ]
    pairs = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    back = (Press(_.label("‹ Back"), callbacks.choose(callbacks.HUMAN, callbacks.BACK)),)
    text = question if problem is None else Markup("\n\n").join((problem, question))
    return Screen(text, (*pairs, back))


def missed(_: Translator) -> Markup:
    """Say that it was another picture."""
    return _("That was a different picture. Here are four new ones.")


def rest(_: Translator) -> Markup:
    """Ask somebody with several wrong answers to wait."""
    return _("That was a different one again. Please wait half a minute, then tap one of these.")


def still_resting(_: Translator) -> Markup:
    """Reply to text during the wait."""
    return _("Not yet, please. Wait half a minute, then tap one of these.")


def rest_notice(_: Translator) -> str:
    """Reply to a tap during the wait. Plain text."""
    return _.label("Not yet, please. Wait half a minute, then tap again.")


def tap_or_type(_: Translator) -> Markup:
    """Say that the text names no picture, or several."""
    return _("Tap one of the pictures, or type its name.")


def right(_: Translator) -> Markup:
    """Confirm a correct typed answer."""
    return _("That's right, thank you. Now tap Sign.")

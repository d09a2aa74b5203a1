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
        "<b>One small thing before you sign: tap the {thing}.</b>\n\n"
        "We ask this only once, so that every signature is a person's.",
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
    return _("That was another picture. Here are four new ones.")


def rest(_: Translator) -> Markup:
    """Ask somebody with several wrong answers to wait."""
    return _("That was another picture as well. Please take half a minute, then tap one of these.")


def still_resting(_: Translator) -> Markup:
    """Reply to text during the wait."""
    return _("A moment more, please. In half a minute, tap one of these.")


def rest_notice(_: Translator) -> str:
    """Reply to a tap during the wait. Plain text."""
    return _.label("A moment more, please. In half a minute, tap once more.")


def tap_or_type(_: Translator) -> Markup:
    """Say that the text names no picture, or several."""
    return _("Tap one of the pictures, or type its name.")


def right(_: Translator) -> Markup:
    """Confirm a correct typed answer."""
    return _("Right, thank you. Now tap Sign.")

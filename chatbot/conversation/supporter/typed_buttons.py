"""Typed text that equals the label of a button: people type what they see, in any of the petition's languages."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from chatbot.conversation.turn import Reply, Turn
from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.screen import Press
from chatbot.screens.supporter import signing

_NO_WORDS: Final = re.compile(r"[^\w\s]|_")
_LONGEST: Final = 64
"""Longer texts are no label, in characters."""
_SIGN: Final = callbacks.choose(callbacks.CHECK, callbacks.SIGN)


async def find_typed_button(turn: Turn, ask: Callable[[Turn], Awaitable[Reply]], text: str) -> str | None:
    """Return the data of the button of this question with this label, but never of the one that signs."""
    typed = _strip(text)
    if not typed or len(text) > _LONGEST:
        return None
    for language, translator in turn.translators.items():
        reply = await ask(replace(turn, language=language, _=translator))
        for row in reply.screen.rows if reply.screen else ():
            for button in row:
                if isinstance(button, Press) and typed in map(_strip, _list_labels(translator, button)):
                    return button.action
    return None


def _list_labels(_: Translator, button: Press) -> tuple[str, ...]:
    """List what may be typed for a button: its label and, if it keeps an answer and names it, "Back" as well."""
    if button.action.startswith(_SIGN):
        return ()
    keeps = callbacks.read(button.action).argument == callbacks.KEEP
    return (button.label, signing.back_label(_)) if keeps else (button.label,)


def is_sign_label(turn: Turn, text: str) -> bool:
    """Whether the text is the label of a button that signs. Typing it signs nothing, and it is no name or reason."""
    labels = (label for translator in turn.translators.values() for label in signing.sign_labels(translator))
    return len(text) <= _LONGEST and _strip(text) in map(_strip, labels)


def _strip(text: str) -> str:
    """Return the words of a label, without emoji, punctuation and case."""
    return " ".join(_NO_WORDS.sub(" ", text).casefold().split())

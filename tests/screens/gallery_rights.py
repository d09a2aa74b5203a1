"""The screens of what people may do with what is kept about them."""

from collections.abc import Iterator
from dataclasses import replace

from chatbot.i18n import Translator
from chatbot.screens import forgetting, withdrawing
from chatbot.screens.screen import Screen
from chatbot.screens.standing import Standing


def rights_screens(_: Translator, number: int, new: Standing) -> Iterator[tuple[str, Screen]]:
    """Yield each screen with a name of its own."""
    signed = replace(new, number=number, updates="en")
    yield "withdraw", withdrawing.ask(_, number, signed, "withdraw:abcdefghijk")
    yield "withdraw-closed", withdrawing.ask(_, number, replace(signed, is_open=False, updates=None), "withdraw:x")
    yield "withdraw-done", withdrawing.taken_back(_, new)
    yield "withdraw-nothing", withdrawing.nothing_signed(_, new)
    yield "withdraw-drafting", withdrawing.nothing_signed(_, replace(new, drafting=True))
    yield "forget", forgetting.ask(_, new, "forget:abcdefghijk")
    yield "forget-signed", forgetting.ask(_, signed, "forget:abcdefghijk", in_team=True)
    yield "forget-done", forgetting.farewell(_)
    yield "forget-nothing", forgetting.nothing_kept(_)
    yield "forget-named", forgetting.is_named(_)
    yield "forget-last-owner", forgetting.last_owner(_)

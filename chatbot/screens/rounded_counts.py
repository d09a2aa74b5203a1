"""Rounded counts of signatures, as people read them."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.rounding import FEW, round_down


def about(_: Translator, count: int) -> str:
    """Write `count` without revealing a single person: "430+" or "at most 19"."""
    rounded = round_down(count)
    if not rounded:
        return _.label("at most {most}", most=_.number(FEW - 1))
    return _.label("{count}+", count=_.number(rounded))


def people(_: Translator, broadcast: Broadcast, count: int) -> str:
    """Write the number of recipients; rounded if they get it because they signed."""
    return about(_, count) if broadcast.is_by_signature else _.number(count)

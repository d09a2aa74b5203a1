"""How counts of signatures are written that are shown in round numbers."""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.rounding import FEW, round_down


def about(_: Translator, count: int) -> str:
    """Write `count` so that nobody learns from it about one person: "430+" or "fewer than 20"."""
    rounded = round_down(count)
    if not rounded:
        return _.label("fewer than {count}", count=_.number(FEW))
    return _.label("{count}+", count=_.number(rounded))


def people(_: Translator, broadcast: Broadcast, count: int) -> str:
    """Write how many get an update; of those who get it because of what they signed, in round numbers."""
    return about(_, count) if broadcast.by_signature else _.number(count)

"""Rounded counts of people and of signatures, as people read them.

The word that is counted goes with its number, because some languages put it inside: 430명 이상 are 430 people or more.
"""

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.rounding import FEW, round_down


def about(_: Translator, count: int, known: int = 0) -> str:
    """Write a number of people without revealing a single one: "430+" or "at most 19".

    Of a few people whose number is `known`, it says that these are the most.
    """
    rounded = round_down(count)
    if not rounded:
        return _.label("at most {most}", most=_.number(known if 0 < known < FEW else FEW - 1))
    return _.label("{count}+", count=_.number(rounded))


def about_signatures(_: Translator, count: int) -> str:
    """Write a number of signatures without revealing a single one."""
    rounded = round_down(count)
    if not rounded:
        return _.label("{most} at most", most=_.number(FEW - 1))
    return _.label("{count}-plus", count=_.number(rounded))


def exactly(_: Translator, count: int) -> str:
    """Write a number of people as it is."""
    return str(_.plural("{count}", "{count}", count))


def people(_: Translator, broadcast: Broadcast, count: int) -> str:
    """Write the number of recipients; rounded if they get it because they signed."""
    return about(_, count) if broadcast.is_by_signature else exactly(_, count)

"""The questions of signing, each of which can be asked again at any time from what is known."""

from markupsafe import Markup

from chatbot.conversation.turn import Turn
from chatbot.petition.countries import likely_countries
from chatbot.petition.names import NameRefused, read_name
from chatbot.screens import signing
from chatbot.screens.screen import Screen

_OFFERS = 6


def ask(turn: Turn, problem: Markup | None = None) -> Screen:
    """Ask the question the supporter is at, telling first what was wrong with their last answer, if anything."""
    match turn.place:
        case "name":
            return signing.ask_name(turn._, turn.draft, profile_name(turn), problem)
        case "country":
            return signing.ask_country(turn._, turn.draft, turn.language, _likely(turn), problem)
        case "reason":
            return signing.ask_reason(turn._, turn.draft, problem)
        case "check":
            return signing.check(turn._, turn.draft, turn.campaign, turn.language, problem)
        case _:
            raise ValueError("nothing is asked of somebody who is not signing")


def profile_name(turn: Turn) -> str | None:
    """Their name as Telegram shows it, if a petition can take it."""
    try:
        return read_name(turn.person.name)
    except NameRefused:
        return None


def _likely(turn: Turn) -> tuple[str, ...]:
    return likely_countries(turn.person.language_code, turn.campaign.likely_countries, _OFFERS)

"""The questions of signing, each of which can be asked again at any time from what is known."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.interface import Edited, Said
from chatbot.conversation.turn import Turn
from chatbot.petition.countries.find import likely_countries
from chatbot.petition.signing.draft import Draft
from chatbot.petition.signing.names import NameRefusedError, read_name
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import human_check, sealed_names, signing

_OFFERS = 6


def ask(turn: Turn, problem: Markup | None = None) -> Screen:
    """Ask the question the supporter is at, telling first what was wrong with their last answer, if anything."""
    match turn.step:
        case "name":
            return signing.ask_name(turn._, shown(turn), profile_name(turn), problem)
        case "country":
            return signing.ask_country(turn._, turn.draft, turn.language, likely(turn), problem)
        case "reason":
            return signing.ask_reason(turn._, shown(turn), problem)
        case "human" if turn.draft.picture_question is not None:
            return human_check.ask(turn._, turn.draft.picture_question, problem)
        case "check" | "human":
            return signing.check(turn._, turn.draft, shown(turn), turn.campaign, turn.language, problem)
        case _:
            raise ValueError("nothing is asked of somebody who is not signing")


def message_id(turn: Turn) -> int | None:
    """The message in which they typed what is heard."""
    said = turn.event.said if isinstance(turn.event, Edited) else turn.event
    return said.message_id if isinstance(said, Said) else None


def profile_name(turn: Turn) -> str | None:
    """Their name as Telegram shows it, if a petition can take it."""
    try:
        return read_name(turn.person.name)
    except NameRefusedError:
        return None


def shown(turn: Turn) -> Draft:
    """The answers so far as they can be shown: what is sealed, and no longer remembered, only says so."""

    def show(kept: str | None) -> str | None:
        return None if kept is None else turn.name_vault.recall(kept) or sealed_names.closed(turn._)

    return replace(turn.draft, name=show(turn.draft.name), reason=show(turn.draft.reason))


def likely(turn: Turn) -> tuple[str, ...]:
    """The countries to offer them first, as ISO codes."""
    return likely_countries(turn.person.language_code, turn.campaign.likely_countries, _OFFERS)

"""The questions of signing, drawn from what the turn knows."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.interface import Edited, Said
from chatbot.conversation.turn import Turn
from chatbot.petition.countries.home import find_home_country
from chatbot.petition.countries.likely import likely_countries
from chatbot.petition.signing.draft import Draft
from chatbot.petition.signing.names import NameRefusedError, read_name
from chatbot.screens import refusals
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import human_check, signing

_OFFERS = 6


def ask(turn: Turn, problem: Markup | None = None) -> Screen:
    """Draw the open question. A `problem` with the last answer comes first."""
    match turn.step:
        case "name":
            return signing.ask_name(turn._, shown(turn), profile_name(turn), problem or _tell_unusable(turn))
        case "country":
            return signing.ask_country(turn._, turn.draft, likely(turn), problem)
        case "reason":
            return signing.ask_reason(turn._, shown(turn), problem)
        case "human" if turn.draft.picture_question is not None:
            return human_check.ask(turn._, turn.draft.picture_question, problem)
        case "check" | "human":
            return signing.check(turn._, turn.draft, shown(turn), turn.campaign, turn.language, problem)
        case _:
            raise ValueError("no question of signing is open")


def message_id(turn: Turn) -> int | None:
    """Give the id of the message they typed; None for a tap."""
    said = turn.event.said if isinstance(turn.event, Edited) else turn.event
    return said.message_id if isinstance(said, Said) else None


def profile_name(turn: Turn) -> str | None:
    """Give the name of their Telegram profile; None if it cannot sign."""
    try:
        return read_name(turn.person.name)
    except NameRefusedError:
        return None


def is_profile_unusable(turn: Turn) -> bool:
    """Whether their Telegram profile has a name that cannot sign: with an address, for example, or of pictures only."""
    return bool(turn.person.name.strip()) and profile_name(turn) is None


def _tell_unusable(turn: Turn) -> Markup | None:
    return refusals.profile_unusable(turn._) if turn.draft.name is None and is_profile_unusable(turn) else None


def shown(turn: Turn) -> Draft:
    """Give the answers as text. A sealed answer that is no longer remembered only says so."""
    draft = turn.draft
    name, reason = recall(turn, draft.name), recall(turn, draft.reason)
    return draft if (name, reason) == (draft.name, draft.reason) else replace(draft, name=name, reason=reason)


def recall(turn: Turn, stored: str | None) -> str | None:
    """Return a stored name or reason as text, or the words for one that is sealed and no longer remembered."""
    return None if stored is None else turn.name_vault.recall(stored) or signing.sealed(turn._)


def fill_in(turn: Turn) -> Draft:
    """Give a new draft with the name of their profile, if it can sign, and their country, if it is nearly sure.

    Both are shown before they sign.
    """
    profile, campaign = profile_name(turn), turn.campaign
    country = find_home_country(turn.person.language_code, campaign.listed, campaign.at_risk_countries)
    return Draft(turn.name_vault.seal(profile) if profile else None, country)


def note_risk(turn: Turn, draft: Draft) -> Draft:
    """Note that a check told them how to leave less behind, if their country asks for it: it is told once."""
    return replace(draft, knows_risk=draft.knows_risk or draft.country in turn.campaign.at_risk_countries)


def likely(turn: Turn) -> tuple[str, ...]:
    """Give the ISO codes of the countries to offer first; those where signing is dangerous come last."""
    at_risk = turn.campaign.at_risk_countries
    offers = likely_countries(turn.person.language_code, turn.words.likely_countries, _OFFERS)
    return tuple(sorted(offers, key=lambda code: code in at_risk))

"""Conditions of the review, chosen with buttons or typed. They are the member's undecided set-aside.

Only owners may choose: with enough filters one can find out who signed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from chatbot.conversation.organizer.records import one_signature
from chatbot.conversation.organizer.records.counting import count, show
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.dates.zones import find_midnight
from chatbot.petition.exports.links import is_name
from chatbot.petition.review.filter import ReviewFilter, hash_name
from chatbot.petition.review.parse_filter import parse_filter, parse_signature_number
from chatbot.petition.rounding import round_all
from chatbot.petition.signing.names import NameRefusedError, read_name
from chatbot.screens.callbacks import split
from chatbot.screens.organizer import menu as menu_screens
from chatbot.screens.organizer.records import review_conditions as screens
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import counters

_OFFERED: Final = 6
"""Links and countries that are offered as buttons."""
_SECONDS: Final = 10
_GROUPS: Final = ("+direct", "+friends", "+other")


async def begin(turn: Turn) -> Reply:
    """Ask for conditions, without those that were chosen before."""
    if not turn.is_owner:
        return show(turn, menu_screens.may_not(turn._, "owner"))
    await set_asides.drop_undecided(turn.tx, turn.person.id)
    return Reply(screens.ask_conditions(turn._), "review_conditions", turn.draft)


async def ask_again(turn: Turn) -> Reply:
    """Ask for conditions; those chosen before stay."""
    if not turn.is_owner:
        return show(turn, menu_screens.may_not(turn._, "owner"))
    return Reply(screens.ask_conditions(turn._), "review_conditions", turn.draft)


async def hear(turn: Turn, text: str) -> Reply:
    """Take typed conditions, or the number of one signature. They are added to those chosen before."""
    if not turn.is_owner:
        return await begin(turn)
    number = parse_signature_number(text, turn.languages)
    if number is not None:
        return await one_signature.show_card(turn, number)
    zone = turn.campaign.zone
    typed = parse_filter(text, turn.now.astimezone(zone).date(), zone, turn.languages)
    if typed is None:
        return Reply(screens.ask_typed(turn._, screens.not_understood(turn._)), "review_conditions", turn.draft)
    if typed.name and turn.name_vault.is_sealing:
        return await _ask_name(turn)
    _words, colon, name = text.rpartition(":")
    names = {typed.name: " ".join(name.split())} if typed.name and colon else {}
    return await _count(turn, _combine(await _find_chosen(turn), typed), names)


async def hear_link(turn: Turn, text: str) -> Reply:
    """Take the typed name of a link."""
    if not turn.is_owner:
        return await begin(turn)
    name = text.strip()
    if not is_name(name):
        return await _ask_link(turn, screens.no_such_link(turn._))
    return await _count(turn, replace(await _find_chosen(turn), source=name))


async def hear_name(turn: Turn, text: str) -> Reply:
    """Take the typed name of somebody who signed."""
    if not turn.is_owner:
        return await begin(turn)
    if turn.name_vault.is_sealing:
        return await _ask_name(turn)
    try:
        name = read_name(text)
    except NameRefusedError:
        return await _ask_name(turn, screens.not_understood(turn._))
    hashed = hash_name(name)
    return await _count(turn, replace(await _find_chosen(turn), name=hashed), {hashed: name})


async def press_ask(turn: Turn, what: str) -> Reply:
    """Ask for one condition: `ask:<what>`."""
    if not turn.is_owner:
        return await begin(turn)
    return await _QUESTIONS[what](turn) if what in _QUESTIONS else answer_unknown(turn)


async def press_with(turn: Turn, argument: str) -> Reply:
    """Add a condition or take it away: `with:<what>:<value>`."""
    if not turn.is_owner:
        return await begin(turn)
    what, value = split(argument, 2)
    chosen = await _find_chosen(turn)
    changed = await (_take_away(chosen, what) if value == "off" else _add(turn, chosen, what, value))
    if changed is None:
        notice = screens.no_new_accounts(turn._) if what == "new" else None
        return Reply.staying(turn, None, notice) if notice else answer_unknown(turn)
    if changed == ReviewFilter():
        return await begin(turn)
    return await _count(turn, changed)


async def _count(turn: Turn, chosen: ReviewFilter, names: Mapping[str, str] | None = None) -> Reply:
    """Have them counted; more conditions can be typed meanwhile."""
    known = dict(names or {})
    before = await set_asides.find_undecided(turn.tx, turn.person.id)
    if chosen.name and chosen.name not in known and before and not turn.name_vault.is_sealing:
        known |= {chosen.name: name} if (name := await set_asides.find_name(turn.tx, before)) else {}
    reply = await count(turn, chosen, known)
    return Reply(reply.screen, "review_conditions", turn.draft)


async def _find_chosen(turn: Turn) -> ReviewFilter:
    undecided = await set_asides.find_undecided(turn.tx, turn.person.id)
    chosen = undecided.review_filter if undecided else ReviewFilter()
    return ReviewFilter() if chosen.number is not None else chosen


def _combine(chosen: ReviewFilter, typed: ReviewFilter) -> ReviewFilter:
    """Add typed conditions; days replace days."""
    if typed.since is not None or typed.before is not None:
        chosen = replace(chosen, since=typed.since, before=typed.before)
    return replace(
        chosen,
        country=typed.country or chosen.country,
        source=typed.source or chosen.source,
        name=typed.name or chosen.name,
        faster_than=chosen.faster_than if typed.faster_than is None else typed.faster_than,
        ids_from=typed.ids_from or chosen.ids_from,
    )


async def _add(turn: Turn, chosen: ReviewFilter, what: str, value: str) -> ReviewFilter | None:
    zone = turn.campaign.zone
    today = turn.now.astimezone(zone).date()
    match what:
        case "today" | "yesterday":
            later = 0 if what == "today" else -1
            since, before = find_midnight(today, zone, later=later), find_midnight(today, zone, later=later + 1)
            return replace(chosen, since=since, before=before)
        case "link" if is_name(value) or value in _GROUPS:
            return replace(chosen, source=value)
        case "country" if value in await counters.read_signatures_by_country(turn.tx):
            return replace(chosen, country=value)
        case "fast":
            return replace(chosen, faster_than=_SECONDS)
        case "new":
            ids_from = await signals.find_first_new_id(turn.tx)
            return replace(chosen, ids_from=ids_from) if ids_from else None
    return None


async def _take_away(chosen: ReviewFilter, what: str) -> ReviewFilter | None:
    match what:
        case "days":
            return replace(chosen, since=None, before=None)
        case "link":
            return replace(chosen, source=None)
        case "country":
            return replace(chosen, country=None)
        case "fast":
            return replace(chosen, faster_than=None)
        case "new":
            return replace(chosen, ids_from=None)
        case "name":
            return replace(chosen, name=None)
    return None


async def _ask_typed(turn: Turn) -> Reply:
    return Reply(screens.ask_typed(turn._), "review_conditions", turn.draft)


async def _ask_days(turn: Turn) -> Reply:
    return Reply(screens.ask_days(turn._), "review_conditions", turn.draft)


async def _ask_number(turn: Turn) -> Reply:
    return Reply(screens.ask_number(turn._), "review_conditions", turn.draft)


async def _ask_name(turn: Turn, problem: Markup | None = None) -> Reply:
    sealed = turn.name_vault.is_sealing
    step: StepName = "review_conditions" if sealed else "review_name"
    return Reply(screens.ask_name(turn._, problem, sealed=sealed), step, turn.draft)


async def _ask_link(turn: Turn, problem: Markup | None = None) -> Reply:
    links = round_all(await counters.read_all(turn.tx, counters.SOURCES))
    most = sorted(links, key=lambda link: (-links[link], link))[:_OFFERED]
    return Reply(screens.ask_link(turn._, most, problem), "review_link", turn.draft)


async def _ask_country(turn: Turn) -> Reply:
    countries = round_all(await counters.read_signatures_by_country(turn.tx))
    most = sorted(countries, key=lambda country: (-countries[country], country))[:_OFFERED]
    return Reply(screens.ask_country(turn._, most), "review_conditions", turn.draft)


ask_link: Final = _ask_link
ask_name: Final = _ask_name
_QUESTIONS: Final[Mapping[str, Callable[[Turn], Awaitable[Reply]]]] = {
    "back": ask_again,
    "typed": _ask_typed,
    "days": _ask_days,
    "number": _ask_number,
    "name": _ask_name,
    "link": _ask_link,
    "country": _ask_country,
}

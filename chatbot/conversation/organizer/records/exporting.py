"""Exports: owners choose a file, see its number of rows and confirm; a job makes the file and sends it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.countries.find import find_country
from chatbot.petition.exports.parse_days import read_days
from chatbot.petition.exports.request import ExportRequest, from_code, to_code
from chatbot.petition.rounding import round_all, round_down
from chatbot.screens import callbacks
from chatbot.screens.organizer.records import exporting as screens
from chatbot.screens.organizer.records import petition_pdf
from chatbot.storage.organizer import jobs
from chatbot.storage.people import confirmations, listing, signatures

KIND: Final = "document"
"""The kind of the job; see jobs/handlers/documents.py."""
_COUNTRIES: Final = 5
_NOTED: Final = ("format", "first_day", "last_day", "country")


async def export(turn: Turn, text: str) -> Reply:
    """Offer a file. Days and a country may be typed after the command."""
    order = _read(turn, text)
    return await _choose(turn, order or _everything(turn), None if order else screens.not_understood(turn._))


async def ask_choice(turn: Turn) -> Reply:
    """Ask for days or a country."""
    return Reply(screens.ask_choice(turn._), "export", turn.draft)


async def hear_choice(turn: Turn, text: str) -> Reply:
    """Take typed days, a country, or both."""
    order = _read(turn, text)
    if order is None or order == _everything(turn):
        return Reply(screens.ask_choice(turn._, screens.not_understood(turn._)), "export", turn.draft)
    return await _choose(turn, order)


def _everything(turn: Turn) -> ExportRequest:
    return ExportRequest("signatures", "xlsx", turn.language)


def _read(turn: Turn, text: str) -> ExportRequest | None:
    """Read days and a country; None if some of the words are neither."""
    days, rest = read_days(text, _today(turn), turn.languages)
    country = find_country(rest, turn.languages).sure if rest else None
    if rest and country is None:
        return None
    first, last = days or (None, None)
    return replace(_everything(turn), first_day=first, last_day=last, country=country)


async def deliver(turn: Turn, _argument: str) -> Reply:
    """Offer the petition document."""
    orders = {language: ExportRequest("delivery", "pdf", language) for language in turn.campaign.languages}
    total = turn.campaign.carried_over + turn.signed_here
    screen = petition_pdf.offer(turn._, turn.words.addressee, orders, total, turn.signed_here)
    return FEATURE.show(turn, screen)


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>:<request>[:<code>]`."""
    what, code, more = callbacks.split(argument, 3)
    order = from_code(code)
    if order is None or order.language not in turn.campaign.languages:
        return answer_unknown(turn)
    match what:
        case "show":
            return await _choose(turn, order)
        case "type":
            return await ask_choice(turn)
        case "ask":
            return await _ask(turn, order)
        case "make":
            return await _make(turn, order, more)
    return answer_unknown(turn)


async def _choose(turn: Turn, order: ExportRequest, problem: Markup | None = None) -> Reply:
    if order.what == "delivery":
        return await deliver(turn, "")
    counts = round_all(await signatures.count_by_country(turn.tx))
    most = sorted(counts, key=lambda code: (-counts[code], code))[:_COUNTRIES]
    if order.country is not None and order.country not in most:
        most = [*most[: _COUNTRIES - 1], order.country]
    screen = screens.choose(turn._, order, _periods(_today(turn)), most, await _count(turn, order), problem)
    return FEATURE.show(turn, screen)


async def _ask(turn: Turn, order: ExportRequest) -> Reply:
    code = await confirmations.ask(turn.tx, turn.person.id, _about(order), turn.now)
    yes = callbacks.EXPORT("make", to_code(order), code)
    return Reply.staying(turn, screens.confirm(turn._, order, await _count(turn, order), yes))


async def _make(turn: Turn, order: ExportRequest, code: str) -> Reply:
    if await jobs.is_at_limit(turn.tx, KIND, turn.person.id):
        return Reply.staying(turn, None, screens.wait_for_files(turn._))
    if not await confirmations.take(turn.tx, code, turn.person.id, _about(order), turn.now):
        return Reply.staying(turn, None, screens.is_being_made(turn._))
    rows, _ = await _count(turn, order)
    if order.what == "signatures":
        rows = round_down(rows)  # organizers, who read the audit log, may not learn exact numbers of a day or a country
    details = order.to_details()
    await jobs.add(turn.tx, KIND, details, turn.now, chat_id=turn.person.id)
    await note(turn, f"export.{order.what}", rows=rows, **{name: details[name] for name in _NOTED})
    return Reply.staying(turn, screens.being_made(turn._))


def _about(order: ExportRequest) -> str:
    return f"export {to_code(order)}"


async def _count(turn: Turn, order: ExportRequest) -> tuple[int, bool]:
    since, before = order.begins_at(turn._.zone), order.ends_at(turn._.zone)
    if order.what == "delivery":
        return turn.campaign.carried_over + turn.signed_here, False
    if order.what == "log":
        return await listing.count_audit_entries(turn.tx, since, before), False
    found = await listing.count(turn.tx, listing.Selection(since, before, order.country))
    return found.value, found.at_most


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn._.zone).date()


def _periods(today: date) -> tuple[screens.DayRange, ...]:
    month = today.replace(day=1)
    last_month = month - timedelta(days=1)
    return (
        (None, None),
        (today - timedelta(days=today.weekday()), today),
        (month, today),
        (last_month.replace(day=1), last_month),
    )


FEATURE: Final = Feature(
    callbacks.EXPORT,
    press=press,
    commands={"export": export, "deliver": deliver},
    steps={"export": Step(hear_choice, ask_choice, export, ("idle",), needs="owner")},
    needs="owner",
)

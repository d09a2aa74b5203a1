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
from chatbot.petition.countries.names import rank
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
_COUNTED: Final = 10_000
"""Names up to which the question before the petition document counts them."""
_NOTED: Final = ("format", "first_day", "last_day", "country")


async def export(turn: Turn, text: str) -> Reply:
    """Offer a file. Days and a country may be typed after the command."""
    if not text.strip():
        return await _choose(turn, _everything(turn))
    request = _read(turn, text, all_of_it := _everything(turn))
    problem = None if request else screens.not_understood(turn._, all_of_it)
    return await _choose(turn, request or all_of_it, problem)


async def ask_choice(turn: Turn) -> Reply:
    """Ask for days or a country."""
    return _ask_choice(turn, _find_order(turn))


async def hear_choice(turn: Turn, text: str) -> Reply:
    """Take typed days, a country, or both, for the file that was chosen before."""
    order = _find_order(turn)
    request = _read(turn, text, order)
    if request is None:
        return _ask_choice(turn, order, screens.not_understood(turn._, order))
    return await _choose(turn, request)


async def _leave(turn: Turn, _argument: str) -> Reply:
    return await _choose(turn, _find_order(turn))


def _ask_choice(turn: Turn, order: ExportRequest, problem: Markup | None = None) -> Reply:
    return Reply(screens.ask_choice(turn._, order, problem), "export", turn.draft, order=to_code(order))


def _find_order(turn: Turn) -> ExportRequest:
    """Return the file whose days were asked for. An old question does not say which; then it is all signatures."""
    order = from_code(turn.order)
    is_known = order is not None and order.what != "delivery" and order.language in turn.campaign.languages
    return order if order is not None and is_known else _everything(turn)


def _everything(turn: Turn) -> ExportRequest:
    return ExportRequest("signatures", "xlsx", turn.language)


def _read(turn: Turn, text: str, order: ExportRequest) -> ExportRequest | None:
    """Put typed days, a country or both into an order; None if some of the words are neither, or there are none.

    The log is of no country.
    """
    days, rest = read_days(text, _today(turn), turn.languages)
    country = find_country(rest, turn.languages).sure if rest else None
    if (rest and (country is None or order.what == "log")) or not (days or country):
        return None
    first, last = days or (order.first_day, order.last_day)
    return replace(order, first_day=first, last_day=last, country=country or order.country)


async def deliver(turn: Turn, _argument: str) -> Reply:
    """Offer the petition document."""
    requests = {language: ExportRequest("delivery", "pdf", language) for language in turn.campaign.languages}
    screen = petition_pdf.offer(
        turn._, turn.words.addressee, requests, await _find_contents(turn), is_open=turn.is_open
    )
    return FEATURE.show(turn, screen)


async def _find_contents(turn: Turn) -> petition_pdf.Contents:
    """Find what the petition document will have in it."""
    named = await listing.count_named(turn.tx, _COUNTED + 1)
    return petition_pdf.Contents(
        turn.total,
        turn.signed_here,
        min(named, _COUNTED),
        is_counted=named <= _COUNTED,
        sealed=turn.name_vault.is_sealing,
    )


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>:<request>[:<code>]`."""
    what, code, more = callbacks.split(argument, 3)
    request = from_code(code)
    if request is None or request.language not in turn.campaign.languages:
        return answer_unknown(turn)
    match what:
        case "show":
            return await _choose(turn, request)
        case "type":
            return _ask_choice(turn, request)
        case "ask":
            return await _ask(turn, request)
        case "make":
            return await _make(turn, request, more)
    return answer_unknown(turn)


async def _choose(turn: Turn, request: ExportRequest, problem: Markup | None = None) -> Reply:
    if request.what == "delivery":
        return await deliver(turn, "")
    counts = round_all(await signatures.count_by_country(turn.tx))
    most = [code for code, _ in rank(counts, _COUNTRIES)]
    if request.country is not None and request.country not in most:
        most = [*most[: _COUNTRIES - 1], request.country]
    screen = screens.choose(turn._, request, _periods(_today(turn)), most, await _count(turn, request), problem)
    return FEATURE.show(turn, screen)


async def _ask(turn: Turn, request: ExportRequest) -> Reply:
    code = await confirmations.ask(turn.tx, turn.person.id, _about(request), turn.now)
    yes = callbacks.EXPORT("make", to_code(request), code)
    found, contents = await _find_contents(turn), None
    rows = await _count(turn, request)
    if request.what == "delivery":
        contents = petition_pdf.list_contents(turn._, found)
    elif request == ExportRequest("signatures", request.format, request.language) and found.is_counted:
        contents = screens.list_rows(turn._, request, rows, found.named)
    return Reply.staying(turn, screens.confirm(turn._, request, rows, yes, contents))


async def _make(turn: Turn, request: ExportRequest, code: str) -> Reply:
    if await jobs.is_at_limit(turn.tx, KIND, turn.person.id):
        return Reply.staying(turn, None, screens.wait_for_files(turn._))
    if not await confirmations.take(turn.tx, code, turn.person.id, _about(request), turn.now):
        return Reply.staying(turn, None, screens.is_being_made(turn._))
    rows, _ = await _count(turn, request)
    if request.what == "signatures":
        rows = round_down(rows)  # organizers, who read the audit log, may not learn exact numbers of a day or a country
    details = request.to_details()
    await jobs.add(turn.tx, KIND, details, turn.now, chat_id=turn.person.id)
    await note(turn, f"export.{request.what}", rows=rows, **{name: details[name] for name in _NOTED})
    return Reply.staying(turn, screens.being_made(turn._))


def _about(request: ExportRequest) -> str:
    return f"export {to_code(request)}"


async def _count(turn: Turn, request: ExportRequest) -> tuple[int, bool]:
    zone = turn.campaign.zone
    since, before = request.begins_at(zone), request.ends_at(zone)
    if request.what == "delivery":
        return turn.total, False
    if request.what == "log":
        return await listing.count_audit_entries(turn.tx, since, before), False
    found = await listing.count(turn.tx, listing.Selection(since, before, request.country))
    return found.value, found.at_most


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.campaign.zone).date()


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
    steps={"export": Step(hear_choice, ask_choice, _leave, ("idle",), needs="owner")},
    needs="owner",
)

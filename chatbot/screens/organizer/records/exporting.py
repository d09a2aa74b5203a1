"""Exporting signatures: the choices, the confirmation and the files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from babel.dates import format_skeleton
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.exports.request import ExportRequest, to_code
from chatbot.screens import callbacks, times
from chatbot.screens.countries import flagged
from chatbot.screens.rounded_counts import about_signatures
from chatbot.screens.screen import ButtonRow, Press, Screen

DayRange = tuple[date | None, date | None]
_EXAMPLE: Final = "2026-11-01 – 2026-11-30"


def choose(
    _: Translator,
    request: ExportRequest,
    periods: Sequence[DayRange],
    countries: Sequence[str],
    rows: tuple[int, bool],
    problem: Markup | None = None,
) -> Screen:
    """Show the choices, each part a button; `rows` is the count and whether it is rounded.

    `periods` are all time, this week, this month and last month; `countries` those with the most signatures.
    """
    parts = [
        problem,
        _("📤 <b>Export</b>"),
        described(_, request),
        _expected(_, request, rows),
    ]
    buttons: list[ButtonRow] = [
        (
            _option(_.label("Signatures"), request, replace(request, what="signatures")),
            _option(_.label("Log"), request, replace(request, what="log", country=None)),
        ),
        (
            _option("CSV", request, replace(request, format="csv")),
            _option("Excel", request, replace(request, format="xlsx")),
        ),
    ]
    names = (_.label("All time"), _.label("This week"), _.label("This month"), _.label("Last month"))
    spanned = [
        _option(name, request, replace(request, first_day=first, last_day=last))
        for name, (first, last) in zip(names, periods, strict=True)
    ]
    buttons += [tuple(spanned[:2]), tuple(spanned[2:])]
    if request.what == "signatures":
        places = [_option(_.label("All countries"), request, replace(request, country=None))]
        places += [_option(flagged(_, code), request, replace(request, country=code)) for code in countries]
        buttons += [tuple(places[start : start + 2]) for start in range(0, len(places), 2)]
    other = _.label("✏️ Other days …") if request.what == "log" else _.label("✏️ Other days or country …")
    buttons.append((Press(other, callbacks.EXPORT("type", to_code(request))),))
    if rows[0] or _is_part(request):
        buttons.append((Press(_.label("📤 Make the file …"), callbacks.EXPORT("ask", to_code(request)), "primary"),))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(buttons))


def ask_choice(_: Translator, order: ExportRequest, problem: Markup | None = None) -> Screen:
    """Ask for typed days, a country, or both, for the file in `order`."""
    if order.what == "log":
        question = _("✏️ <b>Which days?</b>\n\nType it like this:\n<code>{example}</code>", example=_EXAMPLE)
    else:
        question = _(
            "✏️ <b>Which days, which country?</b>\n\nType it like this:\n<code>{example}</code>",
            example=f"{_EXAMPLE} {_.country('CA')}",
        )
    back = Press(_.label("‹ Back"), callbacks.EXPORT("show", to_code(order)))
    parts = (problem, described(_, order), question)
    return Screen(Markup("\n\n").join(part for part in parts if part), ((back,),))


def confirm(
    _: Translator, request: ExportRequest, rows: tuple[int, bool], yes: str, contents: Markup | None = None
) -> Screen:
    """Ask for confirmation, because names leave the bot. `yes` is the action that makes the file.

    `contents` say more than the number of rows.
    """
    warning = _(
        "Names and reasons leave the bot with this file. In the wrong hands it puts people at risk. "
        "Keep it where only you can read it, and delete it once you no longer need it."
    )
    named = _(
        "Only people with <code>yes</code> in the column <code>may_be_named</code> agreed to be "
        "named publicly. Show nobody else's name."
    )
    if request.what == "log":
        warning = _("The log says who in the team did what. Keep the file where only you can read it.")
    if request.what == "delivery":
        warning = _("It names only those who agreed to be named publicly. It's made to be delivered.")
    return Screen(
        Markup("\n\n").join(
            [
                _("<b>Make it and send it here?</b>"),
                described(_, request),
                contents or _expected(_, request, rows),
                warning,
                *([named] if request.what == "signatures" else []),
            ]
        ),
        (
            (Press(_.label("✅ Yes, make it"), yes, "success"),),
            (Press(_.label("‹ Back"), callbacks.EXPORT("show", to_code(request))),),
        ),
    )


def list_rows(_: Translator, request: ExportRequest, rows: tuple[int, bool], named: int) -> Markup:
    """Say how many signatures are in the file, and how many of the people agreed to be named."""
    return Markup("\n").join((_expected(_, request, rows), _named(_, named)))


def _named(_: Translator, named: int) -> Markup:
    return _("Agreed to be named: <b>{count}</b> (column <code>may_be_named</code>)", count=_.number(named))


def being_made(_: Translator) -> Screen:
    """Say that the file takes a moment."""
    return Screen(_("⏳ <b>I'm making it.</b>\n\nIt comes here as soon as it's ready; carry on in the meantime."))


def is_being_made(_: Translator) -> str:
    return _.label("You've already asked for that.")


def wait_for_files(_: Translator) -> str:
    """Say that the limit of files in progress is reached."""
    return _.label("Three files are being made for you. You can ask for more once one has arrived.")


def nothing_there(_: Translator) -> Screen:
    """Say that no chosen signature is left."""
    return Screen(_("📤 There's nothing to export in what you chose. /export"))


def not_made(_: Translator) -> Screen:
    """Say that all attempts failed."""
    return Screen(
        _(
            "⚠️ <b>I couldn't make the file you asked for.</b>\n\nThe fault is mine, and nothing is "
            "lost. Please show this to whoever runs the bot; its log says more."
        )
    )


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What is in a finished file: its rows, and how many of the people in it agreed to be named."""

    rows: int
    named: int = 0


def caption(
    _: Translator,
    request: ExportRequest,
    counts: FileCounts,
    at: datetime,
    part: int,
    parts: int,
    *,
    sealed: bool = False,
) -> Markup:
    """Write the caption of a file; explain how to open `sealed` names."""
    lines = [described(_, request)]
    if request.what != "delivery":
        lines.append(counted(_, request, (counts.rows, False)))
    if request.what == "signatures":
        lines.append(_named(_, counts.named))
    if request.what == "delivery":
        lines.append(
            _(
                "Names in it: <b>{named}</b> · signatures it stands for: <b>{total}</b>",
                named=_.number(counts.named),
                total=_.number(counts.rows),
            )
        )
    lines.append(_("Made on {moment}", moment=times.moment(_, at)))
    if sealed and request.what != "log":
        lines.append(
            _(
                "\n🔏 Names and reasons in it are encrypted. Whoever has the private key can open them, "
                "with a copy of the database: <code>python -m chatbot export --private-key FILE</code>"
            )
        )
    if parts > 1:
        lines.insert(0, _("<b>File {part} of {parts}</b>", part=_.number(part), parts=_.number(parts)))
    return Markup("\n").join(lines)


def described(_: Translator, request: ExportRequest) -> Markup:
    """Summarise the file in a few lines."""
    what = {"signatures": _("Signatures"), "log": _("Log"), "delivery": _("Document to deliver")}[request.what]
    lines = [_("📄 {what}, {format}", what=what, format={"xlsx": "Excel"}.get(request.format, request.format.upper()))]
    if request.what == "delivery":
        lines += [] if _.is_alone else [_("🌐 {language}", language=_.language_name(request.language))]
    else:
        lines.append(_("🗓 {days}", days=_days(_, request)))
    if request.what == "signatures":
        where = _.label("All countries") if request.country is None else flagged(_, request.country)
        lines.append(_("🌍 {where}", where=where))
    return Markup("\n").join(lines)


def _expected(_: Translator, request: ExportRequest, rows: tuple[int, bool]) -> Markup:
    """Say how many rows the file will have, rounded for signatures until the export is logged."""
    count, is_about = rows
    if request.what == "delivery":
        return _("Signatures it stands for: <b>{count}</b>", count=_.number(count))
    if is_about or not _is_part(request):
        return counted(_, request, rows)
    return _("Signatures: <b>{count}</b>", count=about_signatures(_, count))


def _is_part(request: ExportRequest) -> bool:
    """Whether a filter is set; the count of all signatures is public."""
    return request.what == "signatures" and (request.first_day, request.last_day, request.country) != (None, None, None)


def counted(_: Translator, request: ExportRequest, rows: tuple[int, bool]) -> Markup:
    count, about = rows
    if about:
        return _("<b>Up to {count} rows</b>", count=_.number(count))
    if not count:
        return _("<b>It's empty.</b>")
    if request.what == "log":
        return _.plural("<b>{count} entry</b>", "<b>{count} entries</b>", count)
    return _.plural("<b>{count} signature</b>", "<b>{count} signatures</b>", count)


def not_understood(_: Translator, order: ExportRequest) -> Markup:
    """Say that the typed text is neither days nor a country; the log is of no country."""
    if order.what == "log":
        return _("⚠️ I could not read a day. Try: {example}", example=_EXAMPLE)
    example = f"{_EXAMPLE} {_.country('CA')}"
    return _("⚠️ I could not read a day or a country. Try: {example}", example=example)


def _option(label: str, request: ExportRequest, other: ExportRequest) -> Press:
    return Press(f"✓ {label}" if other == request else label, callbacks.EXPORT("show", to_code(other)))


def _days(_: Translator, request: ExportRequest) -> str:
    first, last = request.first_day, request.last_day
    if first is None and last is None:
        return _.label("All time")
    if first is not None and last is not None:
        return _day(_, first) if first == last else f"{_day(_, first)} – {_day(_, last)}"
    return f"{_day(_, first)} –" if first is not None else f"– {_day(_, last)}" if last is not None else ""


def _day(_: Translator, day: date) -> str:
    return format_skeleton("yMMMd", day, locale=_.locale)

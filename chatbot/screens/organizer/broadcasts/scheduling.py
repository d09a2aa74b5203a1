"""Scheduling a broadcast: choosing the time, and the list of scheduled ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from babel.dates import format_date
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.parse_time import TimeChangeError, TimeProblem
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.dates.grammar import list_examples
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.broadcasts.composing import asking
from chatbot.screens.organizer.broadcasts.summary import expense, facts, list_unwritten, title_and_time, warnings
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.petition.milestone_thanks import Overtaken
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


def ask_hour(
    _: Translator, broadcast: Broadcast, offers: Sequence[datetime], now: datetime, problem: Markup | None = None
) -> Screen:
    """Ask for the time; `offers` are buttons."""
    examples = list_examples(_.language) or [f"{at.astimezone(_.zone):%Y-%m-%d %H:%M}" for at in offers[:1]]
    text = _(
        "🕘 <b>When should it go out?</b>\n\nTap, or type it like {examples}. Times are in {zone}.",
        examples=_.join((f"“{each}”" for each in examples), either=True),
        zone=times.zone(_),
    )
    buttons = [Press(times.relative(_, at, now), _hour("hour", broadcast, at)) for at in offers]
    rows: list[ButtonRow] = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("open", broadcast.id)),))
    return asking(text, problem, rows)


def hour_refused(_: Translator, problem: TimeProblem) -> Markup:
    """Say why a time is refused."""
    match problem:
        case TimeProblem.UNCLEAR:
            return _("⚠️ I need a day and a time.")
        case TimeProblem.PAST:
            return _("⚠️ That time has passed.")
        case TimeProblem.FAR:
            return _("⚠️ That is more than a year away.")


def ask_which(_: Translator, broadcast: Broadcast, change: TimeChangeError) -> Screen:
    """Ask which moment is meant by a time that clocks show twice or skip."""
    day, hour = format_date(change.local.date(), "full", locale=_.locale), times.hour_there(_, change.local)
    if change.is_skipped:
        text = _(
            "🕘 <b>There is no {hour} on {day}</b>: clocks are set forward then. Which time do you mean?",
            hour=hour,
            day=day,
        )
    else:
        text = _(
            "🕘 <b>{hour} comes twice on {day}</b>: clocks are set back then. Which of the two do you mean?",
            hour=hour,
            day=day,
        )
    rows: list[ButtonRow] = []
    for nth, at in enumerate(change.moments):
        shown = times.exact(_, at, change.local.date())
        label = _.label("{time}, before the change", time=shown)
        if nth or len(change.moments) == 1:
            label = _.label("{time}, after the change", time=shown)
        rows.append((Press(label, _hour("hour", broadcast, at)),))
    rows.append((Press(_.label("🕘 Change the time"), callbacks.BROADCAST("later", broadcast.id)),))
    return Screen(Markup("\n\n").join((text, times.note(_))), tuple(rows))


def text_refused(_: Translator, problem: TimeProblem, text: str, *, is_near: bool) -> Markup:
    """Say why a typed time is refused. `is_near`: the buttons below are what it may have meant."""
    if is_near:
        return _("⚠️ I am not sure about “{text}”. Is it one of these?", text=shorten(_, text))
    if problem is TimeProblem.UNCLEAR and text.strip():
        return _("⚠️ I could not read a time in “{text}”.", text=shorten(_, text))
    return hour_refused(_, problem)


def confirm_hour(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    at: datetime,
    recipients: Mapping[Language, int],
    cost: Estimate,
    forecast: MorningForecast | None = None,
    *,
    unapproved: bool = False,
    erased_at: datetime | None = None,
) -> Screen:
    """Confirm the time in full. `unapproved`: a second organizer must approve by then.

    `erased_at`: all subscriptions are erased before.
    """
    parts = [
        _("<b>Schedule it for this time?</b>"),
        Markup("\n").join(
            [
                *facts(_, broadcast, recipients, forecast, at=at),
                *list_unwritten(_, campaign, broadcast),
                *expense(_, cost, forecast),
            ]
        ),
        *warnings(_, campaign, broadcast),
        *_tell_erasure(_, broadcast, erased_at),
    ]
    if unapproved:
        parts.append(_("👀 A second organizer has to approve it first. Once it's scheduled, I show it to the others."))
    return Screen(
        times.name_zone_once(_, Markup("\n\n").join(parts)),
        (
            (Press(_.label("✅ Yes, schedule it"), _hour("schedule", broadcast, at), "success"),),
            (Press(_.label("🕘 Change the time"), callbacks.BROADCAST("later", broadcast.id)),),
            (Press(_.label("‹ Back"), callbacks.BROADCAST("open", broadcast.id)),),
        ),
    )


def _tell_erasure(_: Translator, broadcast: Broadcast, erased_at: datetime | None) -> list[Markup]:
    """Say that nobody is subscribed any more when it would go out."""
    if erased_at is None:
        return []
    if broadcast.place_codes:
        at = _.moment(erased_at)
        return [_("⚠️ On {date}, before that, all subscriptions are erased: only channels and groups get it.", date=at)]
    return [_("⚠️ On {date}, before that, all subscriptions are erased: nobody would get it.", date=_.moment(erased_at))]


def _hour(what: str, broadcast: Broadcast, at: datetime) -> str:
    return callbacks.BROADCAST(what, broadcast.id, broadcast.revision, int(at.timestamp()))


def scheduled(_: Translator, at: datetime) -> Screen:
    return Screen(
        _(
            "✅ <b>Scheduled.</b>\n\n🕘 {moment}\n\nIt goes out automatically, and I'll tell you how it "
            "went. Until then: /scheduled",
            moment=times.moment(_, at),
        )
    )


def waiting(
    _: Translator,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    approval: Markup | None = None,
    way: Press | None = None,
    forecast: MorningForecast | None = None,
    erased_at: datetime | None = None,
) -> Screen:
    """Show a scheduled broadcast with all actions.

    `approval` is the state of the approval, and `way` the button to it.
    """
    at = broadcast.scheduled_for
    moment = times.moment(_, at) if at else ""
    lines = [
        _("🕘 <b>{moment}</b>", moment=moment),
        *facts(_, broadcast, recipients, forecast),
        *([approval] if approval else []),
        *_tell_erasure(_, broadcast, erased_at),
    ]
    rows = _ways(_, broadcast, urgent=False)
    return Screen(Markup("\n").join(lines), ((way,), *rows) if way else rows)


def late(
    _: Translator, broadcast: Broadcast, *, unapproved: bool = False, overtaken: Overtaken | None = None
) -> Screen:
    """Ask about a broadcast whose hour passed while the bot was down, approval was missing, or it was not true."""
    at = broadcast.scheduled_for
    if overtaken is not None:
        text = _(
            "⏰ <b>I haven't sent the thanks for {milestone}.</b> There are {total} supporters now: signatures were "
            "excluded or withdrawn.\n\n🕘 {moment}\n{headline}\n\nPlease change the text, or cancel it.",
            milestone=_.number(overtaken.milestone),
            total=_.number(overtaken.total),
            moment=times.moment(_, at) if at else "",
            headline=headline(_, broadcast),
        )
        return Screen(text, _ways(_, broadcast, urgent=False))
    if unapproved:
        text = _(
            "⏰ <b>An update has missed its time</b>, because no second organizer had approved it by "
            "then. It wasn't sent.\n\n🕘 {moment}\n{headline}\n\nShould it still go out?",
            moment=times.moment(_, at) if at else "",
            headline=headline(_, broadcast),
        )
        return Screen(text, _ways(_, broadcast, urgent=True))
    text = _(
        "⏰ <b>An update has missed its time.</b> I wasn't running then, or my clock was wrong. It wasn't sent.\n\n"
        "🕘 {moment}\n{headline}\n\nShould it still go out?",
        moment=times.moment(_, at) if at else "",
        headline=headline(_, broadcast),
    )
    if broadcast.kind == "addition":
        text = _(
            "⏰ <b>A language wasn't added at its time</b>: I wasn't running then, or the update was "
            "on its way, was deleted for everyone, or has this language by now. Nothing was sent.\n\n🕘 "
            "{moment}\n{headline}\n\nShould it still go out?",
            moment=times.moment(_, at) if at else "",
            headline=headline(_, broadcast),
        )
    return Screen(text, _ways(_, broadcast, urgent=True))


def _ways(_: Translator, broadcast: Broadcast, *, urgent: bool) -> tuple[ButtonRow, ...]:
    number = broadcast.id
    send = Press(
        _.label("📣 Send now …"),
        callbacks.BROADCAST("ask", number, broadcast.revision),
        "primary" if urgent else "plain",
    )
    return (
        (send,),
        (
            Press(_.label("👀 Show it"), callbacks.BROADCAST("show", number)),
            Press(_.label("🕘 Change the time"), callbacks.BROADCAST("later", number)),
        ),
        (
            Press(_.label("✏️ Change it …"), callbacks.BROADCAST("unschedule", number)),
            Press(_.label("🗑 Cancel it …"), callbacks.BROADCAST("discard", number)),
        ),
    )


def ask_unschedule(_: Translator, broadcast: Broadcast) -> Screen:
    """Explain that editing takes the broadcast off the schedule, so that no half-edited one is sent."""
    text = _(
        "✏️ <b>Change it?</b>\n\nIt comes off the schedule, so that nothing half-finished goes "
        "out. You choose the time again afterwards."
    )
    return Screen(
        Markup("\n\n").join((text, title_and_time(_, broadcast))),
        (
            (Press(_.label("✏️ Yes, change it"), callbacks.BROADCAST("edit", broadcast.id), "primary"),),
            (Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", broadcast.id)),),
        ),
    )


def list_scheduled(_: Translator, waiting_for: Sequence[Broadcast], names: Mapping[int, str], reader_id: int) -> Screen:
    """List scheduled and missed broadcasts, earliest first, each with the name of the colleague who scheduled it."""
    if not waiting_for:
        return Screen(_("🕘 Nothing is scheduled. To write an update: /broadcast"))
    rows = []
    for broadcast in waiting_for:
        at = broadcast.scheduled_for
        sign = "⏰ " if broadcast.late_at else ""
        parts = [f"{sign}{times.brief(_, at) if at else ''}", _.isolate(headline(_, broadcast))]
        if broadcast.organizer_id != reader_id:
            parts.insert(1, f"👤 {_.isolate(shorten(_, names.get(broadcast.organizer_id, '')))}")
        rows.append((Press(" · ".join(parts), callbacks.BROADCAST("open", broadcast.id)),))
    return Screen(_("🕘 <b>Scheduled</b>, in {zone}", zone=times.zone(_)), tuple(rows))

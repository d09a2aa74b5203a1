"""Progress of a running broadcast, and its report."""

import math

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState, Tally, list_unsent_languages
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import round_up
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.adding import way_to_add
from chatbot.screens.organizer.broadcasts.report import bar, languages, outcomes, reasons
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.screen import ButtonRow, Press, Screen


def progress(_: Translator, broadcast: Broadcast, tally: Tally, rate: float | None, seconds_left: int | None) -> Screen:
    """Show progress with pause and cancel. `rate` is in messages a second."""
    number, state = broadcast.id, broadcast.state
    if state is BroadcastState.ENDED:
        return Screen(Markup("\n\n").join((_ended_head(_, broadcast, tally), *_stand(_, broadcast, tally))))
    head = {
        "update": _("🚀 <b>On its way</b>"),
        "correction": _("✏️ <b>Correcting</b>"),
        "recall": _("🗑 <b>Deleting for everyone</b>"),
    }[broadcast.kind]
    controls: ButtonRow = (
        Press(_.label("⏸ Pause"), callbacks.BROADCAST("pause", number)),
        Press(_.label("✖ Cancel …"), callbacks.BROADCAST("halt", number)),
    )
    if state is BroadcastState.PAUSED:
        head = _("⏸ <b>Paused.</b> Nothing goes out until you resume it.")
        controls = (Press(_.label("▶ Resume"), callbacks.BROADCAST("resume", number), "primary"), controls[1])
    if broadcast.gathered_at is None:
        preparing = _("Preparing the list of people …")
        return Screen(Markup("\n\n").join((head, preparing)), (controls,))
    first, *became = _stand(_, broadcast, tally)
    lines, pace = [first], []
    if broadcast.hides_outcomes(tally):
        rate = seconds_left = None
    elif broadcast.is_by_signature and rate:
        seconds_left = math.ceil(round_up(tally.left) / rate)
    if rate and state is BroadcastState.RUNNING:
        pace.append(_("{rate} a second", rate=_.number(round(rate))))
    if seconds_left is not None and state is BroadcastState.RUNNING:
        pace.append(_("about {duration} left", duration=times.duration(_, seconds_left)))
    if pace:
        lines.append(Markup(" · ").join(pace))
    return Screen(Markup("\n\n").join((head, Markup("\n").join(lines), *became)), (controls,))


def _stand(_: Translator, broadcast: Broadcast, tally: Tally) -> tuple[Markup, ...]:
    """Show progress and outcomes; without numbers if few people get it because they signed."""
    if broadcast.hides_outcomes(tally):
        return (_("👥 <b>{count}</b> of those who signed", count=rounded_counts.about(_, tally.total)),)
    return bar(_, broadcast, tally), outcomes(_, broadcast, tally)


def report(_: Translator, campaign: Campaign, broadcast: Broadcast, tally: Tally) -> Screen:
    """Report outcomes by language and reason, with the next actions."""
    began = times.moment(_, broadcast.started_at) if broadcast.started_at else ""
    parts = [
        _ended_head(_, broadcast, tally),
        _("Telegram said: <i>{said}</i>", said=broadcast.refusal)
        if broadcast.refusal and not broadcast.hides_outcomes(tally)
        else None,
        _("🕘 {moment}\n“{headline}”", moment=began, headline=headline(_, broadcast)),
        *(
            _stand(_, broadcast, tally)
            if broadcast.hides_outcomes(tally)
            else (languages(_, broadcast, tally), reasons(_, broadcast, tally))
        ),
        _explain_languages(_, campaign, broadcast),
    ]
    return Screen(Markup("\n\n").join(part for part in parts if part), _ways_on(_, campaign, broadcast, tally))


def _explain_languages(_: Translator, campaign: Campaign, broadcast: Broadcast) -> Markup | None:
    """Say why no language can be added; never where that would tell how a broadcast to signers ended."""
    is_stopped = broadcast.kind == "update" and not broadcast.is_by_signature and broadcast.ending != "done"
    if not is_stopped or broadcast.recalled_at or not broadcast.list_missing(campaign):
        return None
    return _(
        "🌐 It was stopped, so no language can be added to it. A new /broadcast can go to the readers of one language."
    )


def ask_cancel(_: Translator, broadcast: Broadcast, tally: Tally) -> Screen:
    """Ask whether to end a paused broadcast or continue it."""
    told = tally.count("sent")
    text = _(
        "⏸ <b>Paused. Cancel it for good?</b>\n\n{told} have it, {left} don't. Those who have it "
        "keep it unless you delete it for everyone.",
        told=_.plural("{count} person", "{count} people", told),
        left=_.number(tally.left),
    )
    if broadcast.kind != "update" or broadcast.is_by_signature:
        text = _("⏸ <b>Paused. Cancel it for good?</b>\n\nWhat's already done stays done.")
    return Screen(
        text,
        (
            (Press(_.label("✖ Yes, stop here"), callbacks.BROADCAST("cancel", broadcast.id), "danger"),),
            (Press(_.label("▶ Resume"), callbacks.BROADCAST("goon", broadcast.id)),),
        ),
    )


def paused(_: Translator) -> str:
    """Notice after Pause. Plain text."""
    return _.label("Paused. Nothing more goes out.")


def resumed(_: Translator) -> str:
    """Notice after Go on. Plain text."""
    return _.label("Resumed.")


def too_late(_: Translator) -> str:
    """Notice: the action no longer applies. Plain text."""
    return _.label("That's no longer possible. This is how it is now.")


def cancelled(_: Translator) -> Screen:
    """Confirm cancelling; the report follows."""
    return Screen(_("✖ <b>Cancelled.</b> Nothing more goes out. The report follows in a moment."))


def ask_unknown(_: Translator, broadcast: Broadcast, tally: Tally) -> Screen:
    """Explain unknown outcomes before they are sent to again."""
    count = tally.count("unknown")
    text = _(
        "❓ <b>Unknown: {count}</b>\n\nThe connection broke while it was being sent to them, and "
        "Telegram didn't say whether it arrived. If you send it again, nobody is left out, but "
        "some may get it twice.",
        count=rounded_counts.people(_, broadcast, count),
    )
    label = _.label("Send it again to {count}", count=rounded_counts.people(_, broadcast, count))
    again = Press(label, again_action(broadcast, "unknown"))
    return Screen(text, ((again,), (Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", broadcast.id)),)))


def goes_on(_: Translator) -> Screen:
    return Screen(_("▶ <b>Resumed.</b> You can follow it above."))


def tried_again(_: Translator) -> Screen:
    return Screen(_("🚀 <b>Trying them again.</b>\n\nYou can follow it below."))


def not_alone(_: Translator, threshold: int) -> str:
    """Notice: this organizer reached the daily limit without approval. Plain text."""
    return _.label(
        "One organizer alone may send to {threshold} people a day at most. Ask another organizer to tap here.",
        threshold=_.number(threshold),
    )


def count_again(tally: Tally, whose: str) -> int:
    """Count failed or unknown deliveries that can be sent again."""
    return sum(
        count
        for (_language, outcome, reason), count in tally.outcomes.items()
        if outcome == whose and reason != "too_old"
    )


def again_action(broadcast: Broadcast, whose: str) -> str:
    """Return the data of a "send again" button; it names the ending it refers to, so it works once."""
    ended = int(broadcast.ended_at.timestamp() * 1000) if broadcast.ended_at else 0
    return callbacks.BROADCAST("again", broadcast.id, whose, ended)


def _ended_head(_: Translator, broadcast: Broadcast, tally: Tally) -> Markup:
    if broadcast.hides_outcomes(tally) and broadcast.ending != "cancelled" and not broadcast.recalled_at:
        # Telegram's refusal is shown only if the audience is not empty.
        return _("🏁 <b>Finished.</b> Nothing more goes out.")
    match broadcast.ending:
        case "cancelled" if not broadcast.recalled_at:
            return _(
                "✖ <b>Cancelled.</b> {left} were not reached.", left=rounded_counts.people(_, broadcast, tally.left)
            )
        case "content":
            return _("⛔ <b>Stopped: Telegram refuses its content.</b> Nothing more goes out.")
        case "strangers":
            return _(
                "⛔ <b>Stopped: Telegram does not know too many of these people.</b>\n\n"
                "The database or the token may be another bot's. Please tell whoever runs it."
            )
    if broadcast.recalled_at:
        return _("🗑 <b>Deleted for everyone.</b>")
    match broadcast.kind:
        case "update" | "addition":
            return _("✅ <b>Sent.</b>")
        case "correction":
            return _("✅ <b>Corrected.</b>")
        case "recall":
            return _("✅ <b>Deleted for everyone.</b>")


def _ways_on(_: Translator, campaign: Campaign, broadcast: Broadcast, tally: Tally) -> tuple[ButtonRow, ...]:
    number, sent = broadcast.id, tally.count("sent")
    rows: list[ButtonRow] = []
    if broadcast.ending == "done" and not broadcast.recalled_at:
        rows += _tries(_, broadcast, tally)
    if broadcast.kind != "update":
        return tuple(rows)
    if (sent or broadcast.is_by_signature) and not broadcast.recalled_at:
        correct = Press(_.label("✏️ Correct …"), callbacks.BROADCAST("correct", number))
        recall = Press(_.label("🗑 Delete for everyone …"), callbacks.BROADCAST("recall", number))
        rows.append((correct, recall))
    missing = broadcast.list_missing(campaign)
    if broadcast.takes_languages(tally) and missing:
        rows.append((way_to_add(_, broadcast, missing),))
    rows.append((Press(_.label("👀 Show it"), callbacks.BROADCAST("show", number)),))
    if list_unsent_languages(broadcast, tally) and (broadcast.recalled_at or not broadcast.is_by_signature):
        rows.append((Press(_.label("📝 Use as a new draft"), callbacks.BROADCAST("copy", number)),))
    return tuple(rows)


def _tries(_: Translator, broadcast: Broadcast, tally: Tally) -> list[ButtonRow]:
    """Return the buttons to send again: failed at once, unknown after an explanation if it may duplicate messages.

    Omitted if few people get it: a failure would reveal that somebody signed.
    """
    if broadcast.hides_outcomes(tally):
        return []
    failed, unknown = count_again(tally, "failed"), count_again(tally, "unknown")
    rows: list[ButtonRow] = []
    if failed:
        label = _.label("Try again: {count} failed", count=rounded_counts.people(_, broadcast, failed))
        rows.append((Press(label, again_action(broadcast, "failed"), "primary"),))
    if unknown and broadcast.kind == "update":
        label = _.label("❓ About the unknown: {count} …", count=rounded_counts.people(_, broadcast, unknown))
        rows.append((Press(label, callbacks.BROADCAST("unknown", broadcast.id)),))
    elif unknown:
        label = _.label("Try again: {count} unknown", count=rounded_counts.people(_, broadcast, unknown))
        rows.append((Press(label, again_action(broadcast, "unknown"), "plain" if failed else "primary"),))
    return rows

"""Progress of a running broadcast, and its report."""

import math
from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastKind, BroadcastState
from chatbot.petition.broadcasts.rest import Recall, Retry
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.rounding import round_up
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.broadcasts.ending import change, ended_head, stand
from chatbot.screens.organizer.broadcasts.report import asleep, is_asleep_shown, is_rounded, steered
from chatbot.screens.organizer.broadcasts.summary import facts
from chatbot.screens.organizer.places import post_lines
from chatbot.screens.screen import ButtonRow, Press, Screen


def progress(
    _: Translator,
    broadcast: Broadcast,
    tally: Tally,
    rate: float | None,
    seconds_left: int | None,
    recall: Recall | None = None,
) -> Screen:
    """Show progress with pause and cancel. `rate` is in messages a second. A recall can only be paused."""
    number, state = broadcast.id, broadcast.state
    if state is BroadcastState.ENDED:
        head = ended_head(_, broadcast, tally, recall)
        parts = (head, *steered(_, broadcast), *stand(_, broadcast, tally), *asleep(_, broadcast, tally))
        parts = (*parts, *post_lines.count_done(_, broadcast))
        return Screen(times.name_zone_once(_, Markup("\n\n").join(parts)))
    head = {
        "update": _("🚀 <b>On its way</b>"),
        "correction": _("✏️ <b>Correcting</b>"),
        "recall": _("🗑 <b>Deleting for everyone</b>"),
    }[broadcast.kind]
    controls: ButtonRow = (Press(_.label("⏸ Pause"), callbacks.BROADCAST("pause", number)),)
    if state is BroadcastState.PAUSED:
        head = {
            "update": _("⏸ <b>Paused.</b> Nothing goes out until you resume it."),
            "correction": _("⏸ <b>Paused.</b> Nothing more is corrected until you resume it."),
            "recall": _("⏸ <b>Paused.</b> Nothing more is deleted until you resume it."),
        }[broadcast.kind]
        controls = (Press(_.label("▶ Resume"), callbacks.BROADCAST("resume", number), "primary"),)
    if broadcast.kind != "recall":
        controls = (*controls, Press(_.label("✖ Cancel …"), callbacks.BROADCAST("halt", number)))
    head = Markup("\n").join((head, *steered(_, broadcast)))
    if broadcast.gathered_at is None:
        preparing = _("Preparing the list of people …")
        return Screen(Markup("\n\n").join((head, preparing)), (controls,))
    first, *became = stand(_, broadcast, tally)
    lines, pace = [first], []
    awake = tally.left - broadcast.count_asleep(tally)
    if broadcast.hides_outcomes(tally) or not awake:
        rate = seconds_left = None
    elif is_rounded(broadcast, tally) and rate:
        seconds_left = math.ceil(round_up(awake) / rate)
    if rate and state is BroadcastState.RUNNING:
        pace.append(_("{rate} a second", rate=_.number(round(rate))))
    if seconds_left is not None and state is BroadcastState.RUNNING:
        pace.append(_("about {duration} left", duration=times.duration(_, seconds_left)))
    if pace:
        lines.append(Markup(" · ").join(pace))
    lines += asleep(_, broadcast, tally)
    lines += post_lines.count_done(_, broadcast)
    rows: tuple[ButtonRow, ...] = (controls,)
    if broadcast.kind == "update" and (not awake or is_asleep_shown(broadcast, tally)):
        rows = (controls, *change(_, broadcast))  # hours may pass until its report
        if state is BroadcastState.RUNNING and is_asleep_shown(broadcast, tally):
            rows = (
                *rows,
                (Press(_.label("🚨 Send now to those who wait …"), callbacks.BROADCAST("sleepers", number)),),
            )
    text = Markup("\n\n").join((head, Markup("\n").join(lines), *became))
    return Screen(times.name_zone_once(_, text), rows)


def ask_cancel(_: Translator, broadcast: Broadcast, tally: Tally) -> Screen:
    """Ask whether to end a paused broadcast or continue it."""
    text = _(
        "⏸ <b>Paused. Cancel it?</b>\n\nThose who have it keep it unless you delete it for everyone. You can still "
        "send it to the others later."
    )
    if broadcast.kind == "correction" and is_rounded(broadcast, tally):
        text = _("⏸ <b>Paused. Cancel it?</b>\n\nWhat's already done stays done. You can go on later.")
    elif broadcast.kind == "correction":
        text = _(
            "⏸ <b>Paused. Stop the correction?</b>\n\n{told} have the new text, {left} still have the old one. You can "
            "go on correcting later.",
            told=_.plural("{count} person", "{count} people", tally.count("sent")),
            left=_.number(tally.left),
        )
    what = [*facts(_, broadcast, tally.audience), *asleep(_, replace(broadcast, paused_at=broadcast.started_at), tally)]
    return Screen(
        times.name_zone_once(_, Markup("\n\n").join((text, Markup("\n").join((*what, *steered(_, broadcast)))))),
        (
            (Press(_.label("✖ Yes, stop here"), callbacks.BROADCAST("cancel", broadcast.id), "danger"),),
            (Press(_.label("▶ Resume"), callbacks.BROADCAST("goon", broadcast.id)),),
        ),
    )


def paused(_: Translator, broadcast: Broadcast) -> str:
    """Notice after Pause. Plain text."""
    return {
        "update": _.label("Paused. Nothing more goes out."),
        "correction": _.label("Paused. Nothing more is corrected."),
        "recall": _.label("Paused. Nothing more is deleted."),
    }[broadcast.kind]


def resumed(_: Translator, kind: BroadcastKind) -> str:
    """Notice after Go on. Plain text."""
    return {
        "correction": _.label("Resumed. It's being corrected."),
        "recall": _.label("Resumed. It's being deleted."),
    }.get(kind, _.label("Resumed."))


def too_late(_: Translator) -> str:
    """Notice: the action no longer applies. Plain text."""
    return _.label("That's no longer possible. This is how it is now.")


def cancelled(_: Translator, broadcast: Broadcast) -> Screen:
    """Confirm cancelling; the report follows, in the chats of all who did something with it."""
    if broadcast.kind == "correction":
        return Screen(_("✖ <b>Stopped.</b> Nothing more is corrected. The report follows in a moment."))
    return Screen(_("✖ <b>Cancelled.</b> Nothing more goes out. The report follows in a moment."))


def goes_on(_: Translator) -> Screen:
    return Screen(_("▶ <b>Resumed.</b> You can follow it above."))


def tried_again(_: Translator, broadcast: Broadcast, whose: Retry) -> Screen:
    """Confirm that it is sent once more, or for the first time to the rest."""
    if whose == "rest" and broadcast.kind == "update":
        return Screen(_("🚀 <b>On its way to those who don't have it.</b>\n\nYou can follow it below."))
    text = {
        "update": _("🚀 <b>Trying them again.</b>\n\nYou can follow it below."),
        "correction": _("✏️ <b>Correcting again.</b>\n\nYou can follow it below."),
        "recall": _("🗑 <b>Deleting again.</b>\n\nYou can follow it below."),
    }
    return Screen(text[broadcast.kind])


def not_alone(_: Translator, threshold: int) -> str:
    """Notice: this organizer reached the daily limit without approval. Plain text."""
    return _.label(
        "One organizer alone may send to {threshold} people a day at most. Ask another organizer to tap here.",
        threshold=_.number(threshold),
    )

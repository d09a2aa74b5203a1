"""What organizers see of a broadcast: how far it is, how it ended, and the question about one that is late."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcast import Broadcast, State, Tally
from chatbot.screens import actions
from chatbot.screens.screen import Press, Row, Screen

_CELLS = 12


def progress(_: Translator, broadcast: Broadcast, tally: Tally, rate: float | None, seconds_left: int | None) -> Screen:
    """Show how far a broadcast is; `rate` is in messages a second, None while it is not known."""
    lines = [_state_line(_, broadcast)]
    if broadcast.gathered_at is not None:
        share = 1 - tally.left / tally.total if tally.total else 1.0
        full = int(share * _CELLS)
        lines.append(Markup("{} {}").format("▓" * full + "░" * (_CELLS - full), _.percent(share)))
        lines.append(_count(_, tally))
    if rate is not None and seconds_left is not None:
        lines.append(_("{rate} a second, {seconds} s left", rate=_.number(round(rate)), seconds=_.number(seconds_left)))
    return Screen(Markup("\n").join(lines), _steer(_, broadcast))


def report(_: Translator, broadcast: Broadcast, tally: Tally) -> Screen:
    """Tell how a broadcast ended."""
    lines = [_state_line(_, broadcast), _count(_, tally)]
    if broadcast.refusal:
        lines.append(_("Telegram said: {refusal}", refusal=broadcast.refusal))
    return Screen(Markup("\n").join(lines))


def late(_: Translator, broadcast: Broadcast) -> Screen:
    """Ask what is to become of a broadcast whose hour passed while the bot was down."""
    text = _("Update no. {number} was not sent at its hour. Send it now?", number=_.number(broadcast.id))
    return Screen(text)


def _state_line(_: Translator, broadcast: Broadcast) -> Markup:
    match broadcast.state, broadcast.ending:
        case State.PAUSED, _ending:
            return _("⏸ <b>Paused</b>")
        case State.ENDED, "done":
            return _("✅ <b>Done</b>")
        case State.ENDED, "cancelled":
            return _("⏹ <b>Cancelled</b>")
        case State.ENDED, "content":
            return _("⚠️ <b>Stopped: Telegram refuses the content</b>")
        case State.ENDED, "strangers":
            return _("⚠️ <b>Stopped: too many recipients do not exist</b>")
    return _("📣 <b>Sending</b>")


def _count(_: Translator, tally: Tally) -> Markup:
    return _(
        "sent {sent} · gone {gone} · failed {failed} · unknown {unknown} · unsubscribed {skipped} · left {left}",
        left=_.number(tally.left),
        **{each: _.number(tally.count(each)) for each in ("sent", "gone", "failed", "unknown", "skipped")},
    )


def _steer(_: Translator, broadcast: Broadcast) -> tuple[Row, ...]:
    if broadcast.state is State.ENDED:
        return ()
    paused = broadcast.state is State.PAUSED
    steer = Press(
        _.label("▶️ Resume") if paused else _.label("⏸ Pause"),
        actions.call(actions.BROADCAST, f"{'resume' if paused else 'pause'}:{broadcast.id}"),
    )
    cancel = Press(_.label("⏹ Cancel"), actions.call(actions.BROADCAST, f"cancel:{broadcast.id}"), "danger")
    return ((steer, cancel),)

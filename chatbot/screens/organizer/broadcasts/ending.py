"""How a broadcast ended: its report, and what organizers can do then."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.rest import Recall, can_be_sent_anew, count_copied, count_rest, has_rest
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import round_down
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.correcting import way_to_add
from chatbot.screens.organizer.broadcasts.report import (
    asleep,
    bar,
    counted,
    has_reached_nobody,
    is_rounded,
    languages,
    outcomes,
    reasons,
    steered,
)
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.places import post_lines
from chatbot.screens.screen import ButtonRow, Press, Screen


def report(
    _: Translator, campaign: Campaign, broadcast: Broadcast, tally: Tally, recall: Recall | None = None
) -> Screen:
    """Report outcomes by language and reason, with the next actions. `recall` is that of a recalled broadcast."""
    began = times.moment(_, broadcast.started_at) if broadcast.started_at else ""
    parts = [
        ended_head(_, broadcast, tally, recall),
        _("Telegram said: <i>{said}</i>", said=broadcast.refusal)
        if broadcast.refusal and not broadcast.hides_outcomes(tally)
        else None,
        Markup("\n").join(
            (_("🕘 {moment}\n“{headline}”", moment=began, headline=headline(_, broadcast)), *steered(_, broadcast))
        ),
        *(
            stand(_, broadcast, tally)
            if broadcast.hides_outcomes(tally)
            else (languages(_, broadcast, tally), reasons(_, broadcast, tally), *asleep(_, broadcast, tally))
        ),
        post_lines.became(_, broadcast),
        _explain_languages(_, campaign, broadcast, tally),
    ]
    text = Markup("\n\n").join(part for part in parts if part)
    return Screen(times.name_zone_once(_, text), _ways_on(_, campaign, broadcast, tally, recall))


def _explain_languages(_: Translator, campaign: Campaign, broadcast: Broadcast, tally: Tally) -> Markup | None:
    """Say why no language can be added; never where that would tell how a broadcast to signers ended."""
    is_stopped = broadcast.kind == "update" and not broadcast.is_by_signature and broadcast.ending != "done"
    if not is_stopped or broadcast.recalled_at or not broadcast.list_missing(campaign):
        return None
    if has_rest(broadcast, tally):
        return _("🌐 It was stopped. A language can be added once it has been sent to those who don't have it.")
    return _(
        "🌐 It was stopped, so no language can be added to it. A new /broadcast can go to the readers of one language."
    )


def stand(_: Translator, broadcast: Broadcast, tally: Tally) -> tuple[Markup, ...]:
    """Show progress and outcomes; without numbers if few people get it because they signed."""
    if broadcast.hides_outcomes(tally):
        return (_("👥 <b>{count}</b> of those who signed", count=rounded_counts.about(_, tally.total)),)
    if has_reached_nobody(broadcast, tally):
        return (_("👥 Nobody has it."),)
    return bar(_, broadcast, tally), outcomes(_, broadcast, tally)


def may_try_places(broadcast: Broadcast) -> bool:
    """Whether another try in places can be made: it failed there, or nobody knows whether it arrived."""
    if broadcast.ending != "done" or broadcast.recalled_at is not None:
        return False
    return any(each.may_be_retried or each.state == "unknown" for each in broadcast.places)


def again_action(broadcast: Broadcast, whose: str, verb: str = "again") -> str:
    """Return the data of a "send again" button; it names the ending it refers to, so it works once."""
    ended = int(broadcast.ended_at.timestamp() * 1000) if broadcast.ended_at else 0
    return callbacks.BROADCAST(verb, broadcast.id, whose, ended)


def ended_head(_: Translator, broadcast: Broadcast, tally: Tally, recall: Recall | None = None) -> Markup:
    """Say in one line how it ended, for its kind."""
    if broadcast.recalled_at:
        return _recalled_head(_, broadcast, tally, recall)
    if broadcast.hides_outcomes(tally) and broadcast.ending != "cancelled":
        # Telegram's refusal is shown only if the audience is not empty.
        return _("🏁 <b>Finished.</b> Nothing more goes out.")
    rest = counted(_, broadcast, tally, count_rest(broadcast, tally))
    if broadcast.ending == "content":
        return _("⛔ <b>Stopped: Telegram refuses its content.</b> Nothing more goes out.")
    if broadcast.ending == "strangers":
        return _(
            "⛔ <b>Stopped: Telegram does not know too many of these people.</b>\n\n"
            "The database or the token may be another bot's. Please tell whoever runs it."
        )
    if broadcast.kind in ("update", "addition"):
        left = counted(_, broadcast, tally, tally.left - tally.landing)
        if broadcast.ending == "cancelled" and broadcast.gathered_at is None:
            return _("✖ <b>Cancelled.</b>")
        if broadcast.ending == "cancelled":
            return _("✖ <b>Cancelled.</b> {left} were not reached.", left=left)
        if has_reached_nobody(broadcast, tally):
            return _("🏁 <b>Finished.</b> Nobody got it.")
        return _("✅ <b>Sent.</b>")
    is_for_people = broadcast.gathered_at is None or count_rest(broadcast, tally) > 0
    is_complete = broadcast.is_by_signature or not (is_for_people and has_rest(broadcast, tally))
    lacks_places = any(each.state != "sent" and each.reason != "message_gone" for each in broadcast.places)
    if broadcast.kind == "correction":
        if broadcast.ending == "replaced":
            return _("✏️ <b>A later correction, or the deletion, has taken its place.</b>")
        if broadcast.ending == "cancelled" and broadcast.gathered_at is None:
            if broadcast.is_in_places:
                return _("✖ <b>Stopped.</b> It was corrected in channels and groups at most.")
            return _("✖ <b>Stopped.</b> Nobody has the new text yet.")
        if broadcast.ending == "cancelled":
            return _("✖ <b>Stopped.</b> {left} still have the old text.", left=rest)
        if not is_complete:
            return _("⚠️ <b>Not corrected everywhere.</b> {left} may still have the old text.", left=rest)
        if lacks_places:
            return _("⚠️ <b>Corrected for people, but not in every channel or group.</b>")
        return _("✅ <b>Corrected.</b>")
    if broadcast.ending == "cancelled" and broadcast.gathered_at is None:
        if broadcast.is_in_places:
            return _("✖ <b>Stopped.</b> It was deleted in channels and groups at most.")
        return _("✖ <b>Stopped.</b> Everybody still has it.")
    if broadcast.ending == "cancelled":
        return _("✖ <b>Stopped.</b> {left} still have it.", left=rest)
    if not is_complete:
        return _("⚠️ <b>Not deleted everywhere.</b> {left} may still have it.", left=rest)
    recalled = Recall(broadcast, tally, tally.total)
    # A few who blocked the bot would tell for whom it was night when it was stopped.
    is_told = recalled.kept > 0 and not (tally.is_partial and not round_down(recalled.kept))
    if (is_told or recalled.too_old) and not broadcast.is_by_signature:
        kept = counted(_, broadcast, tally, recalled.kept)
        return _("🗑 <b>Deleted where it was possible.</b> {count} keep it.", count=kept)
    if lacks_places:
        return _("⚠️ <b>Deleted for people, but not in every channel or group.</b>")
    if broadcast.is_by_signature:
        return _("🗑 <b>The deletion is over.</b>")
    if tally.is_partial:
        return _("✅ <b>Deleted for everyone within reach.</b>")
    return _("✅ <b>Deleted for everyone.</b>")


def _recalled_head(_: Translator, broadcast: Broadcast, tally: Tally, recall: Recall | None) -> Markup:
    """Say how far the deletion of a recalled broadcast is."""
    if recall is None:
        return _("🗑 <b>Deleted, and removed from /updates.</b>")
    if recall.broadcast.ended_at is not None:
        head = Markup("\n").join(
            (ended_head(_, recall.broadcast, recall.tally), *post_lines.kept(_, broadcast, recall))
        )
        unknown = tally.count("unknown")
        if not unknown or broadcast.is_by_signature:
            return head
        may = _("❓ {count} more may have it: nobody knows whether it arrived.", count=_.number(unknown))
        return Markup("\n").join((head, may))
    left = counted(_, recall.broadcast, recall.tally, recall.left)
    if recall.broadcast.state is BroadcastState.PAUSED:
        return _("⏸ <b>The deletion is paused.</b> {left} still have it.", left=left)
    return _("🗑 <b>Deleting for everyone.</b> {left} still have it.", left=left)


def change(_: Translator, broadcast: Broadcast) -> tuple[ButtonRow, ...]:
    """Return the buttons that change or delete it in people's chats, a row each: half of a phone cuts them off."""
    correct = Press(_.label("✏️ Correct …"), callbacks.BROADCAST("correct", broadcast.id))
    delete = Press(_.label("🗑 Delete for everyone …"), callbacks.BROADCAST("recall", broadcast.id))
    return (correct,), (delete,)


def _ways_on(
    _: Translator, campaign: Campaign, broadcast: Broadcast, tally: Tally, recall: Recall | None
) -> tuple[ButtonRow, ...]:
    number, sent = broadcast.id, tally.count("sent")
    rows: list[ButtonRow] = []
    if has_rest(broadcast, tally):
        rows.append((_way_to_rest(_, broadcast, tally),))
    elif broadcast.ending == "done" and not broadcast.recalled_at:
        rows += _tries(_, broadcast, tally)
    if may_try_places(broadcast):
        rows.append((Press(_.label("📡 Channels and groups: try again …"), callbacks.BROADCAST("placesrest", number)),))
    if broadcast.kind != "update":
        changed = callbacks.BROADCAST("open", broadcast.of_id or number)
        return (*rows, (Press(_.label("‹ The update"), changed),))
    if recall is not None:
        if has_rest(recall.broadcast, recall.tally):
            rows.append((_way_to_rest(_, recall.broadcast, recall.tally),))
        rows.append((Press(_.label("🗑 How the deletion goes"), callbacks.BROADCAST("open", recall.broadcast.id)),))
    if (sent or broadcast.is_by_signature or broadcast.is_in_places) and not broadcast.recalled_at:
        rows += change(_, broadcast)
    missing = broadcast.list_missing(campaign)
    if broadcast.takes_languages(tally) and missing:
        rows.append((way_to_add(_, broadcast, missing),))
    rows.append((Press(_.label("👀 Show it"), callbacks.BROADCAST("show", number)),))
    if can_be_sent_anew(broadcast, tally, recall):
        rows.append((Press(_.label("📝 Use as a new draft"), callbacks.BROADCAST("copy", number)),))
    elif count_copied(broadcast, tally):
        rows.append((Press(_.label("📝 Copy to a new draft"), callbacks.BROADCAST("copy", number)),))
    return tuple(rows)


def is_copied(_: Translator) -> str:
    """Notice: there is a copy already. Plain text."""
    return _.label("Another draft or update has this text or was copied from it: /broadcast, /broadcasts")


def _way_to_rest(_: Translator, broadcast: Broadcast, tally: Tally) -> Press:
    """Return the button that continues an ended broadcast. Something new is asked about first."""
    count, known = counted(_, broadcast, tally, count_rest(broadcast, tally)), broadcast.gathered_at is not None
    known = known and count_rest(broadcast, tally) > 0  # otherwise it goes on in places only
    if broadcast.kind == "update":
        known = known and (round_down(count_rest(broadcast, tally)) > 0 or not is_rounded(broadcast, tally))
        label = _.label("📣 Send it to those who don't have it …")
        if known:
            label = _.label("📣 Send it to the {count} who don't have it …", count=count)
        return Press(label, callbacks.BROADCAST("rest", broadcast.id), "primary")
    label = _.label("✏️ Go on correcting") if broadcast.kind == "correction" else _.label("🗑 Go on deleting")
    if known and broadcast.kind == "correction":
        label = _.label("✏️ Go on correcting: {count}", count=count)
    elif known:
        label = _.label("🗑 Go on deleting: {count}", count=count)
    return Press(label, again_action(broadcast, "rest"), "primary")


def _tries(_: Translator, broadcast: Broadcast, tally: Tally) -> list[ButtonRow]:
    """Return the buttons to send again: failed at once, unknown after an explanation if it may duplicate messages.

    Omitted if few people get it: a failure would reveal that somebody signed.
    """
    if broadcast.hides_outcomes(tally):
        return []
    failed, unknown = tally.count_again("failed"), tally.count("unknown")
    rows: list[ButtonRow] = []
    if failed:
        label = _.label("Try again: {count} failed", count=rounded_counts.people(_, broadcast, failed))
        action = again_action(broadcast, "failed")
        if broadcast.kind == "update":
            label, action = f"{label} …", callbacks.BROADCAST("rest", broadcast.id, "failed")
        rows.append((Press(label, action, "primary"),))
    if unknown and broadcast.kind == "update":
        label = _.label("❓ About the unknown: {count} …", count=rounded_counts.people(_, broadcast, unknown))
        rows.append((Press(label, callbacks.BROADCAST("unknown", broadcast.id)),))
    elif unknown:
        label = _.label("Try again: {count} unknown", count=rounded_counts.people(_, broadcast, unknown))
        rows.append((Press(label, again_action(broadcast, "unknown"), "plain" if failed else "primary"),))
    return rows

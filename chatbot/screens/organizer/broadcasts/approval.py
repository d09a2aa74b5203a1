"""Approval of one broadcast by a second organizer: the request, the question and the answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.approval import Approval
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.composing import asking
from chatbot.screens.organizer.broadcasts.summary import expense, facts, list_unwritten, warnings
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen

HERE: Final = "here"
"""In the data of a button that shows the request in place, without the posts above it."""
LONGEST_REASON: Final = 500


def asked(
    _: Translator, broadcast: Broadcast, others: Sequence[str], threshold: int, people: int, before: int = 0
) -> Screen:
    """Say that the broadcast waits for approval, and which members can give it.

    `before` counts the people to whom this organizer sent without approval within a day.
    """
    why = _(
        "👀 <b>A second organizer must approve</b>: it goes to {count} people, and one organizer "
        "alone may send to {threshold} at most.",
        count=rounded_counts.people(_, broadcast, people),
        threshold=_.number(threshold),
    )
    if before:
        why = _(
            "👀 <b>A second organizer must approve</b>: it goes to {count} people, and what you sent alone within 24 "
            "hours, corrections included, adds up to {before}. One organizer alone may send to {threshold} at most.",
            count=rounded_counts.people(_, broadcast, people),
            before=_.number(before),
            threshold=_.number(threshold),
        )
    told = _("Asked: {names}. I'll tell you what they say.", names=_names(_, others))
    if not others:
        told = _("⚠️ There is no other organizer. An owner can invite one, or change the number: /team")
    when = _("It goes out as soon as it's approved. If you change it, you have to ask again.")
    if _is_scheduled(broadcast) and broadcast.scheduled_for:
        when = _(
            "It goes out at the scheduled time, {moment}, if it's approved by then. If you change "
            "it, you have to ask again.",
            moment=times.named(_, broadcast.scheduled_for),
        )
    show = Press(_.label("👀 Show it"), callbacks.BROADCAST("show", broadcast.id))
    rows: tuple[ButtonRow, ...] = ((show,), (way_to_withdraw(_, broadcast),))
    return Screen(times.name_zone_once(_, Markup("\n\n").join((why, told, when))), rows)


def _names(_: Translator, names: Sequence[str]) -> str:
    return _.join(shorten(_, each) for each in names)


def _is_scheduled(broadcast: Broadcast) -> bool:
    return broadcast.scheduled_for is not None and broadcast.late_at is None


def waits_for(_: Translator, asked_at: datetime, others: Sequence[str]) -> Markup:
    """Say since when a broadcast waits for approval, and whose."""
    since = times.named(_, asked_at)
    if not others:
        return _("👀 <b>Waiting for approval</b> since {moment}. There is no other organizer: /team", moment=since)
    return _("👀 <b>Waiting for approval</b> since {moment}. Asked: {names}", moment=since, names=_names(_, others))


def fell(_: Translator, approver: str | None) -> Markup:
    """Say that a change of the broadcast ended the request for approval, or the approval."""
    if approver is None:
        return _(
            "⚠️ It was changed or taken off the schedule, so the request for approval no longer stands. "
            "Please ask again."
        )
    return _(
        "⚠️ It was changed or taken off the schedule, so the approval by {name} no longer stands. Please ask again.",
        name=shorten(_, approver),
    )


def was_declined(_: Translator, name: str, reason: str) -> Markup:
    """Say who did not approve a draft, and why."""
    if not reason:
        return _("✖ <b>{name} did not approve it.</b>", name=shorten(_, name))
    return _("✖ <b>{name} did not approve it:</b> “{reason}”", name=shorten(_, name), reason=reason)


def way_to_withdraw(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that withdraws the request."""
    return Press(_.label("Withdraw the request"), callbacks.BROADCAST("unask", broadcast.id))


def ask(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    asker: str,
    recipients: Mapping[Language, int],
    forecast: MorningForecast | None = None,
    *,
    is_reminder: bool = False,
    is_below: bool = True,
) -> Screen:
    """Ask a second organizer to look, to approve or to say no. `is_below`: the posts are shown above it."""
    name = shorten(_, asker)
    head = _("<b>{name} asks for your approval.</b>", name=name)
    if broadcast.kind == "correction":
        head = _("<b>{name} asks for your approval of a correction.</b>", name=name)
        if is_below:
            head = _(
                "👆 <b>{name} asks for your approval of a correction.</b> This is how it will read in every chat that "
                "has it.",
                name=name,
            )
    elif is_below:
        head = _("👆 <b>{name} asks for your approval.</b> This is what people will get.", name=name)
    if is_reminder:
        head = _("⏰ <b>Nobody has approved this yet.</b> {name} asked for it.", name=name)
    parts = [head, _block(_, campaign, broadcast, recipients, forecast), _when(_, broadcast)]
    parts += warnings(_, campaign, broadcast)
    approve = Press(
        _.label("✅ Approve …"), callbacks.BROADCAST("approve", broadcast.id, broadcast.revision), "primary"
    )
    decline = Press(_.label("✖ Don't approve …"), callbacks.BROADCAST("decline", broadcast.id, broadcast.revision))
    show = Press(_.label("👀 Look at it"), callbacks.BROADCAST("look", broadcast.id))
    return Screen(times.name_zone_once(_, Markup("\n\n").join(parts)), ((approve,), (decline,), (show,)))


def _block(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    forecast: MorningForecast | None,
) -> Markup:
    at = broadcast.scheduled_for if _is_scheduled(broadcast) else None
    is_now = broadcast.scheduled_for is None
    return Markup("\n").join(
        (*facts(_, broadcast, recipients, forecast, at=at, now=is_now), *list_unwritten(_, campaign, broadcast))
    )


def _when(_: Translator, broadcast: Broadcast) -> Markup:
    if _is_scheduled(broadcast):
        return _("It goes out at its time only if it's approved by then.")
    if broadcast.scheduled_for:
        return _("⏰ Its time has passed. Once it's approved, someone still has to send it.")
    return _("🚀 It goes out as soon as you approve.")


def confirm(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    cost: Estimate,
    forecast: MorningForecast | None = None,
) -> Screen:
    """Ask the approver a second time, with the number of people: one tap alone sends nothing."""
    count = rounded_counts.people(_, broadcast, sum(recipients.values()))
    question, label = _("<b>Approve it, and send it now?</b>"), _.label("✅ Yes, send it: {count}", count=count)
    if broadcast.kind == "correction":
        question = _("<b>Approve it, and correct it everywhere now?</b>")
        label = _.label("✅ Yes, correct it")
    if _is_scheduled(broadcast):
        question, label = _("<b>Approve it for this time?</b>"), _.label("✅ Yes, approve it: {count}", count=count)
    elif broadcast.scheduled_for:
        question, label = _("<b>Approve it?</b>"), _.label("✅ Yes, approve it: {count}", count=count)
    asleep = forecast if broadcast.keeps_quiet_hours else None
    lines = [_block(_, campaign, broadcast, recipients, forecast), *expense(_, cost, asleep)]
    parts = [question, Markup("\n").join(lines), *warnings(_, campaign, broadcast)]
    if broadcast.scheduled_for:
        parts.insert(2, _when(_, broadcast))
    yes = Press(label, callbacks.BROADCAST("accept", broadcast.id, broadcast.revision), "success")
    return Screen(times.name_zone_once(_, Markup("\n\n").join(parts)), ((yes,), (_way_back(_, broadcast),)))


def _way_back(_: Translator, broadcast: Broadcast) -> Press:
    return Press(_.label("‹ Back"), callbacks.BROADCAST("look", broadcast.id, HERE))


def ask_reason(_: Translator, broadcast: Broadcast, asker: str, problem: Markup | None = None) -> Screen:
    """Ask why an approver says no."""
    question = _(
        "✖ <b>Why not?</b>\n\nSend one sentence. {name} gets it, and has the draft again to change it.",
        name=shorten(_, asker),
    )
    none = Press(
        _.label("✖ No, without a reason"), callbacks.BROADCAST("refuse", broadcast.id, broadcast.revision), "danger"
    )
    return asking(question, problem, ((none,), (_way_back(_, broadcast),)))


def reason_refused(_: Translator) -> Markup:
    """Say that a reason is too long, or no text."""
    return _("⚠️ Please send text of at most {count} characters.", count=_.number(LONGEST_REASON))


def declined(_: Translator, broadcast: Broadcast, asker: str) -> Screen:
    """Confirm the "no" to the approver."""
    text = _("✖ <b>Not approved.</b> {name} has been told, and has the draft again.", name=shorten(_, asker))
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", broadcast.id)),),))


def approved(_: Translator, broadcast: Broadcast, *, starts: bool) -> Screen:
    """Confirm the approval to the approver."""
    text = _("✅ <b>Approved.</b> It is on its way.")
    if not starts:
        text = _("✅ <b>Approved.</b> It goes out at the scheduled time.")
        if broadcast.late_at:
            text = _("✅ <b>Approved.</b> The scheduled time has passed, so someone still has to send it.")
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", broadcast.id)),),))


def request_over(
    _: Translator, broadcast: Broadcast | None, approval: Approval | None, names: Mapping[int, str]
) -> Screen:
    """Say, in place of a request, what became of it. Without an approval it was withdrawn or overtaken."""
    if broadcast is None:
        return Screen(_("👀 This needs no approval any more: the draft was discarded."))
    show = ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", broadcast.id)),),)
    if approval is not None and approval.approved_by is not None:
        name = shorten(_, names.get(approval.approved_by, ""))
        return Screen(_("✅ <b>{name} has approved “{title}”.</b>", name=name, title=headline(_, broadcast)), show)
    if approval is not None and approval.declined_by is not None:
        name = names.get(approval.declined_by, "")
        said = was_declined(_, name, approval.reason)
        return Screen(Markup("\n\n").join((_("“{headline}”", headline=headline(_, broadcast)), said)), show)
    text = _(
        "👀 <b>“{title}” needs no answer here any more.</b> It was changed or sent, or the request was withdrawn. If "
        "your approval is needed again, you'll be asked anew.",
        title=headline(_, broadcast),
    )
    return Screen(text, show)


def own(_: Translator) -> str:
    """Notice: organizers cannot approve their own broadcast. Plain text."""
    return _.label("Someone else has to approve what you asked for.")


def changed(_: Translator) -> str:
    """Notice: the broadcast was changed since it was shown. Plain text."""
    return _.label("It has since been changed, approved or withdrawn. Nothing happened.")


def waits(_: Translator, approver: str | None) -> Markup:
    """Say in one line who approved a scheduled broadcast, or that nobody was asked yet."""
    if approver is None:
        return _("👀 <b>Not approved yet</b> by a second organizer")
    return _("👀 approved by {name}", name=shorten(_, approver))


def way_to_ask(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that requests approval."""
    return Press(_.label("👀 Ask a second organizer"), callbacks.BROADCAST("request", broadcast.id), "primary")


def way_to_approve(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that opens the open request."""
    return Press(_.label("👀 Look at it and approve"), callbacks.BROADCAST("look", broadcast.id), "primary")

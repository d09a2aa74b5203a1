"""Approval by a second organizer: the threshold, the request and the answer."""

from collections.abc import Mapping

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, MorningForecast
from chatbot.petition.job import JobDetails
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.composing import asking
from chatbot.screens.organizer.broadcasts.summary import facts, list_unwritten, warnings
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen

OFFERS = (1_000, 10_000)
MOST = 1_000_000_000


def choose_threshold(_: Translator, threshold: int | None) -> Screen:
    """Offer thresholds: broadcasts to more people need approval."""
    before = threshold or 0

    def offer(label: str, people: int) -> Press:
        chosen = people == before
        return Press(f"✓ {label}" if chosen else label, callbacks.TEAM("above", before, people))

    numbers = tuple(offer(_.label("above {count}", count=_.number(people)), people) for people in OFFERS)
    text = _(
        "👀 <b>Approval before sending</b>\n\nAn update to more people than this goes out only "
        "after a second organizer has looked at it and approved it. Everything that one person "
        "sent without approval within 24 hours counts together.\n\nNow: {now}",
        now=_now(_, threshold),
    )
    return Screen(
        text,
        (
            (offer(_.label("off"), 0),),
            numbers,
            (Press(_.label("Another number …"), callbacks.TEAM("number")),),
            (Press(_.label("‹ The team"), callbacks.TEAM("list")),),
        ),
    )


def _now(_: Translator, threshold: int | None) -> str:
    if threshold is None:
        return _.label("off")
    return _.label("above {count}", count=_.number(threshold))


def ask_number(_: Translator, problem: Markup | None = None) -> Screen:
    text = _("👀 <b>How many people may one organizer alone send to?</b>\n\nSend me a number, like 2500.")
    return asking(text, problem, ((Press(_.label("‹ Back"), callbacks.TEAM("eyes")),),))


def not_a_number(_: Translator) -> Markup:
    """Say that the text was not a number in range."""
    return _("⚠️ I need a whole number, 1 or more.")


def confirm_number(_: Translator, people: int, before: int | None) -> Screen:
    """Show the number as the bot understood it, for confirmation."""
    text = _.plural(
        "👀 <b>Ask for a second organizer's approval above {count} person?</b>",
        "👀 <b>Ask for a second organizer's approval above {count} people?</b>",
        people,
    )
    return Screen(
        text,
        (
            (Press(_.label("✅ Yes"), callbacks.TEAM("above", before or 0, people), "success"),),
            (Press(_.label("‹ Back"), callbacks.TEAM("eyes")),),
        ),
    )


# A broadcast that waits for approval.


def asked(_: Translator, broadcast: Broadcast, others: int, threshold: int, people: int, before: int = 0) -> Screen:
    """Say that the broadcast waits for approval, and who can give it.

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
            "👀 <b>A second organizer must approve</b>: it goes to {count} people, after {before} "
            "within 24 hours, and one organizer alone may send to {threshold} at most.",
            count=rounded_counts.people(_, broadcast, people),
            before=_.number(before),
            threshold=_.number(threshold),
        )
    told = _.plural(
        "I've shown it to {count} other organizer. I'll tell you once they approve.",
        "I've shown it to {count} other organizers. I'll tell you once one of them approves.",
        others,
    )
    if not others:
        told = _("⚠️ There is no other organizer. An owner can invite one, or change the number: /team")
    when = _("It goes out as soon as it's approved. If you change it, you have to ask again.")
    if broadcast.scheduled_for and not broadcast.late_at:
        when = _(
            "It goes out at the scheduled time, {moment}, if it's approved by then. If you change "
            "it, you have to ask again.",
            moment=times.named(_, broadcast.scheduled_for),
        )
    rows: tuple[ButtonRow, ...] = (
        (
            Press(_.label("👀 Show it"), callbacks.BROADCAST("show", broadcast.id)),
            Press(_.label("Withdraw the request"), callbacks.BROADCAST("unask", broadcast.id)),
        ),
    )
    return Screen(Markup("\n\n").join((why, told, when)), rows)


def ask(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    asker: str,
    recipients: Mapping[Language, int],
    forecast: MorningForecast | None = None,
) -> Screen:
    """Ask a second organizer below the posts; the button approves exactly what is shown above it."""
    hour = broadcast.scheduled_for if not broadcast.late_at else None
    parts = [
        _("👆 <b>{name} asks for your approval.</b> This is what people will get.", name=shorten(_, asker)),
        Markup("\n").join(
            (
                *facts(_, broadcast, recipients, forecast),
                *list_unwritten(_, campaign, broadcast),
            )
        ),
    ]
    if broadcast.kind == "correction":
        parts[0] = _(
            "👆 <b>{name} asks for your approval of a correction.</b> This is how it will read in every chat that "
            "has it.",
            name=shorten(_, asker),
        )
    if hour:
        parts.append(_("🕘 Scheduled for {moment}", moment=times.moment(_, hour)))
        label = _.label("✅ Approve")
    else:
        parts.append(_("🚀 It goes out as soon as you approve."))
        label = _.label("✅ Approve and send")
    parts += warnings(_, campaign, broadcast)
    approve = Press(label, callbacks.BROADCAST("approve", broadcast.id, broadcast.revision), "success")
    show = Press(_.label("👀 Look at it"), callbacks.BROADCAST("look", broadcast.id))
    return Screen(Markup("\n\n").join(parts), ((approve,), (show,)))


def approved(_: Translator, broadcast: Broadcast, *, starts: bool) -> Screen:
    """Confirm the approval to the approver."""
    text = _("✅ <b>Approved.</b> It is on its way.")
    if not starts:
        text = _("✅ <b>Approved.</b> It goes out at the scheduled time.")
        if broadcast.late_at:
            text = _("✅ <b>Approved.</b> The scheduled time has passed, so someone still has to send it.")
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", broadcast.id)),),))


def own(_: Translator) -> str:
    """Notice: organizers cannot approve their own broadcast. Plain text."""
    return _.label("Someone else has to approve what you asked for.")


def changed(_: Translator) -> str:
    """Notice: the broadcast was changed since it was shown. Plain text."""
    return _.label("It has since been changed, approved or withdrawn. Nothing happened.")


def waits(_: Translator, approver: str | None) -> Markup:
    """Say in one line whether a scheduled broadcast is approved."""
    if approver is None:
        return _("👀 <b>Not approved yet</b> by a second organizer")
    return _("👀 approved by {name}", name=shorten(_, approver))


def way_to_ask(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that requests approval."""
    return Press(_.label("👀 Ask a second organizer"), callbacks.BROADCAST("request", broadcast.id), "primary")


def way_to_approve(_: Translator, broadcast: Broadcast) -> Press:
    """Return the button that opens the open request."""
    return Press(_.label("👀 Look at it and approve"), callbacks.BROADCAST("look", broadcast.id), "primary")


def notice(_: Translator, details: JobDetails) -> Screen:
    """Tell the requester about the approval."""
    title, name = str(details["title"]), shorten(_, str(details["by"]))
    text = _("✅ <b>{name} has approved “{title}”.</b> It is on its way.", name=name, title=title)
    if not details["starts"]:
        text = _("✅ <b>{name} has approved “{title}”.</b> It goes out at the scheduled time.", name=name, title=title)
        if details["late"]:
            text = _(
                "✅ <b>{name} has approved “{title}”.</b> The scheduled time has passed, so send it "
                "yourself if it should still go out.",
                name=name,
                title=title,
            )
    number = details["broadcast"]
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", int(number or 0))),),))

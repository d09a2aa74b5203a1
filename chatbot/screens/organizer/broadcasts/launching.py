"""Starting a broadcast: the final confirmation and the first reply."""

from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.quiet_hours import MorningForecast
from chatbot.petition.broadcasts.rest import Retry
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.ending import again_action
from chatbot.screens.organizer.broadcasts.report import find_last_morning
from chatbot.screens.organizer.broadcasts.summary import expense, facts, list_unwritten, warnings
from chatbot.screens.organizer.places import post_lines
from chatbot.screens.screen import ButtonRow, Press, Screen


def confirm(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    cost: Estimate,
    forecast: MorningForecast | None = None,
    *,
    unapproved: bool = False,
) -> Screen:
    """Show the number of people and ask for confirmation of exactly this version.

    While it is `unapproved`, the button requests approval instead.
    """
    people = sum(recipients.values())
    number = rounded_counts.people(_, broadcast, people)
    label = _.label("✅ Yes, send it: {count}", count=number)
    if broadcast.kind == "addition" and not broadcast.is_by_signature:
        label = _.label("✅ Yes, send it: {count} at most", count=number)
    if broadcast.kind == "correction":
        label = _.label("✅ Yes, correct it")
    yes = Press(
        _add_places(_, broadcast, label, people),
        callbacks.BROADCAST("start", broadcast.id, broadcast.revision),
        "success",
    )
    question = _("<b>Send it now?</b>")
    reassurance = _("You can pause it any time, and correct it or delete it for everyone afterwards.")
    if broadcast.kind == "correction":
        question = _("<b>Correct it everywhere now?</b>")
        reassurance = _("The text changes in every chat that has this update. Nobody is notified.")
    if unapproved:
        yes = Press(_.label("👀 Yes, ask a second organizer"), yes.action, "success")
        question = _("<b>Ask a second organizer to approve it?</b>")
        reassurance = _(
            "Nobody sends to so many people within a day alone. It goes out once another organizer has approved it."
        )
    lines = (
        *facts(_, broadcast, recipients, forecast, now=True),
        *list_unwritten(_, campaign, broadcast),
        *expense(_, cost, forecast if broadcast.keeps_quiet_hours else None),
    )
    rows: list[ButtonRow] = [(yes,)]
    if forecast and forecast.waits and broadcast.kind != "correction" and broadcast.urgent_at is None:
        urgent = callbacks.BROADCAST("urgent", broadcast.id, broadcast.revision)
        rows.append((Press(_.label("🚨 Urgent: wake people …"), urgent),))
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("open", broadcast.id)),))
    text = Markup("\n\n").join(
        (
            question,
            Markup("\n").join(lines),
            *warnings(_, campaign, broadcast),
            reassurance,
        )
    )
    return Screen(times.name_zone_once(_, text), tuple(rows))


def _add_places(_: Translator, broadcast: Broadcast, label: str, people: int) -> str:
    """Add the number of places to a label that has the number of people; it stands alone if there are none."""
    is_planned = broadcast.started_at is None
    places = sum(each.state != "skipped" if is_planned else each.is_open for each in broadcast.places)
    if not places:
        return label
    if not people and not broadcast.is_by_signature and broadcast.kind == "update":
        label = _.label("✅ Yes, post it")
    return _.row((label, f"📡 {_.number(places)}"))


def ask_urgent(
    _: Translator, broadcast: Broadcast, recipients: Mapping[Language, int], forecast: MorningForecast
) -> Screen:
    """Ask a second time before people are woken."""
    question = _("🚨 <b>Send it now, also where it's night?</b>")
    if forecast.share:
        question = _(
            "🚨 <b>Send it to everybody now?</b>\n\nIt's night for about {percent} of them.",
            percent=_.percent(round(forecast.share, 2)),
        )
    elif broadcast.renews is None:
        question = _(
            "🚨 <b>Send it to everybody now?</b>\n\nPeople for whom it's night: {count}",
            count=rounded_counts.about(_, forecast.later),
        )
    what = Markup("\n").join(facts(_, broadcast, recipients, now=True))
    why = _why_wait(_)
    people = sum(recipients.values())
    label = _.label("🚨 Yes, send it now: {count}", count=rounded_counts.people(_, broadcast, people))
    yes = Press(
        _add_places(_, broadcast, label, people),
        callbacks.BROADCAST("wake", broadcast.id, broadcast.revision),
        "danger",
    )
    back = Press(_.label("‹ Back"), callbacks.BROADCAST("ask", broadcast.id, broadcast.revision))
    return Screen(times.name_zone_once(_, Markup("\n\n").join((question, what, why))), ((yes,), (back,)))


def _why_wait(_: Translator) -> Markup:
    return _("Only for what can't wait until their morning: people who are woken often stop the updates.")


def ask_wake(_: Translator, broadcast: Broadcast, tally: Tally, asked_at: datetime) -> Screen:
    """Ask before a broadcast on its way is sent to those who wait for their morning."""
    number, last = rounded_counts.about(_, tally.asleep), find_last_morning(tally)
    question = _(
        "🚨 <b>Send it now to those who wait?</b>\n\nPeople for whom it's night: {count}. Left alone, they get it in "
        "their morning.",
        count=number,
    )
    if last:
        question = _(
            "🚨 <b>Send it now to those who wait?</b>\n\nPeople for whom it's night: {count}. Left alone, they get it "
            "in their morning, nearly all by {moment}.",
            count=number,
            moment=times.named(_, last),
        )
    what = Markup("\n").join(facts(_, broadcast, tally.audience, now=True, part=number))
    action = callbacks.BROADCAST("rouse", broadcast.id, int(asked_at.timestamp()))
    yes = Press(_.label("🚨 Yes, wake them: {count}", count=number), action, "danger")
    back = Press(_.label("‹ Let them sleep"), callbacks.BROADCAST("open", broadcast.id))
    return Screen(times.name_zone_once(_, Markup("\n\n").join((question, what, _why_wait(_)))), ((yes,), (back,)))


def is_woken(_: Translator) -> str:
    """Notice: it goes to everybody now, also where it is night. Plain text."""
    return _.label("It goes to everybody now, also where it's night.")


def confirm_again(
    _: Translator,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    whose: Retry,
    forecast: MorningForecast | None = None,
) -> Screen:
    """Ask before an ended broadcast is sent once more: to the rest, or to those where it failed or is unknown."""
    people, is_rest = sum(recipients.values()), whose == "rest" and broadcast.gathered_at is not None
    count = rounded_counts.about(_, people) if is_rest else rounded_counts.people(_, broadcast, people)
    label = _.label("✅ Yes, send it: {count}", count=count)
    if whose == "rest":
        label = _add_places(_, broadcast, label, sum(recipients.values()))
    yes = Press(label, again_action(broadcast, whose), "success")
    question = _("<b>Send it to those who don't have it?</b>")
    note = _("Nobody who has it gets it again.")
    if whose == "failed":
        question = _("<b>Send it again to those where it failed?</b>")
    if whose == "unknown":
        question = _("❓ <b>Unknown: {count}</b>", count=count)
        note = _(
            "The connection broke while it was being sent to them, and Telegram didn't say whether it arrived. If you "
            "send it again, nobody is left out, but some may get it twice."
        )
        yes = Press(_.label("Send it again to {count}", count=count), yes.action)
    text = Markup("\n\n").join(
        (question, Markup("\n").join(facts(_, broadcast, recipients, forecast, now=True, is_rest=is_rest)), note)
    )
    back = Press(_.label("‹ Never mind"), callbacks.BROADCAST("open", broadcast.id))
    return Screen(times.name_zone_once(_, text), ((yes,), (back,)))


def started(_: Translator, broadcast: Broadcast, recipients: Mapping[Language, int]) -> Screen:
    """Confirm the start."""
    people = sum(recipients.values())
    text = _.plural(
        "🚀 <b>On its way to {count} person.</b>\n\nYou can follow it below. It carries on even if "
        "you put your phone away.",
        "🚀 <b>On its way to {count} people.</b>\n\nYou can follow it below. It carries on even if "
        "you put your phone away.",
        people,
    )
    if broadcast.is_by_signature or broadcast.kind == "addition" or not people:
        text = _("🚀 <b>On its way.</b>\n\nYou can follow it below. It carries on even if you put your phone away.")
    if broadcast.kind == "correction":
        text = _("🚀 <b>The correction is on its way.</b>\n\nYou can follow it below.")
    if broadcast.kind == "recall":
        text = _("🗑 <b>It's being deleted for everyone.</b>\n\nYou can follow it below.")
    return Screen(Markup("\n\n").join((text, *post_lines.planned(_, broadcast))))


def is_under_way(_: Translator) -> str:
    """Notice: the broadcast was already started, by anyone. Plain text."""
    return _.label("It has already started, and goes out only once.")


def is_gone(_: Translator) -> Screen:
    """Say that the broadcast was discarded."""
    return Screen(_("That draft was discarded. To write a new one: /broadcast · Sent updates: /broadcasts"))

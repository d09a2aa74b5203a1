"""The approval threshold: above how many people a broadcast needs a second organizer."""

from collections.abc import Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.broadcasts.composing import asking
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen

MOST = 1_000_000_000
_MOST = 5
"""Scheduled broadcasts that are named."""


def choose_threshold(
    _: Translator, threshold: int | None, subscribers: int, unapproved: Sequence[Broadcast] = ()
) -> Screen:
    """Offer thresholds that fit the number of subscribers: broadcasts to more people need approval.

    `unapproved` are scheduled broadcasts that need approval and that nobody was asked to approve.
    """
    before = threshold or 0

    def offer(label: str, people: int) -> Press:
        chosen = people == before
        return Press(f"✓ {label}" if chosen else label, callbacks.TEAM("above", before, people))

    half, all_but_one = subscribers // 2, subscribers - 1
    rows: list[ButtonRow] = [(offer(_.label("off"), 0),)]
    if half >= 1:
        rows.append((offer(_.label("Above half: {count}", count=_.number(half)), half),))
    if all_but_one > half:
        label = _.label("Only for all: above {count}", count=_.number(all_but_one))
        rows.append((offer(label, all_but_one),))
    if threshold and threshold not in (half, all_but_one):
        rows.append((offer(_.label("above {count}", count=_.number(threshold)), threshold),))
    text = _(
        "👀 <b>Approval before sending</b>\n\nAn update to more people than this goes out only "
        "after a second organizer has looked at it and approved it. Everything that one person "
        "sent without approval within 24 hours counts together.\n\nNow: {now}",
        now=_now(_, threshold),
    )
    subscribed = _.plural("{count} person is subscribed.", "{count} people are subscribed.", subscribers)
    parts = [Markup("\n").join((text, subscribed)), *list_unapproved(_, unapproved, are_set=True)]
    rows += [
        (
            Press(
                _.label("👀 Ask for approval: {title}", title=_.isolate(headline(_, each))),
                callbacks.BROADCAST("request", each.id),
                "plain" if nth else "primary",
            ),
        )
        for nth, each in enumerate(unapproved[:_MOST])
    ]
    rows.append((Press(_.label("Another number …"), callbacks.TEAM("number")),))
    rows.append((Press(_.label("‹ The team"), callbacks.TEAM("list")),))
    return Screen(times.name_zone_once(_, Markup("\n\n").join(parts)), tuple(rows))


def list_unapproved(_: Translator, unapproved: Sequence[Broadcast], *, are_set: bool) -> list[Markup]:
    """Name the scheduled broadcasts that need approval by this number, or would need it."""
    if not unapproved:
        return []
    head = _("⚠️ <b>Scheduled updates that would need approval:</b>")
    if are_set:
        head = _("⚠️ <b>Scheduled updates that need approval now.</b> Without it they don't go out:")
    lines = [
        _("🕘 {moment} · “{title}”", moment=times.named(_, each.scheduled_for), title=headline(_, each))
        for each in unapproved[:_MOST]
        if each.scheduled_for
    ]
    if more := len(unapproved) - len(lines):
        lines.append(_("… and {count} more", count=_.number(more)))
    return [Markup("\n").join((head, *lines))]


def _now(_: Translator, threshold: int | None) -> str:
    if threshold is None:
        return _.label("off")
    return _.label("above {count}", count=_.number(threshold))


def ask_number(_: Translator, problem: Markup | None = None) -> Screen:
    text = _("👀 <b>How many people may one organizer alone send to?</b>\n\nSend me a number, like 2500.")
    return asking(text, problem, ((Press(_.label("‹ Back"), callbacks.TEAM("eyes")),),))


def not_a_number(_: Translator, text: str) -> Markup:
    """Say that the text is no number of people."""
    return _("⚠️ I could not read a number of people in “{text}”. Try: 2,500 or 200k", text=shorten(_, text))


def confirm_number(_: Translator, people: int, before: int | None, unapproved: Sequence[Broadcast] = ()) -> Screen:
    """Show the number as the bot understood it, for confirmation."""
    text = _.plural(
        "👀 <b>Ask for a second organizer's approval above {count} person?</b>",
        "👀 <b>Ask for a second organizer's approval above {count} people?</b>",
        people,
    )
    return Screen(
        times.name_zone_once(_, Markup("\n\n").join((text, *list_unapproved(_, unapproved, are_set=False)))),
        (
            (Press(_.label("✅ Yes"), callbacks.TEAM("above", before or 0, people), "success"),),
            (Press(_.label("‹ Back"), callbacks.TEAM("eyes")),),
        ),
    )

"""Erasing one's data: the confirmation and the last message."""

from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.retention import FORMER_MEMBERS
from chatbot.screens import callbacks, times
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Press, Screen


def ask(_: Translator, reader: ReaderContext, yes: str, *, in_team: bool = False, was_in_team: bool = False) -> Screen:
    """Ask for confirmation; `yes` is the action that erases."""
    lines = [
        _(
            "<b>Erase everything about you?</b>\n\nAll we keep about you is erased right away: your "
            "Telegram ID, language, answers, updates, and that you were ever here. This can't be "
            "undone."
        )
    ]
    if reader.number is not None:
        lines.append(_("Your signature is erased too, and no longer counted."))
    if in_team:
        lines.append(_("You'll also leave the team."))
    if was_in_team:
        told = _.plural(
            "What you did in the team stays in its log with your name and ID for {count} day after "
            "you leave, then without them.",
            "What you did in the team stays in its log with your name and ID for {count} days after "
            "you leave, then without them.",
            FORMER_MEMBERS.days,
        )
        lines.append(told)
    lines.append(_("The messages in this chat stay in your Telegram until you delete it."))
    return Screen(
        Markup("\n\n").join(lines),
        ((Press(_.label("Erase everything"), yes, "danger"),), (Press(_.label("Keep everything"), callbacks.HOME),)),
    )


def farewell(_: Translator, log_until: datetime | None = None) -> Screen:
    """Confirm the erasure, without buttons. `log_until`: until then the audit log names a former member."""
    last = _(
        "<b>Everything about you is erased.</b>\n\nYou won't hear from us again: no updates, no "
        "reminders. If nobody should see that you were here, delete this chat too. If you ever "
        "write again, we'll start fresh.\n\nTake care. 💙"
    )
    return Screen(last if log_until is None else Markup("\n\n").join((last, _in_log(_, log_until))))


def nothing_kept(_: Translator, log_until: datetime | None = None) -> Screen:
    """Tell somebody without stored data that there is none; the request is not stored either."""
    return Screen(_("We keep nothing about you.") if log_until is None else _in_log(_, log_until))


def _in_log(_: Translator, until: datetime) -> Markup:
    return _(
        "Only what you did in the team stays in its log, with your name and ID until {moment}, then without them.",
        moment=times.full(_, until),
    )


def is_configured(_: Translator) -> Screen:
    """Explain that an owner named in the settings would become one again with the next message."""
    return Screen(
        _(
            "Your ID is in the bot's settings (<code>ORGANIZERS</code>), which can't be changed from "
            "here. Ask for it to be removed there first; then /forget erases everything."
        )
    )


def last_owner(_: Translator) -> Screen:
    """Explain that the last owner must stay."""
    return Screen(_("You're the last owner of this petition. Make someone else an owner first: /team"))

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
            "<b>Shall we forget you?</b>\n\nEverything kept about you here is erased at once: your Telegram id, your "
            "language, your answers, your updates, and that you were ever here. It cannot be undone."
        )
    ]
    if reader.number is not None:
        lines.append(_("Your signature goes with it and is no longer counted."))
    if in_team:
        lines.append(_("You also leave the team."))
    if was_in_team:
        told = _.plural(
            "What you did in the team stays in its log under your name and id for {count} day after you left it, and "
            "then without them.",
            "What you did in the team stays in its log under your name and id for {count} days after you left it, and "
            "then without them.",
            FORMER_MEMBERS.days,
        )
        lines.append(told)
    lines.append(_("What stands in this chat stays in your Telegram until you delete the chat."))
    return Screen(
        Markup("\n\n").join(lines),
        ((Press(_.label("Erase everything"), yes, "danger"),), (Press(_.label("Keep everything"), callbacks.HOME),)),
    )


def farewell(_: Translator, log_until: datetime | None = None) -> Screen:
    """Confirm the erasure, without buttons. `log_until`: until then the audit log names a former member."""
    last = _(
        "<b>Everything about you is erased.</b>\n\nThere is no more to say from here: no updates, no reminders. "
        "If nobody is to see that you were here, delete this chat too. Should you write again, we begin as "
        "strangers.\n\nTake care. 💙"
    )
    return Screen(last if log_until is None else Markup("\n\n").join((last, _in_log(_, log_until))))


def nothing_kept(_: Translator, log_until: datetime | None = None) -> Screen:
    """Tell somebody without stored data that there is none; the request is not stored either."""
    return Screen(_("Nothing about you is kept here.") if log_until is None else _in_log(_, log_until))


def _in_log(_: Translator, until: datetime) -> Markup:
    return _(
        "Only what you did in the team stays in its log under your name and id, until {moment}. Then they go by "
        "themselves.",
        moment=times.full(_, until),
    )


def is_configured(_: Translator) -> Screen:
    """Explain that an owner named in the settings would become one again with the next message."""
    return Screen(
        _(
            "Your id stands in the bot's own settings (<code>ORGANIZERS</code>), which cannot be changed from here. "
            "Have it taken out there first; then /forget erases everything."
        )
    )


def last_owner(_: Translator) -> Screen:
    """Explain that the last owner must stay."""
    return Screen(_("You are the last owner of this petition. Make somebody else an owner first: /team"))

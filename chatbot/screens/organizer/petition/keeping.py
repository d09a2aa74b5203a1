"""What /petition says about the stored data: when names are erased, and how old the last backup is."""

from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens import times
from chatbot.screens.screen import Screen

_LATE: Final = timedelta(days=2)
"""A backup of this age means that two nights had none."""


def names_are_erased(_: Translator, at: datetime) -> Markup:
    return _("🗑 Names are erased: {date}", date=times.full(_, at))


def restored(_: Translator, details: JobDetails) -> Screen:
    """Notify that a copy took the place of the database."""
    return Screen(
        _(
            "⏪ <b>The bot's data was brought back from a backup.</b>\n\nIt ends on {moment}: what people did after "
            "that is gone. Whoever signed since can sign again; whoever withdrew, unsubscribed or erased their data "
            "since is in it as before. Broadcasts that were being sent are paused, and overdue ones wait for you. Look "
            "at each before you go on: /broadcasts",
            moment=times.full(_, datetime.fromisoformat(str(details["last_used_at"]))),
        )
    )


def last_backup(_: Translator, made_at: datetime, now: datetime) -> Markup:
    age = times.age(_, max(now - made_at, timedelta()))
    if now - made_at > _LATE:
        return _("⚠️ Last backup: {age} ago. Please tell whoever runs the bot.", age=age)
    return _("💾 Last backup: {age} ago", age=age)

"""What /petition says about the stored data: when names are erased, and how old the last backup is."""

from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import times

_LATE: Final = timedelta(days=2)
"""A backup of this age means that two nights had none."""


def names_are_erased(_: Translator, at: datetime) -> Markup:
    return _("🗑 Names are erased: {date}", date=times.full(_, at))


def last_backup(_: Translator, made_at: datetime, now: datetime) -> Markup:
    age = times.age(_, max(now - made_at, timedelta()))
    if now - made_at > _LATE:
        return _("⚠️ Last backup: {age} ago. Please tell whoever runs the bot.", age=age)
    return _("💾 Last backup: {age} ago", age=age)

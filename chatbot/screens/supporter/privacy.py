"""Privacy: what is stored about people, why, how long and for whom, and how to see and erase it."""

from dataclasses import dataclass

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import ButtonRow, Press, Screen


@dataclass(frozen=True, slots=True)
class Privacy:
    """What differs between petitions."""

    addressee: str
    contact: str | None
    retention_days: int
    """Days from closing until names are erased."""
    sealed: bool
    """Whether names and reasons are encrypted when they are signed."""


def explain(_: Translator, facts: Privacy, reader: ReaderContext) -> Screen:
    """Show all of it, short enough for a phone."""
    lines = [
        _("🔒 <b>Your privacy</b>"),
        _(
            "<b>What is kept:</b> your Telegram id (not your phone number), your language, when you wrote, the link "
            "that brought you, the link you share and how far you came; when you sign, your name, country and reason; "
            "when you subscribe, your updates and which of them were sent to you."
        ),
        _(
            "<b>Why:</b> so that every person counts once, so that the petition can be delivered to its addressee "
            "({addressee}), and so that updates reach you if you want them.",
            addressee=facts.addressee,
        ),
        _.plural(
            "<b>How long:</b> {count} day after the petition has closed, names and reasons are erased and Telegram ids "
            "replaced by random numbers; updates end. What stays leads to nobody: a number, a country, a language, "
            "a date.",
            "<b>How long:</b> {count} days after the petition has closed, names and reasons are erased and Telegram "
            "ids replaced by random numbers; updates end. What stays leads to nobody: a number, a country, "
            "a language, a date.",
            facts.retention_days,
        ),
        _(
            "Answers you do not sign are deleted after a day, and if you only looked around, you are forgotten after "
            "30 days."
        ),
        _(
            "So that nobody signs and takes back without end, the bot counts for a day how often an account took its "
            "signature back. That is in its memory only, in a form that names nobody."
        ),
        _sealed(_) if facts.sealed else _readable(_),
        _(
            "<b>What can be joined:</b> in the database your id leads to all of this, and a friend's link to that "
            "friend, until one of you is forgotten. A file has your number, name, country, reason, language, the "
            "wording and the minute you signed, and the link, or only “friend”; no Telegram id. Whoever knows your "
            "number or that minute finds your line in it."
        ),
        _("<b>To see, change or erase it:</b> the buttons below, at any time and alone. /unsubscribe ends updates."),
        _("What you erase may stay in older backups until those are deleted."),
    ]
    if facts.contact:
        lines.append(_("Questions: {contact}", contact=facts.contact))
    return Screen(Markup("\n\n").join(lines), (*_ways(_, reader), *_home(_, reader)))


def _readable(_: Translator) -> Markup:
    return _(
        "<b>Who can read it:</b> whoever runs the server, and the owners of this petition in files, each of which is "
        "in their log. The others of the team see numbers only. Your name stands in the document that is handed over "
        "only if you say so. Telegram sees this chat. Nothing is sold or used for anything else."
    )


def _sealed(_: Translator) -> Markup:
    return _(
        "<b>Who can read it:</b> names and reasons are sealed, and only whoever holds the private key, which is not on "
        "the server, can open them. The rest is read by whoever runs the server, and by the owners of this petition in "
        "files, each of which is in their log. The others of the team see numbers only. Your name stands in the "
        "document that is handed over only if you say so. Telegram sees this chat. Nothing is sold or used for "
        "anything else."
    )


def _ways(_: Translator, reader: ReaderContext) -> tuple[ButtonRow, ...]:
    rows: list[ButtonRow] = [(Press(_.label("👤 What is kept about me"), callbacks.ME),)]
    if reader.number is not None:
        rows.append((Press(_.label("Take my signature back"), callbacks.WITHDRAW),))
    rows.append((Press(_.label("Forget me"), callbacks.FORGET),))
    return tuple(rows)


def _home(_: Translator, reader: ReaderContext) -> tuple[ButtonRow, ...]:
    return tuple(row for row in (way_on(_, reader), (way_back(_),)) if row)

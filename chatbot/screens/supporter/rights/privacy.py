"""Privacy: what is stored about people, why, how long and for whom, and how to see and erase it."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back
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
    """Show the answers most people look for, and the rest folded away below them."""
    details = [
        _(
            "<b>What we keep:</b> your Telegram ID (not your phone number), your language, when you wrote, the link "
            "that brought you, the link you share, how many signed through it, and how far you got; when you sign, "
            "your name, country and reason, how long signing took and which other actions you took; when you "
            "subscribe, your updates and which of them were sent to you."
        ),
        _(
            "<b>Why:</b> so that each person counts once, so that the petition can be delivered to its addressee "
            "({addressee}), and so that updates reach you if you want them.",
            addressee=facts.addressee,
        ),
        _.plural(
            "<b>How long:</b> {count} day after the petition has closed, names and reasons are erased and Telegram IDs "
            "replaced by random numbers; updates end. What remains identifies no one: a number, a country, a "
            "language, a date.",
            "<b>How long:</b> {count} days after the petition has closed, names and reasons are erased and Telegram "
            "IDs replaced by random numbers; updates end. What remains identifies no one: a number, a "
            "country, a language, a date.",
            facts.retention_days,
        ),
        _(
            "Answers you don't sign are deleted after a day, and if you only looked around, you are forgotten after "
            "30 days."
        ),
        _(
            "To stop anyone from signing and withdrawing without end, the bot counts for a day how often an account "
            "withdrew. That count is only in its memory, in a form that identifies no one."
        ),
        _sealed(_) if facts.sealed else _readable(_),
        _(
            "<b>What can be linked:</b> in the database, your ID leads to all of this, and a "
            "friend's link to that friend, until one of you is erased. A file has your number, name, "
            "country, reason, language, the wording and the minute you signed, and the link, or only "
            "“friend”; no Telegram ID. Anyone who knows your number or that minute can find your "
            "line in it."
        ),
        _(
            "<b>To see, change or erase it:</b> the buttons below, any time, without asking "
            "anyone. Updates: /unsubscribe"
        ),
        _(
            "<b>Backups:</b> normally the bot copies everything every night and deletes each copy after five nights. "
            "What you erase stays in older copies until then. Whoever runs the server may have further copies."
        ),
    ]
    text = Markup("{}\n\n<blockquote expandable>{}</blockquote>").format(
        Markup("\n\n").join(_sum_up(_, facts)), Markup("\n\n").join(details)
    )
    return Screen(text, _ways(_, reader))


def _sum_up(_: Translator, facts: Privacy) -> Iterator[Markup]:
    yield _("🔒 <b>Your privacy</b>")
    yield _("<b>What:</b> we keep your Telegram ID and what you tell us: name, country and reason.")
    if facts.sealed:
        yield _(
            "<b>Who:</b> your name is encrypted: only the holder of the private key can read it. It is "
            "public only if you agree."
        )
    else:
        yield _(
            "<b>Who:</b> whoever runs the server, and the owners of this petition. Your name is public only if you "
            "agree."
        )
    yield _.plural(
        "<b>How long:</b> until you erase it (/forget), at most {count} day after the petition has closed.",
        "<b>How long:</b> until you erase it (/forget), at most {count} days after the petition has closed.",
        facts.retention_days,
    )
    if facts.contact:
        yield _("Questions: {contact}", contact=facts.contact)


def _readable(_: Translator) -> Markup:
    return _(
        "<b>Who can read it:</b> whoever runs the server, and the owners of this petition in "
        "files, each recorded in their log. The rest of the team sees only numbers. Your name "
        "appears in the delivered document only if you agree. Telegram can see this chat. "
        "Nothing is sold or used for anything else."
    )


def _sealed(_: Translator) -> Markup:
    return _(
        "<b>Who can read it:</b> names and reasons are encrypted, and only the holder of the "
        "private key, which is not on the server, can open them. The rest can be read by whoever "
        "runs the server, and by the owners of this petition in files, each recorded in their "
        "log. The rest of the team sees only numbers. Your name appears in the delivered "
        "document only if you agree. Telegram can see this chat. Nothing is sold or used for "
        "anything else."
    )


def _ways(_: Translator, reader: ReaderContext) -> tuple[ButtonRow, ...]:
    rows: list[ButtonRow] = [(Press(_.label("👤 My data"), callbacks.ME),)]
    if reader.is_open and reader.drafting:  # the check names /privacy, and this is the way back to it
        rows.insert(0, (Press(_.label("✍️ Continue signing"), callbacks.SIGN),))
    if reader.number is not None:
        rows.append((Press(_.label("Withdraw my signature"), callbacks.WITHDRAW),))
    return (*rows, (Press(_.label("Erase everything about me"), callbacks.FORGET),), (way_back(_),))

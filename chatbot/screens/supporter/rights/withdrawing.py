"""Withdrawing a signature: the confirmation and the result."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import Press, Screen


def ask(_: Translator, number: int, reader: ReaderContext, yes: str) -> Screen:
    """Ask for confirmation; `yes` is the action that withdraws."""
    lines = [
        _(
            "<b>Withdraw your signature?</b>\n\nYou are supporter no. <b>{number}</b>. Your name, "
            "country and reason are erased right away, and you're no longer counted. Nobody will ask "
            "why.",
            number=_.number(number),
        ),
        _("You can sign again later; you'll get a new number.")
        if reader.is_open
        else _("Signing has closed, so you won't be able to sign again."),
    ]
    if reader.subscription_language is not None:
        lines.append(_("You'll still get updates. To stop: /unsubscribe"))
    return Screen(
        Markup("\n\n").join(lines),
        ((Press(_.label("Withdraw my signature"), yes, "danger"),), (Press(_.label("Keep it"), callbacks.HOME),)),
    )


def taken_back(_: Translator, reader: ReaderContext) -> Screen:
    """Confirm it; signing again is offered while the petition is open."""
    text = _(
        "Your signature is withdrawn. Your name, country and reason are erased, and you're no "
        "longer counted. Thank you for standing with us."
    )
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def nothing_signed(_: Translator, reader: ReaderContext) -> Screen:
    text = _("You haven't signed, so there's nothing to withdraw.")
    if reader.drafting:
        text = _("You haven't signed yet, so there's nothing to withdraw. To delete your answers: /cancel")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))

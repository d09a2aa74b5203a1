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
            "<b>Take your signature back?</b>\n\nYou are supporter no. <b>{number}</b>. Your name, country and reason "
            "are erased here at once, and you are no longer counted. Nobody will ask why.",
            number=_.number(number),
        ),
        _("You can sign again later, with a new number.")
        if reader.is_open
        else _("Signing has ended: you could not sign again."),
    ]
    if reader.subscription_language is not None:
        lines.append(_("Campaign updates go on. /unsubscribe ends them."))
    return Screen(
        Markup("\n\n").join(lines),
        ((Press(_.label("Take my signature back"), yes, "danger"),), (Press(_.label("Keep it"), callbacks.HOME),)),
    )


def taken_back(_: Translator, reader: ReaderContext) -> Screen:
    """Confirm it; signing again is offered while the petition is open."""
    text = _(
        "Your signature is taken back. Your name, country and reason are erased, and you are no longer counted. "
        "Thank you for having stood with us."
    )
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def nothing_signed(_: Translator, reader: ReaderContext) -> Screen:
    text = _("You have no signature here, so there is nothing to take back.")
    if reader.drafting:
        text = _("You have not signed yet, so there is nothing to take back. /cancel deletes your answers.")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))

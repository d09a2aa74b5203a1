"""Where a supporter stands, as far as screens need it, and the one button that leads on from there."""

from dataclasses import dataclass, field

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus, in_language
from chatbot.petition.model import Language
from chatbot.screens import callbacks
from chatbot.screens.screen import ButtonRow, Press, Style


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """The facts about one supporter and the petition that change what a screen offers."""

    is_open: bool
    """Whether the petition takes signatures."""
    number: int | None = None
    """Their supporter number, once they have signed."""
    drafting: bool = False
    """Whether they are in the middle of signing."""
    updates: Language | None = None
    """The language of their updates while they are subscribed."""
    status: PetitionStatus = field(default_factory=PetitionStatus)
    """How the petition stands."""


def way_on(_: Translator, standing: ReaderContext) -> ButtonRow:
    """The button that stands out: sign, go on signing, or share once signed; none when there is nothing to do."""
    if standing.number is not None:
        return (Press(_.label("📣 Share the petition"), callbacks.SHARE, "primary"),)
    if not standing.is_open:
        return ()
    label = _.label("✍️ Go on signing") if standing.drafting else _.label("✍️ Sign the petition")
    return (Press(label, callbacks.SIGN, "primary"),)


def signed_line(_: Translator, number: int) -> Markup:
    """Tell a signer their number, in one line."""
    return _("✅ You have signed: supporter no. <b>{number}</b>. Thank you.", number=_.number(number))


def way_back(_: Translator) -> Press:
    """The button back to the welcome."""
    return Press(_.label("🏠 Home"), callbacks.HOME)


def way_to_change(_: Translator) -> Press:
    """The button of who has signed that leads to their signature, to look at it and change it."""
    return Press(_.label("✏️ Change my signature"), callbacks.ME)


def way_to_updates(_: Translator, standing: ReaderContext, style: Style = "plain") -> ButtonRow:
    """The button that subscribes; none for who is subscribed."""
    if standing.updates is not None:
        return ()
    return (Press(_.label("🔔 Send me new updates"), callbacks.SUBSCRIBE, style),)


def ended_line(_: Translator) -> Markup:
    """Tell a signer that signing is over."""
    return _("Signing has ended. Your signature stays.")


def stated(_: Translator, status: PetitionStatus) -> Markup | None:
    """What the team says about the ending, to a reader of this language."""
    return in_language(status.statement, "ko" if _.language == "ko" else "en")

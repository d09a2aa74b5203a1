"""What screens need to know about the reader, and the button to their next step."""

from dataclasses import dataclass, field

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus, choose_words
from chatbot.screens import callbacks
from chatbot.screens.screen import ButtonRow, Press, Style


@dataclass(frozen=True, slots=True)
class ReaderContext:
    """Facts about one supporter and the petition that change what a screen offers."""

    is_open: bool
    """Whether the petition accepts signatures."""
    number: int | None = None
    """Their supporter number; None before they sign."""
    drafting: bool = False
    """Whether a signature is unfinished."""
    subscription_language: Language | None = None
    """None without a subscription."""
    status: PetitionStatus = field(default_factory=PetitionStatus)
    """The petition status as set by its owners."""
    friends_signed: int = 0
    """How many signed through their link, as they are told."""
    hears_of_friends: bool = True
    """Whether they are written to about that."""
    next_action: Action | None = None
    """What a signer can do next, in the reader's language."""


def way_on(_: Translator, reader: ReaderContext) -> ButtonRow:
    """Return the main button: sign, continue signing or share; None if nothing is left to do."""
    if reader.number is not None:
        # After the end nobody can be asked to sign, so that sharing is one way among others.
        style: Style = "primary" if reader.is_open else "plain"
        return (Press(_.label("📣 Share the petition"), callbacks.SHARE, style),)
    if not reader.is_open:
        return ()
    label = _.label("✍️ Continue signing") if reader.drafting else _.label("✍️ Sign the petition")
    return (Press(label, callbacks.SIGN, "primary"),)


def signed_line(_: Translator, number: int) -> Markup:
    """Tell signers their number, in one line."""
    return _("✅ You've signed · supporter no. <b>{number}</b>", number=_.number(number))


def friends_line(_: Translator, reader: ReaderContext) -> Markup | None:
    """Tell somebody how many signed through their link; None while nobody did."""
    if not reader.friends_signed:
        return None
    return _.plural(
        "🌱 <b>{count}</b> person has signed through your link.",
        "🌱 <b>{count}</b> people have signed through your link.",
        reader.friends_signed,
    )


def way_to_action(_: Translator, reader: ReaderContext, style: Style = "plain") -> ButtonRow:
    """Return the button to what a signer can do next; empty if nothing is left."""
    if reader.next_action is None:
        return ()
    words = reader.next_action.words[_.language]
    return (Press(f"➡️ {words.label}", callbacks.ACT(reader.next_action.id), style),)


def way_back(_: Translator) -> Press:
    return Press(_.label("🏠 Home"), callbacks.HOME)


def way_to_change(_: Translator) -> Press:
    """Return the button with which signers view and change their signature."""
    return Press(_.label("✏️ Change my signature"), callbacks.ME)


def way_to_updates(_: Translator, reader: ReaderContext, style: Style = "plain") -> ButtonRow:
    """Return the subscribe button; None for subscribers."""
    if reader.subscription_language is not None:
        return ()
    return (Press(_.label("🔔 Get updates"), callbacks.SUBSCRIBE, style),)


def ended_line(_: Translator) -> Markup:
    """Tell signers that the petition no longer accepts signatures."""
    return _("Signing has closed. Your signature stays.")


def ending_line(_: Translator, reader: ReaderContext, total: int) -> Markup | None:
    """Say how the petition ended, with its final count; None while it is open."""
    if reader.status.ending == "victory":
        return _("🕊 <b>This petition has reached its goal.</b>")
    if not reader.is_open:
        return _("🔒 Signing has closed. Final count: <b>{count}</b>.", count=_.number(total))
    return None


def goal_line(_: Translator, total: int, milestone: int) -> Markup:
    """Say how many supporters are missing to the milestone, in one line."""
    missing = _.number(milestone - total)
    return _("🎯 {missing} more to reach {milestone}", missing=missing, milestone=_.number(milestone))


def stated(_: Translator, status: PetitionStatus) -> Markup | None:
    """Return the team's statement about the ending in the reader's language."""
    return choose_words(status.statement, _.language, _.languages)

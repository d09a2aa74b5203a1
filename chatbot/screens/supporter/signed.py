"""After the signature: the thanks, the question about updates below it, and answers to another attempt to sign."""

from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.model import CampaignWords
from chatbot.screens import callbacks
from chatbot.screens.context import (
    ReaderContext,
    ended_line,
    friends_line,
    stated,
    way_back,
    way_on,
    way_to_action,
    way_to_change,
    way_to_updates,
)
from chatbot.screens.screen import Press, Screen, Style


def thank(_: Translator, name: str | None, number: int, words: CampaignWords, signed_at: datetime) -> Screen:
    """Thank a signer by name and number. This is their receipt: it stays in the chat, and has no buttons.

    The name is left out if it is encrypted and no longer in memory. No message effect goes with it: fireworks fit
    neither the matter nor somebody who is watched, and a screen that replaces another one can have none.
    """
    thanks = (
        _("💙 <b>Thank you.</b>") if name is None else _("💙 <b>Thank you, {name}.</b>", name=name),
        _(
            "You are supporter no. <b>{number}</b>. {thanks}",
            number=_.number(number),
            thanks=words.thanks or _.label("Your name now stands with those of all who signed."),
        ),
        _("<i>{title}\n{date}</i>", title=words.title, date=_.moment(signed_at)),
    )
    return Screen(Markup("\n\n").join(thanks))


def go_on(_: Translator, reader: ReaderContext, *, has_reason: bool) -> Screen:
    """Ask a signer, below the thanks, whether they want updates and, if they gave no reason, for one."""
    reason = () if has_reason else ((Press(_.label("💬 Say why I signed"), callbacks.ME(callbacks.REASON)),),)
    if reader.subscription_language is not None:
        return Screen(_("Your friends can sign, too."), tuple(filter(None, (way_on(_, reader), *reason))))
    join = Press(_.label("🔔 Get updates"), callbacks.JOIN(_.language), "primary")
    no = Press(_.label("No, thanks"), callbacks.SHARE)
    return Screen(_("Would you like news of the campaign here?"), ((join,), *reason, (no,)))


def has_signed(_: Translator, number: int) -> str:
    """Notice: the second of two quick taps on Sign. Plain text."""
    return _.label("✅ You've signed · supporter no. {number}", number=_.number(number))


def signed_already(_: Translator, number: int, signed_at: datetime, reader: ReaderContext) -> Screen:
    """Answer an attempt to sign again: with the signature, how the petition ended, and the next step."""
    signed = _(
        "✅ You signed on {date}: supporter no. <b>{number}</b>. Everyone counts once, and you count.",
        date=_.moment(signed_at),
        number=_.number(number),
    )
    over = None if reader.is_open else ended_line(_)
    if reader.status.ending == "victory":
        over = _("🕊 <b>This petition has reached its goal.</b>")
    parts = (over, stated(_, reader.status), signed, friends_line(_, reader), _ask_more(_, reader))
    text = Markup("\n\n").join(part for part in parts if part)
    more = way_to_action(_, reader, "primary")
    style: Style = "primary" if reader.subscription_language and reader.is_open and not more else "plain"
    share = Press(_.label("📣 Share the petition"), callbacks.SHARE, style)
    updates = way_to_updates(_, reader, "plain" if more else "primary")
    rows = (more, updates, (share,), (way_to_change(_),), (way_back(_),))
    return Screen(text, tuple(row for row in rows if row))


def _ask_more(_: Translator, reader: ReaderContext) -> Markup | None:
    if reader.next_action is None:
        return None
    return _("<b>What you can do now:</b> {action}", action=reader.next_action.words[_.language].label)


def ended(_: Translator, reader: ReaderContext) -> Screen:
    """Explain that the petition is closed or won."""
    lines = [_("Signing has closed. Thank you for wanting to add your name.")]
    if reader.status.ending == "victory":
        lines = [_("🕊 <b>This petition has reached its goal.</b> Thank you for wanting to add your name.")]
    lines += filter(None, [stated(_, reader.status)])
    if reader.drafting:
        lines.append(_("Your answers are kept for a day, in case signing opens again. /cancel deletes them."))
    else:
        lines.append(_("You can still read the appeal and follow the updates."))
    return Screen(
        Markup("\n\n").join(lines),
        (
            (Press(_.label("📰 Updates"), callbacks.UPDATES(1), "primary"),),
            (Press(_.label("📖 Read the appeal"), callbacks.READ(1)), way_back(_)),
        ),
    )


def rest(_: Translator) -> Screen:
    """Ask somebody who signed and withdrew repeatedly to wait."""
    text = _("⏳ You've signed and withdrawn too many times today. You can sign again tomorrow.")
    return Screen(text, ((Press(_.label("📖 Read the appeal"), callbacks.READ(1)), way_back(_)),))


def nothing_to_cancel(_: Translator, reader: ReaderContext) -> Screen:
    """Answer /cancel of somebody who has begun nothing."""
    text = _("There's nothing to cancel.")
    if reader.number is not None:
        text = _("There's nothing to cancel. Your signature stays.")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def cancelled(_: Translator, reader: ReaderContext) -> Screen:
    """Confirm that the unfinished signature is discarded."""
    text = _("Cancelled. Nothing was signed, and your answers are deleted.")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))

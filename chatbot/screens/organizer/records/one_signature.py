"""One signature, found by its number or its name. For owners."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import callbacks, times
from chatbot.screens.countries import flagged
from chatbot.screens.screen import Press, Screen


@dataclass(frozen=True, slots=True)
class SignatureCard:
    """What an owner sees of one signature."""

    number: int
    name: str | None
    """None if it is sealed; empty once it is erased."""
    country: str
    signed_at: datetime
    may_be_named: bool
    set_aside_id: int | None
    reason: str | None = None
    """Why it is excluded."""


def show(_: Translator, card: SignatureCard, hint: Markup | None = None) -> Screen:
    """Show when and where it was given, whether it may be named, and whether it counts."""
    name = card.name or _.label("erased")
    if card.name is None:
        name = _.label("sealed; only the private key opens it")
    lines = [
        _("🔎 <b>Signature № {number}</b>", number=_.number(card.number)),
        _(
            "👤 {name}\n🌍 {country}\n🕘 {moment}",
            name=name,
            country=flagged(_, card.country),
            moment=times.full(_, card.signed_at),
        ),
        _("✅ May be named in public") if card.may_be_named else _("🔒 May not be named in public"),
    ]
    if card.set_aside_id is None:
        lines.append(_("It counts."))
        act = Press(_.label("Exclude it …"), callbacks.REVIEW("exclude", card.number))
    else:
        lines.append(_("🗄 <b>It is excluded</b>: <i>{reason}</i>", reason=card.reason or "–"))
        act = Press(_.label("↩️ Count it again …"), callbacks.REVIEW("again", card.number))
    back = Press(_.label("‹ All signatures to review"), callbacks.REVIEW("list"))
    return Screen(Markup("\n\n").join(part for part in (hint, *lines) if part), ((act,), (back,)))


def not_found(_: Translator, number: int) -> Markup:
    return _(
        "⚠️ There is no signature № {number} here: it was withdrawn, or the number was never given.",
        number=_.number(number),
    )


def confirm_again(_: Translator, number: int, code: str) -> Screen:
    """Ask before one signature counts again."""
    text = _("<b>Count signature № {number} again?</b>\n\nThe total rises by one.", number=_.number(number))
    yes = Press(_.label("✅ Yes, count it again"), callbacks.REVIEW("count", number, code), "success")
    return Screen(text, ((yes,), (Press(_.label("‹ Back"), callbacks.REVIEW("one", number)),)))


def counts_again(_: Translator) -> Markup:
    return _("✅ It counts again.")

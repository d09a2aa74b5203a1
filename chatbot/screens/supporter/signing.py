"""Questions of signing: name, country, reason, and the check before the signature."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.signing.draft import Draft
from chatbot.screens import callbacks
from chatbot.screens.context import (
    ReaderContext,
    ended_line,
    stated,
    way_back,
    way_on,
    way_to_change,
    way_to_updates,
)
from chatbot.screens.countries import flagged
from chatbot.screens.languages import ways_to_join
from chatbot.screens.screen import ButtonRow, Press, Screen, Style

_LABEL_LENGTH = 40


def ask_name(
    _: Translator, draft: Draft, profile_name: str | None, problem: Markup | None = None, step: str = callbacks.NAME
) -> Screen:
    """Ask for the name. `profile_name` becomes a button, if usable."""
    question = _("<b>What is your name?</b>\n\nTap your Telegram name, or type another.")
    if not profile_name:
        question = _("<b>What is your name?</b>\n\nType it as it should stand under the petition.")
    rows: list[ButtonRow] = []
    if profile_name:
        rows.append(_choice(_.label("Sign as {name}", name=_short(profile_name)), step, callbacks.PROFILE))
    return _asking(question, problem, [*rows, _way_out(_, draft, draft.name, step)])


def ask_country(
    _: Translator,
    draft: Draft,
    likely: Sequence[str],
    problem: Markup | None = None,
    step: str = callbacks.COUNTRY,
) -> Screen:
    """Ask for the country. `likely` are ISO codes for buttons."""
    question = _("<b>Which country do you live in?</b>\n\nTap it, or type its name.")
    return _asking(question, problem, _country_rows(_, draft, likely, step))


def offer_countries(
    _: Translator,
    draft: Draft,
    offers: Sequence[str],
    question: Markup,
    step: str = callbacks.COUNTRY,
) -> Screen:
    """Ask which of several similar countries is meant; another may still be typed."""
    return _asking(question, None, _country_rows(_, draft, offers, step))


def _country_rows(_: Translator, draft: Draft, codes: Sequence[str], step: str) -> list[ButtonRow]:
    buttons = [Press(flagged(_, code), callbacks.choose(step, code)) for code in codes]
    pairs = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return [*pairs, _way_out(_, draft, draft.country and flagged(_, draft.country), step)]


def did_you_mean(_: Translator) -> Markup:
    """Say that several countries are similar to the text."""
    return _("<b>Did you mean one of these?</b>\n\nTap it, or type the name once more.")


def which_korea(_: Translator) -> Markup:
    """Ask explicitly, because the text may mean North Korea, which must not be chosen by mistake."""
    return _("<b>To be sure: which Korea do you mean?</b>")


def no_such_country(_: Translator) -> Markup:
    """Say that no country is similar to the text."""
    return _("I could not find that country. Try it like “Canada”, “South Korea” or “DE”, or send its flag.")


def ask_reason(_: Translator, draft: Draft, problem: Markup | None = None, step: str = callbacks.REASON) -> Screen:
    """Ask for the reason, which can be skipped."""
    question = _("<b>Why are you signing?</b>\n\nA sentence or two, if you like.")
    skip = _choice(_.label("Skip"), step, callbacks.SKIP)
    if draft.reason:
        skip = (Press(_.label("Leave it out"), callbacks.choose(step, callbacks.SKIP)),)
    return _asking(question, problem, [skip, _way_out(_, draft, draft.reason, step)])


def check(
    _: Translator,
    draft: Draft,
    shown: Draft,
    campaign: Campaign,
    language: Language,
    problem: Markup | None = None,
) -> Screen:
    """Show all answers before signing; each line can be changed. `shown` has their words."""
    words = campaign.words[language]
    lines = [
        _("<b>Is everything right?</b>"),
        _(
            "{title}\nTo: {addressee}\n\n👤 {name}\n{country}\n💬 {reason}",
            title=words.title,
            addressee=words.addressee,
            name=shown.name or "",
            country=flagged(_, draft.country) if draft.country else "",
            reason=shown.reason or _("no reason given"),
        ),
        _("We keep this with your Telegram id, so that every person counts once. More: /privacy"),
    ]
    sign = Press(_.label("✍️ Sign"), callbacks.choose(callbacks.CHECK, sign_choice(draft)), "success")
    changes = (
        Press(_.label("✏️ Name"), callbacks.choose(callbacks.CHECK, callbacks.NAME)),
        Press(_.label("✏️ Country"), callbacks.choose(callbacks.CHECK, callbacks.COUNTRY)),
        Press(_.label("✏️ Reason"), callbacks.choose(callbacks.CHECK, callbacks.REASON)),
    )
    public = Press(
        may_be_named(_, named=draft.named), callbacks.choose(callbacks.CHECK, name_choice(named=not draft.named))
    )
    return _asking(Markup("\n\n").join(lines), problem, [(sign,), changes, (public,), _cancel(_)])


def may_be_named(_: Translator, *, named: bool) -> str:
    """Label the button that permits showing the name, or revokes it."""
    return _.label("☑ My name may be shown publicly") if named else _.label("☐ My name may be shown publicly")


def name_choice(*, named: bool) -> str:
    """Return the data of the button that permits showing the name, or revokes it."""
    return callbacks.choose(callbacks.NAMED, callbacks.YES if named else callbacks.NO)


def sign_choice(draft: Draft) -> str:
    """Return the data of the Sign button for exactly these answers."""
    return callbacks.choose(callbacks.SIGN, draft.fingerprint())


def tap_to_sign(_: Translator) -> Markup:
    """Say that a tap is needed instead of text."""
    return _("Tap Sign when it is right, or the line that you want to change.")


def words_please(_: Translator) -> Markup:
    """Say that a picture, sticker or the like is no answer."""
    return _("I can only read words here.")


def thank(_: Translator, name: str | None, number: int, reader: ReaderContext) -> Screen:
    """Thank a signer by name and number, and offer updates in either language.

    The name is left out if it is encrypted and no longer in memory.
    """
    thanks = _(
        "💙 <b>Thank you, {name}.</b>\n\n"
        "You are supporter no. <b>{number}</b>. Your name now stands with everyone who will not look away.",
        name=name,
        number=_.number(number),
    )
    if name is None:
        thanks = _(
            "💙 <b>Thank you.</b>\n\n"
            "You are supporter no. <b>{number}</b>. Your name now stands with everyone who will not look away.",
            number=_.number(number),
        )
    if reader.subscription_language is not None:
        return Screen(thanks, (way_on(_, reader),))
    question = _("Shall we tell you here how it goes on?")
    return Screen(
        Markup("\n\n").join((thanks, question)), (ways_to_join(_), (Press(_.label("Not now"), callbacks.SHARE),))
    )


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
    text = Markup("\n\n").join(part for part in (signed, over, stated(_, reader.status)) if part)
    style: Style = "primary" if reader.subscription_language else "plain"
    share = Press(_.label("📣 Share the petition"), callbacks.SHARE, style)
    rows = (way_to_updates(_, reader, "primary"), (share,), (way_to_change(_),), (way_back(_),))
    return Screen(text, tuple(row for row in rows if row))


def ended(_: Translator, reader: ReaderContext) -> Screen:
    """Explain that the petition is closed or won."""
    lines = [_("Signing has ended. Thank you for wanting to stand with us.")]
    if reader.status.ending == "victory":
        lines = [_("🕊 <b>This petition has reached its goal.</b> Thank you for wanting to stand with us.")]
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
    text = _("⏳ You have signed and taken it back too often today. Please sign again tomorrow.")
    return Screen(text, ((Press(_.label("📖 Read the appeal"), callbacks.READ(1)), way_back(_)),))


def cancelled(_: Translator, reader: ReaderContext) -> Screen:
    """Confirm that the unfinished signature is discarded."""
    text = _("All right. Nothing was signed, and your answers are deleted.")
    if reader.number is not None:
        text = _("There is nothing to cancel. Your signature stays.")
    return Screen(text, tuple(row for row in (way_on(_, reader), (way_back(_),)) if row))


def _asking(question: Markup, problem: Markup | None, rows: Sequence[ButtonRow]) -> Screen:
    # The problem comes first, in one line: it is what changed since they last looked.
    text = question if problem is None else Markup("\n\n").join((problem, question))
    return Screen(text, tuple(row for row in rows if row))


def _choice(label: str, step: str, choice: str) -> ButtonRow:
    return (Press(label, callbacks.choose(step, choice), "primary"),)


def _way_out(_: Translator, draft: Draft, value: str | None, step: str) -> ButtonRow:
    """Return the last row of a question: cancel, or "keep" while a line of a finished draft is being changed.

    "Cancel" would suggest ending the change, yet discard everything.
    """
    if draft.next_question != callbacks.CHECK:
        return _cancel(_)
    if not value:
        return ()
    return (Press(_.label("Keep: {value}", value=_short(value)), callbacks.choose(step, callbacks.KEEP)),)


def _cancel(_: Translator) -> ButtonRow:
    return (Press(_.label("Cancel"), callbacks.CANCEL),)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL_LENGTH else f"{line[: _LABEL_LENGTH - 1]}…"

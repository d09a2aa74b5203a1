"""Questions of signing: the check before the signature, and the name, country and reason that are on it."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.countries.names import UNTOLD
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.signing.draft import Draft
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_on
from chatbot.screens.countries import flagged
from chatbot.screens.screen import ButtonRow, Press, Screen

_LABEL_LENGTH = 40


def ask_name(
    _: Translator, draft: Draft, profile_name: str | None, problem: Markup | None = None, step: str = callbacks.NAME
) -> Screen:
    """Ask for the name, or for another one. `profile_name` becomes a button, if it is usable and another one."""
    question = _("<b>What is your name?</b>")
    how: Markup | None = _("Tap your Telegram name, or type another.")
    if draft.name:
        question, how = _("<b>Type the new name.</b>"), None
    elif not profile_name:
        how = _("Type the name you want to sign with.")
    private = _("It stays private unless you say otherwise. A pen name is fine.")
    rows: list[ButtonRow] = []
    if profile_name and profile_name != draft.name:
        rows.append(_choice(_.label("Use “{name}”", name=_short(profile_name)), step, callbacks.PROFILE))
    text = Markup("\n\n").join((question, Markup("\n").join(filter(None, (how, private)))))
    return _asking(text, problem, [*rows, *_ways_out(_, draft, draft.name, step)])


def ask_whether_name(
    _: Translator, name: str, draft: Draft, before: str | None = None, step: str = callbacks.NAME
) -> Screen:
    """Ask whether a text that is hardly a name is meant as one, and say what a name is for. `before` can be kept."""
    question = _("<b>Sign with the name “{name}”?</b>\n\nIf not, type your name.", name=name)
    purpose = _("Names make sure that each person signs only once. Yours stays private unless you say otherwise.")
    yes = Press(_.label("Use “{name}”", name=_short(name)), callbacks.choose(step, doubtful_choice(draft)))
    return _asking(Markup("\n\n").join((question, purpose)), None, [(yes,), *_ways_out(_, draft, before, step)])


def expired(_: Translator) -> Markup:
    """Say once that their unfinished signature was erased."""
    return _("A day has passed, so your answers were deleted. Signing takes about a minute.")


def begin_again(_: Translator, reader: ReaderContext) -> Screen:
    """Say the same to somebody who sent what answers nothing, with the button to sign."""
    return Screen(expired(_), (way_on(_, reader),))


def not_taken(_: Translator) -> Markup:
    """Say that typed text is no answer to a question that is not the last thing on their screen."""
    return _("Something else came in between, so I didn't take that as an answer. Here it is again.")


def forwarded(_: Translator) -> Markup:
    """Say that a forwarded message is no answer."""
    return _("That message was forwarded, so I didn't take it as your answer. Please type it yourself.")


def back_label(_: Translator) -> str:
    """Label the button that leaves an answer as it is. Typed, it does so too where the button names the answer."""
    return _.label("‹ Back")


def tell_above(screen: Screen, told: Markup) -> Screen:
    """Put a line above a screen."""
    return replace(screen, text=Markup("\n\n").join((told, screen.text)))


def needed(_: Translator) -> Markup:
    """Say that this answer cannot be skipped."""
    return _("This one is needed to sign. You can also do it later.")


def sign_labels(_: Translator) -> tuple[str, ...]:
    """Return the labels of the buttons that sign or lead to it. Typed, they sign nothing."""
    return _.label("✍️ Sign"), _.label("✍️ Sign the petition"), _.label("✍️ Continue signing")


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
    buttons = [Press(flagged(_, code), callbacks.choose(step, code)) for code in codes if code != UNTOLD]
    pairs = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    untold = (Press(_.label("Prefer not to say"), callbacks.choose(step, UNTOLD)),)
    return [*pairs, untold, *_ways_out(_, draft, draft.country and flagged(_, draft.country), step)]


def did_you_mean(_: Translator, offers: Sequence[str]) -> Markup:
    """Ask which of the countries is meant that are similar to the text, or whether the only one is."""
    if list(offers) == [UNTOLD]:
        return _("<b>You don't have to name a country.</b>\n\nTap below, or type where you live.")
    if len(offers) == 1:
        return _("<b>Is this right?</b>\n\nTap it, or type the country again.")
    return _("<b>Which of these?</b>\n\nTap one, or type the country again.")


def which_korea(_: Translator) -> Markup:
    """Ask explicitly, because the text may mean North Korea, which must not be chosen by mistake."""
    return _("<b>Just to be sure: North or South Korea?</b>")


def no_such_country(_: Translator) -> Markup:
    """Say that no country is similar to the text."""
    return _("I couldn't find that country. Try “Canada” or “South Korea”, or send its flag.")


def ask_reason(_: Translator, draft: Draft, problem: Markup | None = None, step: str = callbacks.REASON) -> Screen:
    """Ask for the reason, which can be skipped."""
    question = _("<b>Why are you signing?</b>\n\nA sentence or two, if you like.")
    if step != callbacks.REASON:  # they have signed
        question = _("<b>Why did you sign?</b>\n\nA sentence or two, if you like.")
    skip: ButtonRow = ()
    if draft.reason:
        skip = (Press(_.label("Leave it out"), callbacks.choose(step, callbacks.SKIP)),)
    return _asking(question, problem, [skip, *_ways_out(_, draft, draft.reason, step)])


def check(
    _: Translator,
    draft: Draft,
    shown: Draft,
    campaign: Campaign,
    language: Language,
    problem: Markup | None = None,
) -> Screen:
    """Show all answers before signing; each can be changed. `shown` has their words."""
    words = campaign.words[language]
    lines = [
        _("<b>Ready to sign?</b>"),
        _(
            "{title}\nTo: {addressee}\n\n👤 {name}\n{country}\n💬 {reason}",
            title=words.title,
            addressee=words.addressee,
            name=shown.name or "",
            country=flagged(_, draft.country) if draft.country else "",
            reason=shown.reason or _("No reason given"),
        ),
        visibility(_, named=draft.named),
        _("We store this with your Telegram ID so that each person counts once. More: /privacy"),
    ]
    if draft.country in campaign.at_risk_countries and not draft.knows_risk:
        lines.append(careful(_))
    sign = Press(_.label("✍️ Sign"), callbacks.choose(callbacks.CHECK, sign_choice(draft)), "success")
    changes = (
        Press(_.label("✏️ Name"), callbacks.choose(callbacks.CHECK, callbacks.NAME)),
        Press(_.label("✏️ Country"), callbacks.choose(callbacks.CHECK, callbacks.COUNTRY)),
        Press(_.label("✏️ Reason"), callbacks.choose(callbacks.CHECK, callbacks.REASON)),
    )
    public = Press(
        may_be_named(_, named=draft.named), callbacks.choose(callbacks.CHECK, name_choice(named=not draft.named))
    )
    return _asking(Markup("\n\n").join(lines), problem, [(sign,), changes, (public,), (_later(_),)])


def sealed(_: Translator) -> str:
    """Return what stands for encrypted words, which the bot cannot read. Plain text."""
    return _.label("🔏 sealed, no longer readable here")


def careful(_: Translator) -> Markup:
    """Tell somebody who may be in danger how to leave less behind."""
    return _("🛡 You can use a pen name instead of your name. Delete this chat after reading.")


def visibility(_: Translator, *, named: bool) -> Markup:
    """Say whether the name may be shown."""
    return _("Your name may be shown publicly.") if named else _("Your name is not shown publicly.")


def may_be_named(_: Translator, *, named: bool) -> str:
    """Label the button that permits showing the name, or revokes it."""
    return _.label("☑ Show my name publicly") if named else _.label("☐ Show my name publicly")


def name_choice(*, named: bool) -> str:
    """Return the data of the button that permits showing the name, or revokes it."""
    return callbacks.choose(callbacks.NAMED, callbacks.YES if named else callbacks.NO)


def sign_choice(draft: Draft) -> str:
    """Return the data of the Sign button for exactly these answers."""
    return callbacks.choose(callbacks.SIGN, draft.fingerprint())


def doubtful_choice(draft: Draft) -> str:
    """Return the data of the button that takes exactly this doubtful name."""
    return callbacks.choose(callbacks.YES, draft.doubtful_fingerprint)


def tap_to_sign(_: Translator) -> Markup:
    """Say that a tap is needed instead of text."""
    return _("Tap Sign if it's right, or the line you want to change.")


def words_please(_: Translator) -> Markup:
    """Say that a picture, sticker or the like is no answer."""
    return _("I can only read text.")


def _asking(question: Markup, problem: Markup | None, rows: Sequence[ButtonRow]) -> Screen:
    # The problem comes first, in one line: it is what changed since they last looked.
    text = question if problem is None else Markup("\n\n").join((problem, question))
    return Screen(text, tuple(row for row in rows if row))


def _choice(label: str, step: str, choice: str) -> ButtonRow:
    return (Press(label, callbacks.choose(step, choice), "primary"),)


def _ways_out(_: Translator, draft: Draft, value: str | None, step: str) -> list[ButtonRow]:
    """Return the last rows of a question: back to the one before with its answer as it is, or later.

    A button that names the answer has a row of its own: half a row of a phone cuts it.
    """
    later: ButtonRow = () if step.startswith(callbacks.OWN) else (_later(_),)
    keep = callbacks.choose(step, callbacks.KEEP)
    if value:
        return [(Press(_.label("Keep “{value}”", value=_short(value)), keep),), later]
    if step == callbacks.NAME:
        return [later]  # nothing comes before it
    return [(Press(back_label(_), keep), *later)]


def _later(_: Translator) -> Press:
    """Return the button that leaves signing. The answers are kept for a day; /cancel deletes them."""
    return Press(_.label("Later"), callbacks.HOME)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL_LENGTH else f"{line[: _LABEL_LENGTH - 1]}…"

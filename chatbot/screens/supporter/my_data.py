"""The reader's own data: shown in plain words, each line with a way to change it."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.signing.draft import Draft, Line
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, friends_line, way_back, way_to_updates
from chatbot.screens.countries import flagged
from chatbot.screens.screen import ButtonRow, Press, Screen
from chatbot.screens.supporter import signing
from chatbot.screens.supporter.after_signing import friends


@dataclass(frozen=True, slots=True)
class Own:
    """A signature in words, as far as they can be shown."""

    number: int
    signed_at: datetime
    name: str
    country: str
    reason: str | None
    named: bool
    """Whether the name may appear in public."""


def show(
    _: Translator,
    reader: ReaderContext,
    own: Own | None,
    supporter_id: int,
    problem: Markup | None = None,
    *,
    is_member: bool = False,
) -> Screen:
    """Show all data at a glance. The id can be copied with a tap, for a setting that names the organizers.

    `is_member`: of the team.
    """
    lines = [*filter(None, [problem]), _("👤 <b>What we keep about you</b>")]
    if own is None:
        lines.append(_("You haven't signed."))
    else:
        lines.append(
            _(
                "<b>Signature no. {number}</b> · {date}\n👤 {name}\n{country}\n💬 {reason}",
                number=_.number(own.number),
                date=_.moment(own.signed_at),
                name=own.name,
                country=flagged(_, own.country),
                reason=own.reason or _("No reason given"),
            )
        )
        lines.append(signing.visibility(_, named=own.named))
    if (line := friends_line(_, reader)) is not None:
        lines.append(friends.about(_, line))
    if reader.drafting:
        lines.append(_("You haven't finished signing. We keep your answers for a day; to delete them now: /cancel"))
    if reader.subscription_language is not None:
        language = _.language_name(reader.subscription_language)
        lines.append(_("You get updates.") if _.is_alone else _("You get updates in {language}.", language=language))
    lines.append(
        _(
            "We also keep your Telegram ID (<code>{id}</code>), your language, the link that brought you, the one you "
            "share, how many signed through it, which other actions you took, when you wrote, how far you got, and "
            "which updates we sent you. It's all in the file. Why we keep it: /privacy",
            id=supporter_id,
        )
    )
    if is_member:
        lines.append(
            _("About your part in the team we keep your role, your settings, what you wrote and what you did.")
        )
    rows: list[ButtonRow] = []
    if own is not None:
        rows = [
            (
                Press(_.label("✏️ Name"), callbacks.ME(callbacks.NAME)),
                Press(_.label("✏️ Country"), callbacks.ME(callbacks.COUNTRY)),
                Press(_.label("✏️ Reason"), callbacks.ME(callbacks.REASON)),
            ),
            (
                Press(
                    signing.may_be_named(_, named=own.named),
                    callbacks.ME(callbacks.NAMED, callbacks.NO if own.named else callbacks.YES),
                ),
            ),
            (friends.switch(_, hears=reader.hears_of_friends),),
        ]
    rows.append((Press(_.label("📄 Download everything"), callbacks.ME("file")),))
    if own is not None:
        rows.append((Press(_.label("Withdraw my signature"), callbacks.WITHDRAW),))
    rows += [(Press(_.label("Erase everything about me"), callbacks.FORGET),), (way_back(_),)]
    return Screen(Markup("\n\n").join(lines), tuple(rows))


def changed(_: Translator, reader: ReaderContext, line: Line, before: Draft, after: Draft, code: str) -> Screen:
    """Confirm the change of a line, which the button with `code` undoes."""
    match line:
        case "name":
            told = _("✅ Name changed: {before} → {after}", before=before.name or "", after=after.name or "")
        case "country":
            left, now = (flagged(_, each.country or "") for each in (before, after))
            told = _("✅ Country changed: {before} → {after}", before=left, after=now)
        case "reason":
            told = _tell_reason(_, before.reason, after.reason)
    undo = Press(_.label("↩ Undo"), callbacks.ME(callbacks.UNDO, code))
    mine = Press(_.label("👤 My data"), callbacks.ME)
    rows = ((undo,), way_to_updates(_, reader), (mine, way_back(_)))
    return Screen(told, tuple(row for row in rows if row))


def _tell_reason(_: Translator, before: str | None, after: str | None) -> Markup:
    if not after:
        return _("✅ Your reason is taken off your signature.")
    if not before:
        return _("✅ Your reason is added: {reason}", reason=after)
    return _("✅ Reason changed: {after}", after=after)


def same_as_before(_: Translator) -> Markup:
    """Say, above the signature, that the answer is what it says already."""
    return _("That's what your signature already says.")


def undone(_: Translator) -> Markup:
    """Say, above the signature, that the last change is undone."""
    return _("↩ Undone. Your signature is as it was before.")


def caption(_: Translator) -> Markup:
    """Write the caption of the page."""
    return _("Everything we keep about you.")


def caption_for_programs(_: Translator) -> Markup:
    """Write the caption of the second file."""
    return _("The same for programs.")


def file_follows(_: Translator) -> str:
    """Say that the file follows. Plain text."""
    return _.label("Your file is on its way.")


def not_made(_: Translator) -> Screen:
    """Say that all attempts to make the file failed."""
    text = _(
        "⚠️ <b>I couldn't make the file with your data.</b>\n\nThe fault is mine, and nothing is lost. Please try again "
        "tomorrow. If it fails again, please write to the team: /privacy"
    )
    return Screen(text, ((Press(_.label("👤 My data"), callbacks.ME),),))


def changed_meanwhile(_: Translator) -> Markup:
    """Say that the signature changed since the question, so nothing was changed now."""
    return _("⚠️ Your signature has changed in the meantime. This is what it says now.")

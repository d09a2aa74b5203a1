"""Appeal versions for organizers: their dates, signatures and differences."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens import callbacks, times
from chatbot.screens.rounded_counts import about
from chatbot.screens.screen import ButtonRow, Press, Screen

MOST = 12
"""Most versions on a screen; the newest are shown."""


def list_versions(_: Translator, versions: Sequence[tuple[str, datetime | None, int]], now: str) -> Screen:
    """List versions (name, first date, signatures), newest first; `now` is the current one."""
    shown = versions[:MOST]
    lines = [_("📝 <b>The appeal</b>\n\nEach signature belongs to the wording that was signed.")]
    for nth, (_version, since, signed) in enumerate(shown):
        when = times.named(_, since) if since else _.label("earlier, its text wasn't kept")
        count = _("signed by <b>{count}</b>", count=about(_, signed))
        lines.append(_("{number}. {when}", number=_.number(len(versions) - nth), when=when) + Markup(" · ") + count)
    rows: list[ButtonRow] = []
    for nth, ((version, since, _signed), (older, before, _fewer)) in enumerate(pairwise(shown)):
        if since and before:
            label = _.label(
                "{before} → {after}: what changed",
                before=_.number(len(versions) - nth - 1),
                after=_.number(len(versions) - nth),
            )
            rows.append((Press(label, callbacks.APPEAL("changes", older, version, 1)),))
    if len(versions) == 1:
        lines.append(_("It has never changed."))
    # Shown without a count: that somebody signed an earlier version is personal.
    if any(version != now for version, _since, _signed in versions):
        lines.append(
            _(
                "\nIf the change is one of substance, those who signed before should know. A notice is "
                "ready that lets them read it again and withdraw their signature."
            )
        )
        rows.append((Press(_.label("✉️ See the notice to signers"), callbacks.APPEAL("notice"), "primary"),))
    return Screen(times.name_zone_once(_, Markup("\n").join(lines)), tuple(rows))


def show_changes(_: Translator, pages: Sequence[Markup], number: int, before: str, after: str) -> Screen:
    """Show a page of the differences between two versions."""
    back: ButtonRow = (Press(_.label("‹ All versions"), callbacks.APPEAL("list")),)
    if not pages:
        return Screen(_("Nothing changed in this language."), (back,))
    number = min(max(number, 1), len(pages))
    head = _("📝 <b>What changed</b> · <s>gone</s> · <b>new</b>")
    if len(pages) > 1:
        head += Markup(" · ") + _("<i>{page} / {pages}</i>", page=_.number(number), pages=_.number(len(pages)))
    turning = []
    if number > 1:
        turning.append(Press(_.label("‹ Previous"), callbacks.APPEAL("changes", before, after, number - 1)))
    if number < len(pages):
        turning.append(Press(_.label("Next ›"), callbacks.APPEAL("changes", before, after, number + 1)))
    rows: list[ButtonRow] = [tuple(turning)] if turning else []
    return Screen(Markup("\n\n").join((head, pages[number - 1])), (*rows, back))


def changed(_: Translator, _details: JobDetails) -> Screen:
    """Tell the team that the bot started with a changed appeal."""
    text = _(
        "📝 <b>The appeal has a new wording.</b>\n\nEveryone who signs from now on signs the new "
        "one. Earlier signatures stay with the wording people read."
    )
    return Screen(text, ((Press(_.label("See what changed"), callbacks.APPEAL("list"), "primary"),),))

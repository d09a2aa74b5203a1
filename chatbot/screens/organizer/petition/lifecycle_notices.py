"""Notices to the team about the petition status: changes by owners, and reached milestones."""

from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.lifecycle import read_change
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.petition.lifecycle import what_happened
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import Press, Screen


def changed(_: Translator, details: JobDetails) -> Screen:
    change = read_change(str(details["change"]))
    text = _(
        "📜 {by} has decided on the petition: <b>{what}</b>.",
        by=shorten(_, str(details["by"])),
        what=what_happened(_, change) if change else "…",
    )
    return Screen(text, ((Press(_.label("📜 Manage the petition"), callbacks.STATUS("show")),),))


def reached(_: Translator, details: JobDetails) -> Screen:
    """Announce a milestone and suggest thanking subscribers."""
    milestone = int(details["milestone"] or 0)
    text = _(
        "🎉 <b>{milestone} supporters!</b>\n\nCongratulations to all of you. So many people stand with you. "
        "A word of thanks is ready in the petition's languages; you can change it before it goes out.",
        milestone=_.number(milestone),
    )
    return Screen(text, ((Press(_.label("📣 See the thanks"), callbacks.STATUS("thank", milestone), "primary"),),))


def retention(_: Translator, details: JobDetails) -> Screen:
    """Warn that names are about to be erased."""
    text = _(
        "🗑 <b>Names will be erased on {moment}.</b>\n\nSubscriptions end too: nobody can be written to any more. "
        "Until then: /export /deliver /broadcast",
        moment=times.moment(_, datetime.fromisoformat(str(details["at"]))),
    )
    rows = (
        (Press(_.label("ℹ️ What is erased, and why"), callbacks.STATUS("erased")),),
        (Press(_.label("📜 Manage the petition"), callbacks.STATUS("show")),),
    )
    return Screen(text, rows)


def explain_retention(_: Translator) -> Screen:
    """Explain what is erased once a petition is closed, what stays, and what can be done before."""
    text = _(
        "🗑 <b>What is erased</b>\n\nA closed petition keeps what leads to a person no longer than needed.\n\n"
        "• Erased automatically: names, reasons, Telegram IDs and subscriptions.\n"
        "• Kept: counts, countries, dates and numbers.\n\n"
        "<b>Before that</b>\n/export saves the signatures.\n/deliver makes the document.\n"
        "/broadcast sends the subscribers a last word.\n\nReopening the petition stops this."
    )
    return Screen(text, ((Press(_.label("📜 Manage the petition"), callbacks.STATUS("show")),),))

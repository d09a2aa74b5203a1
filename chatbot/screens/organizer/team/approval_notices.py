"""Notices to a writer: what a second organizer said about the broadcast."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.title import read_title
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import Press, Screen


def approved(_: Translator, details: JobDetails) -> Screen:
    """Tell the requester about the approval."""
    title, name = read_title(_, details), shorten(_, str(details["by"]))
    text = _("✅ <b>{name} has approved “{title}”.</b> It is on its way.", name=name, title=title)
    if not details["starts"]:
        text = _("✅ <b>{name} has approved “{title}”.</b> It goes out at the scheduled time.", name=name, title=title)
        if details["late"]:
            text = _(
                "✅ <b>{name} has approved “{title}”.</b> The scheduled time has passed, so send it "
                "yourself if it should still go out.",
                name=name,
                title=title,
            )
    number = details["broadcast"]
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", int(number or 0))),),))


def declined(_: Translator, details: JobDetails) -> Screen:
    """Tell the writer that somebody did not approve."""
    title, name = read_title(_, details), shorten(_, str(details["by"]))
    parts = [_("✖ <b>{name} did not approve “{title}”.</b>", name=name, title=title)]
    if details["reason"]:
        parts.append(_("“{reason}”", reason=str(details["reason"])))
    parts.append(
        _("It was taken off the schedule and is a draft again.") if details["hour"] else _("It is a draft again.")
    )
    show = Press(_.label("✏️ Open the draft"), callbacks.BROADCAST("open", int(details["broadcast"] or 0)), "primary")
    return Screen(Markup("\n\n").join(parts), ((show,),))

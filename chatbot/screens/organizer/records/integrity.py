"""The notice about problems found by the nightly check."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens.screen import Screen

_AT_MOST = 10


def problems_found(_: Translator, details: JobDetails) -> Screen:
    """Tell organizers about the problems, in their language if the command line has it, else in English."""
    told = _(
        "⚠️ <b>The nightly check found something.</b>\n\n"
        "Signing goes on. Please show this to whoever runs the bot; <code>python -m chatbot check</code> says it again."
    )
    problems = str(details.get(f"problems_{_.language}") or details["problems"]).splitlines()
    lines = [Markup("• {}").format(each) for each in problems[:_AT_MOST]]
    if len(problems) > _AT_MOST:
        lines.append(_("… and {count} more", count=_.number(len(problems) - _AT_MOST)))
    return Screen(Markup("\n\n").join((told, Markup("\n").join(lines))))

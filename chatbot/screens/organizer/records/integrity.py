"""The notice about problems found by the nightly check."""

from collections.abc import Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens.screen import Screen

_AT_MOST = 10


def problems_found(_: Translator, problems: Sequence[str]) -> Screen:
    """Tell organizers about the problems; each is a line for the operator."""
    told = _(
        "⚠️ <b>The nightly check found something.</b>\n\n"
        "Signing goes on. Please show this to whoever runs the bot; <code>python -m chatbot check</code> says it again."
    )
    lines = "\n".join(problems[:_AT_MOST])
    return Screen(Markup("{}\n\n<pre>{}</pre>").format(told, lines))

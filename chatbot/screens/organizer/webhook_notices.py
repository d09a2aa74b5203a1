"""Notices to organizers about the machine: messages do not reach the bot, do again, or its clock is wrong."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens import times
from chatbot.screens.screen import Screen


def broken(_: Translator, details: JobDetails) -> Screen:
    """Say that Telegram cannot deliver; its error text is for the operator."""
    text = _(
        "📡 <b>Telegram can't deliver people's messages to the bot.</b>\n\nSome people, or all, get "
        "no answer now. Their messages wait for a day. Please show this to whoever runs the bot:"
    )
    return Screen(Markup("{}\n\n<pre>{}</pre>").format(text, str(details["told"])))


def over(_: Translator, _details: JobDetails) -> Screen:
    return Screen(
        _("✅ Telegram delivers people's messages to the bot again, and those that waited are being answered.")
    )


def taken(_: Translator, _details: JobDetails) -> Screen:
    """Say that another program used the token and took messages."""
    return Screen(
        _(
            "📡 <b>Another program took the bot's messages for a while.</b>\n\nIt uses this bot's "
            "token. Messages arrive here again, but some that were sent in the meantime may have no "
            "answer. Please tell whoever runs the bot. If nobody knows that program, the token was "
            "stolen: revoke it at @BotFather."
        )
    )


def wrong_clock(_: Translator, details: JobDetails) -> Screen:
    """Say by how much it is wrong."""
    return Screen(
        _(
            "🕰 <b>The clock of the bot's machine is wrong by {duration}.</b>\n\nBroadcasts are sent at the wrong "
            "time, and signatures get a wrong one. Please show this to whoever runs the bot: the machine should set "
            "its clock by the network.",
            duration=times.duration(_, abs(int(str(details["ahead"])))),
        )
    )

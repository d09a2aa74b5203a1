"""Notices to organizers about the machine: messages do not reach the bot or are not stored, or its clock is wrong."""

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


def not_stored(_: Translator) -> Screen:
    """Say that nothing can be stored; the log says why."""
    return Screen(
        _(
            "💾 <b>The bot can't save anything right now.</b>\n\nNobody can sign or change anything. People who write "
            "are asked to wait, and what they sent is done as soon as it works again. Nothing that was signed before "
            "is lost. Please tell whoever runs the bot: the disk may be full, or the database away. The log says which."
        )
    )


def stored_again(_: Translator) -> Screen:
    return Screen(_("✅ The bot can save again, and those who waited are being answered."))


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

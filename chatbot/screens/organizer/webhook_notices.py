"""Notices to organizers when messages do not reach the bot, and when they do again."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens.screen import Screen


def broken(_: Translator, details: JobDetails) -> Screen:
    """Say that Telegram cannot deliver; its error text is for the operator."""
    text = _(
        "📡 <b>Telegram cannot bring people's messages to the bot.</b>\n\n"
        "Some people, or all, get no answer now. What they write waits for a day. "
        "Please show this to whoever runs the bot:"
    )
    return Screen(Markup("{}\n\n<pre>{}</pre>").format(text, str(details["told"])))


def over(_: Translator, _details: JobDetails) -> Screen:
    return Screen(_("✅ Telegram brings people's messages to the bot again, and those that waited are answered now."))


def taken(_: Translator, _details: JobDetails) -> Screen:
    """Say that another program used the token and took messages."""
    return Screen(
        _(
            "📡 <b>Another program took the bot's messages for a while.</b>\n\n"
            "It uses the token of this bot. Messages come here again, but some that were written meanwhile may have no "
            "answer. Please tell whoever runs the bot. If nobody knows that program, the token was stolen: revoke it "
            "at @BotFather."
        )
    )

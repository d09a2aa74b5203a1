"""Notices to the team about the languages of the petition."""

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.screens.screen import Screen


def not_offered(_: Translator, details: JobDetails) -> Screen:
    """Say that the campaign lists languages that people cannot choose yet."""
    names = _.join(map(_.language_name, str(details["languages"]).split()))
    return Screen(
        _(
            "🌐 <b>Not offered to people yet: {languages}</b>\n\nTexts are missing, or files have "
            "mistakes. Everything else works. <code>python -m chatbot check</code> tells whoever "
            "runs the bot what is wrong.",
            languages=names,
        )
    )

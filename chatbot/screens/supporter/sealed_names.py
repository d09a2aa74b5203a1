"""Sealed names, as people see them."""

from chatbot.i18n import Translator


def closed(_: Translator) -> str:
    """Stands for words that are sealed: nobody can read them here any more, not even the bot; plain."""
    return _.label("🔏 sealed, no longer readable here")

"""Placeholder for sealed names."""

from chatbot.i18n import Translator


def closed(_: Translator) -> str:
    """Return the placeholder for encrypted words, which the bot cannot read. Plain text."""
    return _.label("🔏 sealed, no longer readable here")

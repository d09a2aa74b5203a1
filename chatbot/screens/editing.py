"""Replies to edited messages: accepted, or how to answer instead."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens.context import way_back, way_to_change
from chatbot.screens.screen import Screen


def taken(_: Translator) -> Markup:
    return _("✏️ Changed to match your edit.")


def send_again(_: Translator) -> Markup:
    """Say, above a question, that the edited message is no longer an answer."""
    return _("✏️ I can't tell which answer you edited. Please send it as a new message.")


def not_followed(_: Translator) -> Screen:
    """Reply where the bot expects typed text outside signing, such as at the desk."""
    return Screen(_("✏️ I can't follow edits here. Please send it again as a new message."))


def change_signature(_: Translator) -> Screen:
    """Tell a signer that an edit does not change the signature, and offer the way to change it."""
    return Screen(
        _("✏️ Editing a message doesn't change your signature. You can change it here, any time:"),
        ((way_to_change(_),), (way_back(_),)),
    )

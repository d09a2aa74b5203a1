"""What is said to somebody who has edited a message: taken, or how to say it instead."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens.context import way_back, way_to_change
from chatbot.screens.screen import Screen


def taken(_: Translator) -> Markup:
    """Their edit has changed the answer."""
    return _("✏️ I have changed it to match your edit.")


def send_again(_: Translator) -> Markup:
    """Above a question: the edited message is no longer the answer to anything."""
    return _("✏️ I cannot tell which answer that edit belongs to. Please send it as a new message.")


def not_followed(_: Translator) -> Screen:
    """Where something is typed that is no answer on the way to a signature."""
    return Screen(_("✏️ I do not follow edits here. Please send it once more, as a new message."))


def change_signature(_: Translator) -> Screen:
    """After signing: the signature stays as it is, and there is a way to change it."""
    return Screen(
        _("✏️ Editing a message does not change your signature. You can change it here, at any time:"),
        ((way_to_change(_),), (way_back(_),)),
    )

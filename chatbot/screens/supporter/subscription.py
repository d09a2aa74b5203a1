"""Subscriptions: starting, changing the language, ending."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.languages import way_to_subscription_language
from chatbot.screens.screen import ButtonRow, Press, Screen


def subscribed(_: Translator, updates: Language, reader: ReaderContext) -> Screen:
    """Confirm the subscription in the language `updates`, which one tap changes."""
    text = Markup("\n\n").join((joined(_, updates), _("To stop them any time: /unsubscribe")))
    others = way_to_subscription_language(_, updates)
    return Screen(text, tuple(row for row in (way_on(_, reader), others, (way_back(_),)) if row))


def joined(_: Translator, updates: Language) -> Markup:
    """Name the subscription language in one line."""
    if _.is_alone:
        return _("🔔 You'll get updates in this chat.")
    return _("🔔 You'll get updates in {language}, in this chat.", language=_.language_name(updates))


def not_subscribed(_: Translator, language: Language) -> Screen:
    """Answer an unsubscription by somebody without a subscription."""
    join = Press(_.label("🔔 Get updates"), callbacks.SUBSCRIBE(language))
    return Screen(_("You aren't getting updates."), ((join,), (way_back(_),)))


def unsubscribed(_: Translator, language: Language, reader: ReaderContext) -> Screen:
    """Confirm the end of the subscription; a signature is not affected."""
    text = _("🔕 Done. No more updates.")
    if reader.number is not None:
        text = _("🔕 Done. No more updates. Your signature stays.")
    again = Press(_.label("🔔 Get updates again"), callbacks.SUBSCRIBE(language))
    return Screen(text, ((again,), (way_back(_),)))


def subscription_row(_: Translator, language: Language, reader: ReaderContext) -> ButtonRow:
    """Return the button that starts or ends the subscription."""
    if reader.subscription_language is not None:
        return (Press(_.label("Stop updates"), callbacks.UNSUBSCRIBE),)
    return (Press(_.label("🔔 Get updates"), callbacks.SUBSCRIBE(language), "primary"),)

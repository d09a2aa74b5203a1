"""Updates: choosing them, changing their language, ending them."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.model import LANGUAGES, Language
from chatbot.screens import callbacks
from chatbot.screens.context import ReaderContext, way_back, way_on
from chatbot.screens.screen import ButtonRow, Press, Screen


def subscribed(_: Translator, updates: Language, standing: ReaderContext) -> Screen:
    """Confirm that updates will come in the language `updates`, which one tap changes."""
    text = Markup("\n\n").join((joined(_, updates), _("/unsubscribe ends them at any time.")))
    others = tuple(
        Press(
            _.label("In {language} instead", language=_.language_name(other)),
            callbacks.call(callbacks.SUBSCRIBE, other),
        )
        for other in LANGUAGES
        if other != updates
    )
    return Screen(text, tuple(row for row in (way_on(_, standing), others, (way_back(_),)) if row))


def joined(_: Translator, updates: Language) -> Markup:
    """Say in one line in which language updates will come."""
    return _("🔔 You will get campaign updates in {language}, here in this chat.", language=_.language_name(updates))


def unsubscribed(_: Translator, language: Language, standing: ReaderContext) -> Screen:
    """Confirm that no more updates come. A signature, if any, stays."""
    text = _("🔕 Done: no more updates.")
    if standing.number is not None:
        text = _("🔕 Done: no more updates. Your signature stays.")
    again = Press(_.label("🔔 Get updates again"), callbacks.call(callbacks.SUBSCRIBE, language))
    return Screen(text, ((again,), (way_back(_),)))


def subscription_row(_: Translator, language: Language, standing: ReaderContext) -> ButtonRow:
    """The button that fits: have updates sent, or end them."""
    if standing.updates is not None:
        return (Press(_.label("🔕 Stop sending me updates"), callbacks.UNSUBSCRIBE),)
    return (Press(_.label("🔔 Send me new updates"), callbacks.call(callbacks.SUBSCRIBE, language), "primary"),)

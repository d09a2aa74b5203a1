"""Updates: choosing them, changing their language, ending them."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.model import LANGUAGES, Language
from chatbot.screens import actions
from chatbot.screens.screen import Press, Row, Screen
from chatbot.screens.standing import Standing, way_back, way_on


def subscribed(_: Translator, updates: Language, standing: Standing) -> Screen:
    """Confirm that updates will come in the language `updates`, which one tap changes."""
    text = Markup("\n\n").join((joined(_, updates), _("/unsubscribe ends them at any time.")))
    others = tuple(
        Press(
            _.label("In {language} instead", language=_.language_name(other)),
            actions.call(actions.SUBSCRIBE, other),
        )
        for other in LANGUAGES
        if other != updates
    )
    return Screen(text, tuple(row for row in (way_on(_, standing), others, (way_back(_),)) if row))


def joined(_: Translator, updates: Language) -> Markup:
    """Say in one line in which language updates will come."""
    return _("🔔 You will get campaign updates in {language}, here in this chat.", language=_.language_name(updates))


def unsubscribed(_: Translator, language: Language, standing: Standing) -> Screen:
    """Confirm that no more updates come. A signature, if any, stays."""
    text = _("🔕 Done: no more updates.")
    if standing.number is not None:
        text = _("🔕 Done: no more updates. Your signature stays.")
    again = Press(_.label("🔔 Get updates again"), actions.call(actions.SUBSCRIBE, language))
    return Screen(text, ((again,), (way_back(_),)))


def subscription_row(_: Translator, language: Language, standing: Standing) -> Row:
    """The button that fits: have updates sent, or end them."""
    if standing.updates is not None:
        return (Press(_.label("🔕 Stop sending me updates"), actions.UNSUBSCRIBE),)
    return (Press(_.label("🔔 Send me new updates"), actions.call(actions.SUBSCRIBE, language), "primary"),)

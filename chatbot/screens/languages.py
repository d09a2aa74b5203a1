"""Choosing a language: a toggle if the petition has two, and a list of their own names if it has more."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.screens import callbacks
from chatbot.screens.context import way_back
from chatbot.screens.screen import ButtonRow, Press, Screen

_TOGGLED = 2
_NAMED = 5


def list_names(_: Translator) -> str:
    """Name a few languages in their own words. Plain text."""
    names = [_.isolate(facts.name) for facts in _.languages.values()]
    return " / ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def choose_language(translators: Mapping[Language, Translator], language: Language) -> Screen:
    """Ask for the language of the chat, in all languages at once, since the reader may know only one of them."""
    _ = translators[language]
    if _.is_alone:
        return Screen(_("This petition is in one language: {language}.", language=list_names(_)), ((way_back(_),),))
    text = Markup("\n").join(dict.fromkeys(map(_ask, translators.values())))
    rows = _list(_, language, callbacks.CHOOSE_LANGUAGE)
    return Screen(text, rows if len(_.languages) <= _TOGGLED else (*rows, (way_back(_),)))


def choose_subscription_language(_: Translator, chosen: Language | None, *, joining: bool) -> Screen:
    """Ask for the language of updates; `chosen` is that of a subscription.

    `joining` is the last question of signing, which may be left open.
    """
    text = _("🔔 <b>Which language would you like updates in?</b>")
    last = Press(_.label("Not now"), callbacks.SHARE) if joining else way_back(_)
    return Screen(text, (*_list(_, chosen, callbacks.JOIN if joining else callbacks.SUBSCRIBE), (last,)))


def way_to_language(_: Translator, language: Language) -> ButtonRow:
    """Return the button to the other language of the chat, or to the list of languages."""
    if len(_.languages) > _TOGGLED:
        return (Press(f"🌐 {_.own_name(language)} …", callbacks.LANGUAGE),)
    return tuple(Press(f"🌐 {_.own_name(each)}", callbacks.HOME(each)) for each in _.languages if each != language)


def way_to_subscription_language(_: Translator, updates: Language) -> ButtonRow:
    """Return the button that changes the language of a subscription, or shows the list of languages."""
    if len(_.languages) > _TOGGLED:
        return (Press(_.label("🌐 Another language"), callbacks.LANGUAGE(callbacks.SUBSCRIBE)),)
    return tuple(
        Press(_.label("Get updates in {language}", language=_.language_name(each)), callbacks.SUBSCRIBE(each))
        for each in _.languages
        if each != updates
    )


def _ask(_: Translator) -> Markup:
    # Translators name their own language here: 한국어로 하시겠습니까?
    return _("Choose your language.")


def _list(_: Translator, chosen: Language | None, write: Callable[[Language], str]) -> tuple[ButtonRow, ...]:
    """Put the languages in rows of two; the chosen one is ticked."""
    names = {each: _.own_name(each) for each in _.languages}
    buttons = [Press(f"✓ {name}" if each == chosen else name, write(each)) for each, name in names.items()]
    return tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))

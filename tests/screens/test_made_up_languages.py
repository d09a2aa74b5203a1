"""Every screen in languages that are a folder: nothing overflows, and right to left every value is isolated."""

import re
from collections.abc import Callable
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import walk_packages

import pytest

from chatbot import screens as screens_package
from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.screens.load import load_petition
from chatbot.screens.organizer import menu
from chatbot.screens.organizer.broadcasts import progress
from chatbot.screens.screen import Press, Screen
from chatbot.screens.supporter import general, my_data
from chatbot.settings import BUNDLED_LOCALES
from tests.screens.fitting import assert_fits
from tests.screens.galleries.all_screens import LONGEST, ORDINARY, Facts, screens
from tests.support.made_up_languages import MADE_UP
from tests.support.right_to_left import find_undirected, find_unisolated

CAPTIONS = {"desk-deliver-file", "desk-export-sealed", "desk-export-file", "desk-stats-picture"}
"""The screens that are captions of files."""
LANGUAGE_IN_DATA = re.compile(rf"\b({'|'.join(['ko', 'en', *MADE_UP])})\b")


class Petition:
    """The bundled petition, with made-up languages beside its own."""

    def __init__(self, locales: Path) -> None:
        self.campaign, self.translators = load_petition([locales, BUNDLED_LOCALES])

    def draw(self, language: Language, facts: Facts = ORDINARY["en"]) -> dict[str, Screen]:
        """Draw every screen in this language, by name."""
        return dict(screens(self.translators, self.campaign, language, facts))


@pytest.fixture(scope="module")
def petition(made_up_locales: Path) -> Petition:
    return Petition(made_up_locales)


@pytest.mark.parametrize("language", MADE_UP)
@pytest.mark.parametrize("facts", [ORDINARY["en"], LONGEST], ids=["ordinary", "longest"])
def test_every_screen_fits(petition: Petition, language: Language, facts: Facts) -> None:
    for name, screen in petition.draw(language, facts).items():
        assert_fits(name, screen)


@pytest.mark.parametrize("language", MADE_UP)
def test_menu_of_commands_fits(petition: Petition, language: Language) -> None:
    _ = petition.translators[language]
    commands = (*general.commands(_), *menu.commands(_, "owner"))
    assert [command for command, line in commands if not 1 <= len(line) <= 256] == []


@pytest.mark.parametrize("language", MADE_UP)
def test_notices_and_captions_fit(petition: Petition, language: Language) -> None:
    _ = petition.translators[language]
    assert {"too_fast", "step_is_done", "too_late"} <= {words.__name__ for words in list_words()}
    notices = [words(_) for words in list_words()]
    notices += [progress.resumed(_, "update"), progress.resumed(_, "correction"), progress.resumed(_, "recall")]
    notices += [menu.may_not_tap(_, "owner"), menu.may_not_tap(_, "organizer")]
    assert [notice for notice in notices if not 0 < len(notice) <= 200] == []
    captions = [screen for name, screen in petition.draw(language, LONGEST).items() if name in CAPTIONS]
    captions += [Screen(my_data.caption(_))]
    assert len(captions) == len(CAPTIONS) + 1
    assert [caption for caption in captions if len(re.sub("<[^<>]*>", "", caption.text)) > 1024] == []


def list_words() -> list[Callable[[Translator], str]]:
    """List the functions of the screens that return plain words; the notices are among them.

    What the command line says is on no screen.
    """
    names = [each.name for each in walk_packages(screens_package.__path__, "chatbot.screens.")]
    modules = [import_module(name) for name in names if ".command_line" not in name]
    found = [each for module in modules for _name, each in getmembers(module, isfunction)]
    return [each for each in found if (dict(each.__annotations__) == {"_": Translator, "return": str})]


@pytest.mark.parametrize("language", MADE_UP)
def test_profile_of_the_bot_fits(petition: Petition, language: Language) -> None:
    words = petition.campaign.words[language]
    assert len(words.bot_name) <= 64
    assert len(words.bot_description) <= 512
    assert len(words.bot_short_description) <= 120


@pytest.mark.parametrize("language", MADE_UP)
def test_nothing_of_a_screen_is_english(petition: Petition, language: Language) -> None:
    english = petition.draw("en")
    same = [name for name, screen in petition.draw(language).items() if english.get(name) == screen]
    assert same == []


@pytest.mark.parametrize("language", MADE_UP)
def test_buttons_have_the_data_that_they_have_in_english(petition: Petition, language: Language) -> None:
    english = {name: list_data(screen) for name, screen in petition.draw("en").items() if has_same_pages(name)}
    made_up = {name: list_data(screen) for name, screen in petition.draw(language).items()}
    assert english
    assert {name: data for name, data in made_up.items() if english.get(name, data) != data} == {}


def has_same_pages(name: str) -> bool:
    """Whether a screen has as many pages in each language: longer words make the appeal longer."""
    return not name.startswith("appeal-")


def list_data(screen: Screen) -> list[str]:
    """List the data of the buttons, without the languages in them."""
    buttons = (button for row in screen.rows for button in row)
    return sorted(LANGUAGE_IN_DATA.sub("…", button.action) for button in buttons if isinstance(button, Press))


@pytest.mark.parametrize("language", [code for code in MADE_UP if code != "qps"])
def test_every_part_runs_right_to_left(petition: Petition, language: Language) -> None:
    drawn = petition.draw(language)
    undirected = {name: found for name, screen in drawn.items() if (found := find_undirected(str(screen.text)))}
    assert undirected == {}


@pytest.mark.parametrize("language", ["qar", "ar"])
def test_every_value_is_isolated_right_to_left(petition: Petition, language: Language) -> None:
    found = {name: find_in_screen(screen) for name, screen in petition.draw(language).items()}
    assert {name: values for name, values in found.items() if values} == {}


def find_in_screen(screen: Screen) -> list[str]:
    """List the values of a screen and its buttons that are not isolated."""
    labels = (button.label for row in screen.rows for button in row)
    return [value for text in (str(screen.text), *labels) for value in find_unisolated(text)]


@pytest.mark.parametrize("language", ["ko", "en", "qps"])
def test_nothing_is_isolated_left_to_right(petition: Petition, language: Language) -> None:
    drawn = petition.draw(language, ORDINARY["en"])
    assert not [name for name, screen in drawn.items() if "\u2068" in str(screen)]


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("To {name}", "To \u2068{name}\u2069"),
        ('<a href="{name}">here</a>', '<a href="{name}">here</a>'),
        ("Type <code>/x {name}</code>", "Type \u2068<code>/x {name}</code>\u2069"),
        ("<b>{name}</b>", "<b>\u2068{name}\u2069</b>"),
        ("See /me or #Tag", "See \u2068/me\u2069 or \u2068#Tag\u2069"),
        ("1/2 &#39;x&#39; <b>y</b>", "1/2 &#39;x&#39; <b>y</b>"),
        ("{{name}} {name}", "{{name}} \u2068{name}\u2069"),
        ("<blockquote expandable>{name}</blockquote>", "<blockquote expandable>\u2068{name}\u2069</blockquote>"),
    ],
)
def test_isolates_are_outside_of_addresses_and_of_what_a_tap_copies(
    petition: Petition, text: str, isolated: str
) -> None:
    _ = petition.translators["qar"]
    assert str(_(text, name="하나 &")) == isolated.format(name="하나 &amp;")
    assert petition.translators["en"](text, name="하나") == text.format(name="하나")

"""The option `check --language`: what a language has and lacks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from chatbot.app.commands.command import Terminal
from chatbot.i18n import CATALOG, Translator
from chatbot.i18n.plurals import list_forms, propose_header
from chatbot.petition.campaign_file import FACTS_FILE
from chatbot.petition.languages import SOURCE_LOCALE, Language, describe_languages, is_code
from chatbot.problem import Problem
from chatbot.screens.load import find_untranslated, is_of_source, read_petition
from chatbot.screens.organizer.command_line import languages
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError

Texts = Mapping[str, frozenset[str]]
"""The texts of each module of screens."""

_LINE: Final = 80
"""Characters of a text that are shown."""


def check_language(settings: Settings, language: Language, terminal: Terminal) -> bool:
    """Write what the language has and lacks; whether people are offered it.

    Raises `SettingsError` if there is no such code, and `CampaignError` if the facts that all languages share have
    mistakes or no language is whole.
    """
    if not is_code(language):
        problem = Problem(
            "--language: “{code}” is no code of a language; write it like th, pt_BR or zh_Hant", code=language
        )
        raise SettingsError(problem)
    _ = terminal.translator
    campaign, translators = read_petition([settings.locales_dir, BUNDLED_LOCALES])
    if language not in campaign.listed:
        terminal.say(*_explain_how_to_begin(_, language, list(campaign.listed), settings.locales_dir))
        return False
    own, facts = translators[language], campaign.listed[language]
    words = _count_lacking(_, own, languages.lacks_words_of_signing, list_words_of_signing(), named=True)
    needed = [*campaign.list_problems(language), *words]
    terminal.say(languages.not_offered(_, facts) if needed else languages.offered(_, facts), *needed)
    terminal.say(*_count_lacking(_, own, languages.lacks_words_of_organizers, list_words_of_organizers()))
    from_source = facts.fallback is None or is_of_source(facts.code)
    terminal.say(*languages.describe(_, facts, from_source=from_source), _describe_plural_forms(_, language))
    return not needed


def _explain_how_to_begin(
    _: Translator, language: Language, listed: Sequence[Language], directory: Path
) -> Iterator[str]:
    [facts] = describe_languages([language]).values()
    source = SOURCE_LOCALE.language
    folder = _shorten(directory)
    return languages.how_to_begin(
        _,
        facts,
        model=source if source in listed else listed[0],
        facts_file=folder / FACTS_FILE,
        folder=folder,
        catalogs=_shorten(BUNDLED_LOCALES),
        catalog=folder / language / CATALOG,
        plural_forms=_describe_plural_forms(_, language),
    )


def _count_lacking(
    _: Translator,
    own: Translator,
    describe: Callable[[Translator, str, int, int], str],
    texts: Texts,
    *,
    named: bool = False,
) -> Iterator[str]:
    """Yield a line about all of these texts, and one for each module with untranslated ones; none if there are none.

    `named` adds the beginning of each untranslated text, to be searched for in the catalog.
    """
    everything = frozenset[str]().union(*texts.values())
    lacking = find_untranslated(own, everything)
    if lacking:
        yield describe(_, f"{own.language}/{CATALOG}", len(everything) - len(lacking), len(everything))
        for module, found in texts.items():
            if missing := sorted(found & lacking):
                yield languages.lacks_in_module(_, module, missing, len(found)) + (":" if named else "")
                yield from (f"    {_shorten_text(text)}" for text in missing if named)


def _describe_plural_forms(_: Translator, language: Language) -> str:
    return languages.plural_forms(_, propose_header(language), list_forms(language))


def _shorten_text(text: str) -> str:
    """Return the first line of a text, as it stands in a catalog."""
    line = text.strip().splitlines()[0].replace('"', '\\"')
    return line if len(line) <= _LINE else f"{line[:_LINE]}…"


def _shorten(directory: Path) -> Path:
    """Return the directory as seen from the current one, if it is inside that."""
    return directory.relative_to(Path.cwd()) if directory.is_relative_to(Path.cwd()) else directory

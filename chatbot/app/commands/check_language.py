"""The option `check --language`: what a language has and lacks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from chatbot.app.commands.command import Terminal
from chatbot.i18n import CATALOG, Translator
from chatbot.i18n.plurals import list_forms, propose_header
from chatbot.petition.campaign_file import FACTS_FILE
from chatbot.petition.languages import SOURCE_LOCALE, Language, LanguageFacts, describe_languages, is_code
from chatbot.screens.load import find_untranslated, is_of_source, read_petition
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError

Texts = Mapping[str, frozenset[str]]
"""The texts of each module of screens."""

_LINE: Final = 80
"""Characters of a text that are shown."""
_DIRECTIONS: Final = {"ltr": "left to right", "rtl": "right to left"}


def check_language(settings: Settings, language: Language, terminal: Terminal) -> bool:
    """Write what the language has and lacks; whether people are offered it.

    Raises `SettingsError` if there is no such code, and `CampaignError` if the facts that all languages share have
    mistakes or no language is whole.
    """
    if not is_code(language):
        raise SettingsError(f"--language: “{language}” is no code of a language; write it like th, pt_BR or zh_Hant")
    campaign, translators = read_petition([settings.locales_dir, BUNDLED_LOCALES])
    if language not in campaign.listed:
        terminal.say(*_explain_how_to_begin(language, list(campaign.listed), settings.locales_dir))
        return False
    _, facts = translators[language], campaign.listed[language]
    words = _count_lacking(_, "words of signing", list_words_of_signing(), named=True)
    needed = [*campaign.list_problems(language), *words]
    more = _count_lacking(_, "words for organizers, which may come later,", list_words_of_organizers())
    state = "is not offered to people yet. It needs:" if needed else "is offered to people."
    terminal.say(*(f"{_name(facts)} {state}", *needed, *more, *_describe(facts)))
    return not needed


def _explain_how_to_begin(language: Language, listed: Sequence[Language], directory: Path) -> Iterator[str]:
    [facts] = describe_languages([language]).values()
    source = SOURCE_LOCALE.language
    model = source if source in listed else listed[0]
    folder = _shorten(directory)
    yield f"{_name(facts)} is no language of this petition yet. To begin:"
    yield f'1. In {folder / FACTS_FILE}, write "{language}" into `languages`, and copy [{model}] as [{language}].'
    yield f"2. Copy {folder / model}/appeal.html as {folder / language}/appeal.html. Translate both."
    yield f"3. pybabel init -D chatbot -i {_shorten(BUNDLED_LOCALES)}/chatbot.pot -d {folder} -l {language}"
    yield f"4. Translate {folder / language / CATALOG}. Its header has Plural-Forms: {_describe_plural_forms(language)}"


def _count_lacking(_: Translator, what: str, texts: Texts, *, named: bool = False) -> Iterator[str]:
    """Yield a line about all of these texts, and one for each module with untranslated ones; none if there are none.

    `named` adds the beginning of each untranslated text, to be searched for in the catalog.
    """
    everything = frozenset[str]().union(*texts.values())
    lacking = find_untranslated(_, everything)
    if lacking:
        done = len(everything) - len(lacking)
        yield f"{_.language}/{CATALOG}: {done} of {len(everything)} {what} are translated. Missing are:"
        for module, found in texts.items():
            if missing := sorted(found & lacking):
                yield f"  {len(missing)} of {len(found)} in {module}" + (":" if named else "")
                yield from (f"    {_shorten_text(text)}" for text in missing if named)


def _describe(facts: LanguageFacts) -> Iterator[str]:
    from_source = facts.fallback is None or is_of_source(facts.code)
    yield f"A word without a translation is shown in {'English, as in the source' if from_source else facts.fallback}."
    yield f"It is written from {_DIRECTIONS[facts.direction]}; times are those of {facts.zone}."
    yield f"Plural-Forms: {_describe_plural_forms(facts.code)}"


def _describe_plural_forms(language: Language) -> str:
    forms = list_forms(language)
    return f"{propose_header(language)} ({', '.join(forms)})" if forms else "free to choose; CLDR has no such language."


def _shorten_text(text: str) -> str:
    """Return the first line of a text, as it stands in a catalog."""
    line = text.strip().splitlines()[0].replace('"', '\\"')
    return line if len(line) <= _LINE else f"{line[:_LINE]}…"


def _shorten(directory: Path) -> Path:
    """Return the directory as seen from the current one, if it is inside that."""
    return directory.relative_to(Path.cwd()) if directory.is_relative_to(Path.cwd()) else directory


def _name(facts: LanguageFacts) -> str:
    return f"{facts.code} ({facts.name})"

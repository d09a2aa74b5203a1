"""Loads a campaign from `campaign.toml` and its long texts, and reports every mistake in plain words."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from chatbot.petition.actions.action import Action
from chatbot.petition.actions.actions_file import ACTIONS_FILE, read_actions
from chatbot.petition.broadcasts.quiet_hours import read_times
from chatbot.petition.campaign_file import (
    FACTS_FILE,
    FactsTable,
    WordsTable,
    check_table,
    find_languages,
    find_missing_labels,
)
from chatbot.petition.languages import Language, LanguageFacts, describe_languages, list_fallbacks
from chatbot.petition.model import Campaign, CampaignError, CampaignWords, Page, PlatformLink, UnfinishedError
from chatbot.petition.text.appeal_version import SignedText, name_version, write_words
from chatbot.petition.text.markup import Section, read_sections
from chatbot.petition.text.pages import find_page_length, plain_text, split_appeal, split_updates
from chatbot.petition.text.toml_mistakes import explain
from chatbot.problem import Problem, describe_cause, row

__all__ = ["CampaignError", "load_campaign"]


_LANGUAGE_FACTS: Final = {"name", "zone", "fallback", "direction", "country"}
"""Lines of a language's table that are no text of the campaign."""
_NO_LANGUAGE: Final = Problem(
    '{file}: has no language; write languages = ["…"] with the codes of its folders.', file=FACTS_FILE
)


def load_campaign(directory: Path) -> Campaign:
    """Read the petition from its directory: `campaign.toml`, `<language>/appeal.html`, `<language>/updates.html`.

    A petition without updates needs no `updates.html`, and `actions.toml` may be absent. A language is offered when its
    table and its appeal are whole and have no mistakes; `missing` and `mistakes` tell what is wrong with the others.
    Raises `CampaignError` with every problem found, one line each, written for the volunteers who edit these files, if
    there are mistakes in what all languages share or no language is whole.
    """
    tables = _read_tables(directory, FACTS_FILE)
    languages = find_languages(tables)
    words: dict[Language, WordsTable] = {}
    appeals: dict[Language, tuple[Section, ...]] = {}
    pages: dict[Language, tuple[Page, ...]] = {}
    updates: dict[Language, tuple[Page, ...]] = {}
    problems: list[Problem] = [] if languages else [_NO_LANGUAGE]
    mistakes: dict[Language, list[Problem]] = {language: [] for language in languages}
    missing: dict[Language, list[Problem]] = {language: [] for language in languages}
    for language in languages:
        with _collecting(mistakes[language], missing[language]):
            words[language] = _words(tables, languages, language)
        with _collecting(mistakes[language], missing[language]):
            appeals[language] = _read_appeal(directory, language)
            name = f"{language}/appeal.html"
            pages[language] = split_appeal(appeals[language], find_page_length(appeals[language]), name)
        with _collecting(mistakes[language]):
            updates |= _read_updates(directory, language)
    for language, mistake in _compare_updates(updates).items():
        mistakes[language].append(mistake)
    facts: FactsTable | None = None
    with _collecting(problems):
        others = {key: found for key, found in tables.items() if key not in languages}
        facts = check_table(FactsTable, others, languages)
        for language in languages:
            mistakes[language] += _look_for_hashtag(facts.hashtag, words.get(language), language)
            missing[language] += find_missing_labels(facts, language)
    actions: tuple[Action, ...] = ()
    with _collecting(problems):
        if facts is not None and (directory / ACTIONS_FILE).exists():
            actions = read_actions(_read_tables(directory, ACTIONS_FILE), languages)
    whole = [language for language in languages if not mistakes[language] and not missing[language]]
    if problems or facts is None or not whole:
        found = (line for language in languages for line in (*mistakes[language], *missing[language]))
        raise CampaignError(*found, *problems)
    signed = {each: _find_signed(each, words[each], appeals[each]) for each in whole}
    listed = describe_languages(languages, {each: _language_facts(words[each]) for each in languages if each in words})
    return Campaign(
        started_on=facts.started_on,
        carried_over=facts.carried_over,
        carried_over_from=facts.carried_over_from or "",
        milestones=tuple(facts.milestones),
        is_open=facts.is_open,
        named_zone=facts.zone,
        at_risk_countries=frozenset(facts.at_risk_countries),
        contact=facts.contact,
        quiet_hours=read_times(facts.quiet_hours),
        actions=actions,
        appeal_version=name_version({each: signed[each].words for each in whole}),
        words={
            language: CampaignWords(
                **_find_words(words[language], facts),
                appeal=pages[language],
                signed=signed[language],
                updates=_find_updates(language, listed, updates),
                links=tuple(PlatformLink(place.label[language], place.url) for place in facts.links),
            )
            for language in whole
        },
        languages={language: listed[language] for language in whole},
        listed=listed,
        missing={language: tuple(lines) for language, lines in missing.items() if lines},
        mistakes={language: tuple(lines) for language, lines in mistakes.items() if lines},
    )


@contextmanager
def _collecting(problems: list[Problem], missing: list[Problem] | None = None) -> Iterator[None]:
    """Collect the problems of this part, so that the author learns those of all parts at once."""
    try:
        yield
    except UnfinishedError as error:
        (problems if missing is None else missing).extend(error.problems)
    except CampaignError as error:
        problems.extend(error.problems)


def _read(directory: Path, name: str) -> str:
    try:
        return (directory / name).read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        problem = Problem("{file}: there is no such file in {folder}; write it there.", file=name, folder=directory)
        if similar := _find_similar(directory / name):
            problem = Problem(
                "{file}: there is no such file in {folder}, but there is {similar}: give it that name (Windows may "
                "hide the end of a name).",
                file=name,
                folder=directory,
                similar=similar,
            )
        raise UnfinishedError(problem) from None
    except UnicodeDecodeError:
        problem = Problem(
            "{file}: these letters cannot be read; save the file again as UTF-8 (Notepad: Save as, Encoding).",
            file=name,
        )
        raise CampaignError(problem) from None
    except OSError as error:
        reason = describe_cause(error)
        problem = Problem("{file}: cannot be opened ({reason}); allow the bot to read it.", file=name, reason=reason)
        raise CampaignError(problem) from None


def _find_similar(file: Path) -> str | None:
    """Return the name of a file beside this one that may be meant: `appeal.html.txt`, `apeal.html`."""
    names = [each.name for each in file.parent.iterdir() if each.is_file()] if file.parent.is_dir() else []
    found = [name for name in names if name.lower() == file.name or name.startswith(f"{file.name}.")]
    return next(iter(found or get_close_matches(file.name, names, n=1, cutoff=0.85)), None)


def _read_tables(directory: Path, name: str) -> dict[str, Any]:
    text = _read(directory, name)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # Python raises ValueError for a number with too many digits
        problem = Problem("{file}: {problem}.", file=name, problem=explain(text, str(error)))
        raise CampaignError(problem) from None


def _words(tables: Mapping[str, Any], languages: Sequence[Language], language: Language) -> WordsTable:
    if language not in tables:
        problem = Problem(
            "{file}: [{language}] is missing; write that line and its words under it.",
            file=FACTS_FILE,
            language=language,
        )
        raise UnfinishedError(problem)
    return check_table(WordsTable, tables[language], languages, language)


def _find_words(words: WordsTable, facts: FactsTable) -> dict[str, Any]:
    """Return the texts of a language. Without words for the time after the end, the title is shared."""
    return words.model_dump(exclude=_LANGUAGE_FACTS) | {
        "hashtag": words.hashtag or facts.hashtag or "",
        "likely_countries": tuple(words.likely_countries or facts.likely_countries),
        "share_text_closed": words.share_text_closed or words.title,
        "share_text_won": words.share_text_won or words.title,
    }


def _language_facts(words: WordsTable) -> dict[str, str]:
    return words.model_dump(include=_LANGUAGE_FACTS, exclude_none=True)


def _read_appeal(directory: Path, language: Language) -> tuple[Section, ...]:
    name = f"{language}/appeal.html"
    sections = read_sections(_read(directory, name), name)
    if not sections:
        problem = Problem("{file}: is empty; write the appeal into it, each paragraph between <p> and </p>.", file=name)
        raise UnfinishedError(problem)
    return sections


def _read_updates(directory: Path, language: Language) -> dict[Language, tuple[Page, ...]]:
    """Read the updates of a language, if it has a file of them."""
    name = f"{language}/updates.html"
    if not (directory / name).exists():
        return {}
    return {language: split_updates(read_sections(_read(directory, name), name), name)}


def _find_updates(
    language: Language, listed: Mapping[Language, LanguageFacts], updates: Mapping[Language, tuple[Page, ...]]
) -> tuple[Page, ...]:
    """Return the updates of a language or, if it has no file of them, those of its fallback."""
    return next((updates[each] for each in list_fallbacks(language, listed) if each in updates), ())


def _compare_updates(updates: Mapping[Language, tuple[Page, ...]]) -> dict[Language, Problem]:
    """Return what is wrong with languages that have another number of updates than most."""
    numbers = Counter(len(found) for found in updates.values())
    usual = numbers.most_common(1)[0][0] if numbers else 0
    counts = [
        Problem("{file} has {number}", file=f"{language}/updates.html", number=len(found))
        for language, found in updates.items()
    ]
    mistake = Problem(
        "updates.html: {counts}; write every update in every language, with <hr> between two.", counts=row(counts)
    )
    return {language: mistake for language, found in updates.items() if len(found) != usual}


def _look_for_hashtag(shared: str | None, words: WordsTable | None, language: Language) -> Iterator[Problem]:
    hashtag = words and (words.hashtag or shared)
    if words and hashtag and hashtag.lower() not in words.share_text.lower():
        yield Problem(
            "{file}: {language}.share_text does not have {hashtag}; write it into it, or give [{language}] a hashtag "
            "of its own.",
            file=FACTS_FILE,
            language=language,
            hashtag=hashtag,
        )


def _find_signed(language: Language, words: WordsTable, appeal: tuple[Section, ...]) -> SignedText:
    blocks = (block.marker + " ".join(block.text.split()) for section in appeal for block in section)
    paragraphs = tuple(normalize("NFC", each) for each in (words.title, words.addressee, *blocks))
    return SignedText(paragraphs, write_words(language, words.title, words.addressee, plain_text(appeal)))

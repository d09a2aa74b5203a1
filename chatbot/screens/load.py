"""Loads the petition with its words, and decides which languages people are offered."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from chatbot.i18n import CATALOG, Translator, Translators, load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.languages import SOURCE_LOCALE, Language, parse_locale
from chatbot.petition.model import Campaign, CampaignError
from chatbot.petition.text.appeal_version import name_version
from chatbot.problem import Problem
from chatbot.screens.words_of_signing import list_words_of_signing


def load_petition(directories: Sequence[Path]) -> tuple[Campaign, Translators]:
    """Read the petition from the first directory, and the words of its languages from all, the first before the others.

    A language is offered when its facts, its appeal and the words of signing are whole, and its files have no mistakes.
    Raises `CampaignError` with one line for each problem if no language is, or the facts that all share have mistakes.
    """
    campaign, translators = read_petition(directories)
    campaign = offer_whole_languages(campaign, translators)
    return campaign, translators.limit(campaign.languages)


def load_offered(directories: Sequence[Path], languages: Collection[Language]) -> tuple[Campaign, Translators]:
    """Do the same as `load_petition`, which found that these languages are whole, and does not look again."""
    campaign, translators = read_petition(directories)
    campaign = _offer(campaign, languages, campaign.missing)
    return campaign, translators.limit(campaign.languages)


def read_petition(directories: Sequence[Path]) -> tuple[Campaign, Translators]:
    """Do the same as `load_petition`, and offer languages that lack words of signing, too."""
    campaign = load_campaign(directories[0])
    mistakes: dict[Language, tuple[Problem, ...]] = {}
    translators = load_translators(campaign.listed, directories, mistakes)
    for language, lines in mistakes.items():
        mistakes[language] = (*campaign.mistakes.get(language, ()), *lines)
    return replace(campaign, mistakes={**campaign.mistakes, **mistakes}), translators


def offer_whole_languages(campaign: Campaign, translators: Mapping[Language, Translator]) -> Campaign:
    """Return the campaign without the languages that lack words of signing or have mistakes in their catalogs.

    Raises `CampaignError` if none is left.
    """
    missing = dict(campaign.missing)
    words = frozenset[str]().union(*list_words_of_signing().values())
    for language in campaign.listed:
        if language in campaign.mistakes:
            continue  # a catalog that cannot be read lacks all words
        if lacking := find_untranslated(translators[language], words):
            line = Problem(
                "{file}: {lacking} of {all} words of signing are not translated.",
                file=f"{language}/{CATALOG}",
                lacking=len(lacking),
                all=len(words),
            )
            missing[language] = (*missing.get(language, ()), line)
    return _offer(campaign, campaign.languages.keys() - missing.keys() - campaign.mistakes.keys(), missing)


def _offer(
    campaign: Campaign, offered: Collection[Language], missing: Mapping[Language, tuple[Problem, ...]]
) -> Campaign:
    campaign = replace(campaign, missing=missing)
    languages = {language: facts for language, facts in campaign.languages.items() if language in offered}
    if not languages:
        raise CampaignError(*(line for language in campaign.listed for line in campaign.list_problems(language)))
    words_offered = {each: campaign.words[each] for each in languages}
    version = name_version({each: words.signed.words for each, words in words_offered.items()})
    return replace(campaign, languages=languages, words=words_offered, appeal_version=version)


def find_untranslated(_: Translator, words: Set[str]) -> Set[str]:
    """Return the words that the language's own catalogs lack; none in the language of the source."""
    return frozenset() if is_of_source(_.language) else words - _.translated


def is_of_source(language: Language) -> bool:
    """Whether the source is in this language, as it is for `en` and `en_GB`."""
    locale = parse_locale(language)
    return locale is not None and locale.language == SOURCE_LOCALE.language

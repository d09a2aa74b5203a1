"""Loads the petition with its words, and decides which languages people are offered."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from chatbot.i18n import CATALOG, Translator, Translators, load_translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.languages import SOURCE_LOCALE, Language, parse_locale
from chatbot.petition.model import Campaign, CampaignError
from chatbot.petition.text.appeal_version import name_version
from chatbot.screens.words_of_signing import list_words_of_signing


def load_petition(directories: Sequence[Path]) -> tuple[Campaign, Translators]:
    """Read the petition from the first directory, and the words of its languages from all, the first before the others.

    A language is offered when its facts, its appeal and the words of signing are whole. Raises `CampaignError` or
    `CatalogError` with one line for each problem, also if no language is whole.
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
    return campaign, load_translators(campaign.listed, directories)


def offer_whole_languages(campaign: Campaign, translators: Mapping[Language, Translator]) -> Campaign:
    """Return the campaign without the languages that lack words of signing. Raises `CampaignError` if none is left."""
    missing = dict(campaign.missing)
    words = frozenset[str]().union(*list_words_of_signing().values())
    for language in campaign.listed:
        if lacking := find_untranslated(translators[language], words):
            line = f"{language}/{CATALOG}: {len(lacking)} of {len(words)} words of signing are not translated."
            missing[language] = (*missing.get(language, ()), line)
    return _offer(campaign, campaign.languages.keys() - missing.keys(), missing)


def _offer(campaign: Campaign, offered: Collection[Language], missing: Mapping[Language, tuple[str, ...]]) -> Campaign:
    languages = {language: facts for language, facts in campaign.languages.items() if language in offered}
    if not languages:
        raise CampaignError(*(line for lines in missing.values() for line in lines))
    words_offered = {each: campaign.words[each] for each in languages}
    version = name_version({each: words.signed.words for each, words in words_offered.items()})
    return replace(campaign, languages=languages, words=words_offered, missing=missing, appeal_version=version)


def find_untranslated(_: Translator, words: Set[str]) -> Set[str]:
    """Return the words that the language's own catalogs lack; none in the language of the source."""
    return frozenset() if is_of_source(_.language) else words - _.translated


def is_of_source(language: Language) -> bool:
    """Whether the source is in this language, as it is for `en` and `en_GB`."""
    locale = parse_locale(language)
    return locale is not None and locale.language == SOURCE_LOCALE.language

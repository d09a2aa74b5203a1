"""Loads a campaign from `campaign.toml` and its long texts, and reports every mistake in plain words."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unicodedata import normalize

from chatbot.petition.campaign_file import FACTS_FILE, FactsTable, WordsTable, check_table
from chatbot.petition.model import LANGUAGES, Campaign, CampaignError, CampaignWords, Language, Page, PlatformLink
from chatbot.petition.text.markup import Section, read_sections
from chatbot.petition.text.pages import PAGE_LENGTH, plain_text, split_appeal, split_updates

__all__ = ["CampaignError", "load_campaign"]


def load_campaign(directory: Path) -> Campaign:
    """Read the petition from its directory: `campaign.toml`, `<language>/appeal.html`, `<language>/updates.html`.

    A petition without updates needs no `updates.html`. Raises `CampaignError` with every problem found, one line each,
    written for the volunteers who edit these files.
    """
    tables = _read_tables(directory)
    words: dict[Language, WordsTable] = {}
    appeals: dict[Language, tuple[Section, ...]] = {}
    pages: dict[Language, tuple[Page, ...]] = {}
    updates: dict[Language, tuple[Page, ...]] = {}
    problems: list[str] = []
    for language in LANGUAGES:
        with _collecting(problems):
            words[language] = _words(tables, language)
        with _collecting(problems):
            appeals[language] = _read_appeal(directory, language)
            pages[language] = split_appeal(appeals[language], PAGE_LENGTH[language], f"{language}/appeal.html")
        with _collecting(problems):
            updates[language] = _read_updates(directory, language)
    with _collecting(problems):
        _compare_updates(updates)
    with _collecting(problems):
        facts = check_table(FactsTable, {key: found for key, found in tables.items() if key not in LANGUAGES})
        _look_for_hashtag(facts.hashtag, words)
    if problems:
        raise CampaignError(*problems)
    return Campaign(
        hashtag=facts.hashtag,
        started_on=facts.started_on,
        carried_over=facts.carried_over,
        carried_over_from=facts.carried_over_from or "",
        milestones=tuple(facts.milestones),
        is_open=facts.is_open,
        likely_countries=tuple(facts.likely_countries),
        contact=facts.contact,
        appeal_version=_version(words, appeals),
        words={
            language: CampaignWords(
                **words[language].model_dump(),
                appeal=pages[language],
                paragraphs=_paragraphs(words[language], appeals[language]),
                updates=updates[language],
                links=tuple(PlatformLink(place.label[language], place.url) for place in facts.links),
            )
            for language in LANGUAGES
        },
    )


@contextmanager
def _collecting(problems: list[str]) -> Iterator[None]:
    """Collect the problems of this part, so that the author learns those of all parts at once."""
    try:
        yield
    except CampaignError as error:
        problems.extend(error.problems)


def _read(directory: Path, name: str) -> str:
    try:
        return (directory / name).read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        raise CampaignError(f"{name}: there is no such file in {directory}; write it there.") from None
    except UnicodeDecodeError:
        raise CampaignError(f"{name}: these letters cannot be read; save the file again as UTF-8.") from None
    except OSError as error:
        raise CampaignError(f"{name}: cannot be opened ({error.strerror}); allow the bot to read it.") from None


def _read_tables(directory: Path) -> dict[str, Any]:
    text = _read(directory, FACTS_FILE)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # Python raises ValueError for a number with too many digits
        raise CampaignError(
            f"{FACTS_FILE}: cannot be read on from here: {error}; look there for a missing quotation mark, "
            "bracket or comma."
        ) from None


def _words(tables: Mapping[str, Any], language: Language) -> WordsTable:
    if language not in tables:
        raise CampaignError(f"{FACTS_FILE}: [{language}] is missing; write that line and its words under it.")
    return check_table(WordsTable, tables[language], language)


def _read_appeal(directory: Path, language: Language) -> tuple[Section, ...]:
    name = f"{language}/appeal.html"
    sections = read_sections(_read(directory, name), name)
    if not sections:
        raise CampaignError(f"{name}: is empty; write the appeal into it, each paragraph between <p> and </p>.")
    return sections


def _read_updates(directory: Path, language: Language) -> tuple[Page, ...]:
    name = f"{language}/updates.html"
    if not (directory / name).exists():
        return ()
    return split_updates(read_sections(_read(directory, name), name), name)


def _compare_updates(updates: Mapping[Language, tuple[Page, ...]]) -> None:
    if len({len(found) for found in updates.values()}) > 1:
        counts = ", ".join(f"{language}/updates.html has {len(found)}" for language, found in updates.items())
        raise CampaignError(f"updates.html: {counts}; write every update in every language, with <hr> between two.")


def _look_for_hashtag(hashtag: str, words: Mapping[Language, WordsTable]) -> None:
    if missing := [language for language in words if hashtag.lower() not in words[language].share_text.lower()]:
        raise CampaignError(
            *(f"{FACTS_FILE}: {language}.share_text does not have {hashtag}; write it into it." for language in missing)
        )


def _paragraphs(words: WordsTable, appeal: tuple[Section, ...]) -> tuple[str, ...]:
    blocks = (block.marker + " ".join(block.text.split()) for section in appeal for block in section)
    return tuple(normalize("NFC", paragraph) for paragraph in (words.title, words.addressee, *blocks))


def _version(words: Mapping[Language, WordsTable], appeals: Mapping[Language, tuple[Section, ...]]) -> str:
    """Identify what people sign: title, addressee and appeal, independent of their layout."""
    signed = [
        part
        for language in LANGUAGES
        for part in (language, words[language].title, words[language].addressee, plain_text(appeals[language]))
    ]
    return hashlib.sha256(normalize("NFC", "\n".join(signed)).encode()).hexdigest()[:12]

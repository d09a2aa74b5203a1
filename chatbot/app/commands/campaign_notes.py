"""What `check` says about files of a campaign that are in order, and may still not be what their authors meant."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from chatbot.i18n import CATALOG, Translator
from chatbot.petition.actions.actions_file import ACTIONS_FILE
from chatbot.petition.campaign_file import FACTS_FILE
from chatbot.petition.languages import Language, is_code, parse_locale
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.command_line import campaign_notes as words
from chatbot.screens.organizer.command_line import checking
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES

_APPEAL: Final = "appeal.html"
_READ: Final = (_APPEAL, "updates.html")
_LONG_PARAGRAPH: Final = 2_000
"""Characters: about two screens of a phone, and as many as a page of the bot has."""
_MANY_PAGES: Final = 20
_SOURCE_MARKS: Final = 2
"""Title and addressee stand before the paragraphs of what is signed."""


def list_notes(_: Translator, campaign: Campaign, directory: Path) -> Iterator[str]:
    """Yield a line for each thing that may be a mistake."""
    yield from _list_unread(_, campaign, directory)
    if _has_actions_of_another(directory):
        yield words.actions_of_another(_, ACTIONS_FILE)
    for language in campaign.words:
        yield from _note_appeal(_, campaign, language)
        if directory.resolve() != BUNDLED_LOCALES.resolve():
            yield from _note_catalog(_, directory, language)


def _list_unread(_: Translator, campaign: Campaign, directory: Path) -> Iterator[str]:
    """Yield folders that look like a language, and files beside and in folders of languages, that nobody reads."""
    for file in sorted(directory.glob("*.toml")):
        if file.name not in (FACTS_FILE, ACTIONS_FILE):
            yield words.unread_file(_, file.name, (FACTS_FILE, ACTIONS_FILE))
    for folder in sorted(each for each in directory.iterdir() if each.is_dir()):
        if folder.name in campaign.listed:
            for file in sorted(folder.iterdir()):
                if file.suffix in {".html", ".htm", ".txt", ".toml"} and file.name not in _READ:
                    yield words.unread_file(_, f"{folder.name}/{file.name}", _READ)
        elif is_code(folder.name) and any((folder / mark).is_file() for mark in (_APPEAL, CATALOG)):
            yield checking.folder_not_listed(_, folder.name, FACTS_FILE)
        elif (
            is_code(folder.name) and parse_locale(folder.name) and not any(each.is_file() for each in folder.rglob("*"))
        ):
            yield checking.folder_is_empty(_, folder.name, FACTS_FILE, _APPEAL)


def _has_actions_of_another(directory: Path) -> bool:
    """Whether a petition of its own was copied from the bundled one, whose actions are still there."""
    actions, facts = ((directory / name, BUNDLED_LOCALES / name) for name in (ACTIONS_FILE, FACTS_FILE))
    if not actions[0].is_file():
        return False
    return actions[0].read_bytes() == actions[1].read_bytes() and facts[0].read_bytes() != facts[1].read_bytes()


def _note_appeal(_: Translator, campaign: Campaign, language: Language) -> Iterator[str]:
    file, text = f"{language}/{_APPEAL}", campaign.words[language]
    longest = max(text.signed.paragraphs[_SOURCE_MARKS:], key=len, default="")
    if len(longest) > _LONG_PARAGRAPH:
        yield words.long_paragraph(_, file, longest, len(longest))
    elif len(text.appeal) > _MANY_PAGES:
        yield words.many_pages(_, file, len(text.appeal))


def _note_catalog(_: Translator, directory: Path, language: Language) -> Iterator[str]:
    """Yield a note if a language has no words of its own, or words that the bot does not say any more."""
    name = f"{language}/{CATALOG}"
    if not (directory / name).is_file():
        if (BUNDLED_LOCALES / name).is_file():
            yield words.no_catalog(_, name)
        return
    catalog = read_po(BytesIO((directory / name).read_bytes()))
    said = frozenset().union(*list_words_of_signing().values(), *list_words_of_organizers().values())
    ids = [each.id if isinstance(each.id, str) else each.id[0] for each in catalog if each.id and each.string]
    if unsaid := [each for each in ids if each not in said]:
        yield words.stale_catalog(_, name, unsaid[0], len(unsaid))
    elif not ids and not any(each.id for each in catalog):
        yield words.no_catalog(_, name)

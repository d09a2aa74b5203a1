"""The commands `check`, `migrate`, `backup` and `move`."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

from chatbot.app.app import read_campaign
from chatbot.app.database import open_named_database
from chatbot.i18n import CATALOG, Translator
from chatbot.i18n.plurals import list_forms, propose_header
from chatbot.jobs.file_places import find_folder, tidy_up
from chatbot.jobs.private_files import put_in_place
from chatbot.petition.campaign_file import FACTS_FILE
from chatbot.petition.languages import SOURCE_LOCALE, Language, LanguageFacts, describe_languages, is_code
from chatbot.petition.model import CampaignError
from chatbot.screens.load import find_untranslated, is_of_source, read_petition
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError
from chatbot.storage import DatabaseUnavailableError, exists
from chatbot.storage.admin import backup, integrity
from chatbot.storage.admin.transfer import TransferError, move
from chatbot.storage.organizer import petition_status

Texts = Mapping[str, frozenset[str]]
"""The texts of each module of screens."""

_LINE: Final = 80
"""Characters of a text that are shown."""
_DIRECTIONS: Final = {"ltr": "left to right", "rtl": "right to left"}


async def check(settings: Settings, out: TextIO) -> bool:
    """Check the campaign's files and the database; False if there are problems.

    Raises `CampaignError` for mistakes in any language, `SettingsError` or `NewerSchemaError` if it cannot check.
    """
    campaign, _translators = read_campaign(settings)
    if campaign.mistakes:
        raise CampaignError(*(line for lines in campaign.mistakes.values() for line in lines))
    state = "open" if campaign.is_open else "closed"
    for language, words in campaign.words.items():
        out.write(f"{language}: {words.title} (pages: {len(words.appeal)}, updates: {len(words.updates)})\n")
    for language in campaign.list_not_offered():
        told = f"python -m chatbot check --language {language}"
        out.write(f"{language}: not offered to people yet; `{told}` says what is missing\n")
    for folder in _list_unlisted(settings.locales_dir, list(campaign.listed)):
        out.write(
            f'{folder}: nobody reads this folder; write "{folder}" into `languages` of {FACTS_FILE} if you meant to\n'
        )
    out.write(f"The campaign is in order, and {state}; {campaign.carried_over:,} supporters are carried over.\n")
    if not exists(settings.database_url):
        out.write("There is no database yet; the first start makes it.\n")
        return True
    database = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        problems = await integrity.find_problems(database)
        status = await database.read_snapshot(petition_status.find)
    finally:
        await database.close()
    if status.ending is not None:
        what = "closed it" if status.ending == "closed" else "closed it as won"
        since = f" on {status.ended_at:%Y-%m-%d}" if status.ended_at else ""
        out.write(f"Nobody can sign: in the chat the owners {what}{since}. /reopen opens it again.\n")
    for problem in problems:
        out.write(f"{problem}\n")
    if not problems:
        out.write("The database is in order: every count equals its recount.\n")
    return not problems


def _list_unlisted(directory: Path, listed: Sequence[Language]) -> list[str]:
    """List the folders that look like a language which the campaign does not have."""
    marks = ("appeal.html", CATALOG)
    return sorted(
        each.name
        for each in directory.iterdir()
        if is_code(each.name) and each.name not in listed and any((each / mark).is_file() for mark in marks)
    )


def check_language(settings: Settings, language: Language, out: TextIO) -> bool:
    """Write what the language has and lacks; whether people are offered it.

    Raises `SettingsError` if there is no such code, and `CampaignError` if the facts that all languages share have
    mistakes or no language is whole.
    """
    if not is_code(language):
        raise SettingsError(f"--language: “{language}” is no code of a language; write it like th, pt_BR or zh_Hant")
    campaign, translators = read_petition([settings.locales_dir, BUNDLED_LOCALES])
    if language not in campaign.listed:
        out.writelines(
            f"{line}\n" for line in _explain_how_to_begin(language, list(campaign.listed), settings.locales_dir)
        )
        return False
    _, facts = translators[language], campaign.listed[language]
    words = _count_lacking(_, "words of signing", list_words_of_signing(), named=True)
    needed = [*campaign.list_problems(language), *words]
    more = _count_lacking(_, "words for organizers, which may come later,", list_words_of_organizers())
    state = "is not offered to people yet. It needs:" if needed else "is offered to people."
    out.writelines(f"{line}\n" for line in (f"{_name(facts)} {state}", *needed, *more, *_describe(facts)))
    return not needed


async def bring_up_to_date(settings: Settings, out: TextIO) -> None:
    """Migrate the database. Raises `SettingsError` or `NewerSchemaError`."""
    database = await open_named_database("DATABASE_URL", settings.database_url)
    await database.close()
    out.write("The database is up to date.\n")


async def back_up(settings: Settings, target: Path, out: TextIO) -> None:
    """Copy the database to the new file `target` while the bot runs. Raises `SettingsError`."""
    if not exists(settings.database_url):
        raise SettingsError("DATABASE_URL: there is no such database; nothing to back up")
    await tidy_up(settings.database_url)
    if await asyncio.to_thread(target.exists):
        raise SettingsError(f"{target}: already exists; name a new file")
    try:
        # A process killed in the middle leaves no half copy under this name.
        async with find_folder(settings.database_url).open_beside(target) as folder:
            copy = folder / "copy"
            await asyncio.to_thread(backup.copy, settings.database_url, copy)
            put_in_place(copy, target)
    except FileExistsError:
        raise SettingsError(f"{target}: is being written by another process; name a new file") from None
    except (DatabaseUnavailableError, OSError, ValueError) as error:
        raise SettingsError(f"{target}: the copy was not made ({error})") from None
    out.write(f"{target} holds everything as it was just now. To restore: stop the bot, put it in place, start.\n")


async def move_to(settings: Settings, url: str, out: TextIO) -> None:
    """Move everything into the empty database at `url`. Raises `SettingsError`; then `url` must not be used."""
    if not exists(settings.database_url):
        raise SettingsError("DATABASE_URL: there is no such database; nothing to move")
    source = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        target = await open_named_database("--to", url, unfinished=True)
        try:
            await move(source, target, lambda line: _write(out, line))
        except (TransferError, DatabaseUnavailableError) as error:
            raise SettingsError(f"--to: {error}") from None
        finally:
            await target.close()
    finally:
        await source.close()
    out.write("Everything has moved, and every count agrees on both sides. Set DATABASE_URL to the new address.\n")


def _write(out: TextIO, line: str) -> None:
    out.write(line + "\n")


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

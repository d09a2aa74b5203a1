"""The `export` command."""

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatbot.app.app import read_campaign
from chatbot.app.commands.command import Command, Terminal
from chatbot.app.database import open_configured_database
from chatbot.documents.make import DocumentContext, make
from chatbot.documents.table import Made, name_parts
from chatbot.i18n import Translator
from chatbot.jobs.file_places import find_folder
from chatbot.jobs.private_files import put_in_place
from chatbot.petition.countries.names import ANSWERS
from chatbot.petition.exports.request import DOCUMENT_KINDS, TABLES, ExportRequest, Format
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.problem import Problem, describe_cause, either
from chatbot.screens.organizer.command_line import outcomes, usage
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.settings_file import read_small_file
from chatbot.storage import exists

if TYPE_CHECKING:
    from chatbot.petition.sealing.keys import Opener


async def export(
    settings: Settings, request: ExportRequest, file: Path, keys: Sequence[Path], terminal: Terminal
) -> None:
    """Write the export to the new `file`, or to several files beside it if it has too many rows for one.

    `keys` are files with the private keys of sealed names. Raises `SettingsError`, also after writing the file if the
    keys do not open all names in it.
    """
    request = replace(request, format=_find_format(request, file))
    if request.first_day and request.last_day and request.first_day > request.last_day:
        problem = Problem(
            "--from: {first} is after --to {last}; no day lies between them",
            first=request.first_day,
            last=request.last_day,
        )
        raise SettingsError(problem)
    _refuse_unfit(request)
    opener = _CountingOpener(_read_keys(keys) if keys else None)
    if not exists(settings.database_url):
        raise SettingsError(Problem("DATABASE_URL: there is no such database; nothing to export"))
    campaign, translators = read_campaign(settings)
    request = replace(request, language=_find_language(request, campaign))
    _refuse_existing([file])
    database = await open_configured_database(settings, new=False)
    before = os.umask(0o077)  # the names of people at risk: readable for the user who runs this only
    try:
        async with find_folder(settings.database_url).open_beside(file) as folder:
            context = DocumentContext(database, campaign, translators.in_zone(campaign.zone), opener)
            made = await make(context, request, folder, bounded=False)
            files = _put_in_place(made, file)
    except FileExistsError:
        problem = Problem("{file}: is being written by another process; name a new file", file=file)
        raise SettingsError(problem) from None
    except OSError as error:
        problem = Problem("{file}: cannot be written ({reason})", file=file, reason=describe_cause(error))
        raise SettingsError(problem) from None
    finally:
        os.umask(before)
        await database.close()
    terminal.say(*map(str, files), *_describe(terminal.translator, made, request))
    if opener.sealed and not keys:
        terminal.say(outcomes.exported_sealed(terminal.translator, opener.sealed))
    elif opener.opened < opener.sealed:
        if opener.opened:
            problem = Problem(
                "--private-key: {opened:,} of {sealed:,} sealed names and reasons open with it: the others need "
                "another key",
                opened=opener.opened,
                sealed=opener.sealed,
            )
        else:
            problem = Problem(
                "--private-key: {opened:,} of {sealed:,} sealed names and reasons open with it: it is another "
                "petition's, or an older one",
                opened=opener.opened,
                sealed=opener.sealed,
            )
        raise SettingsError(problem)


def _refuse_unfit(request: ExportRequest) -> None:
    """Refuse choices that the document would silently ignore."""
    if request.what == "delivery" and (request.first_day or request.last_day):
        problem = Problem("--from, --to: the document to hand over has the signatures of all days; take them out")
        raise SettingsError(problem)
    if request.what != "signatures" and (request.country or request.set_aside):
        problem = Problem("--country, --with-set-aside: choose signatures only, not what --what names; take them out")
        raise SettingsError(problem)


class _CountingOpener:
    """Opens sealed texts, or leaves them as they are without an opener, and counts how many of them."""

    def __init__(self, opener: "Opener | None") -> None:
        self._opener = opener
        self.sealed = self.opened = 0

    def open(self, text: str) -> str:
        """Return the plain text; other text stays as it is. Raises `ValueError` without the right key."""
        self.sealed += is_sealed(text)
        if self._opener is None:
            return text
        opened = self._opener.open(text)
        self.opened += is_sealed(text)
        return opened


def _describe(_: Translator, made: Made, request: ExportRequest) -> list[str]:
    if request.what == "delivery":
        return [outcomes.exported_document(_, made.named, made.rows)]
    if not made.rows:
        return [outcomes.exported_nothing(_)]
    if request.what == "log":
        return [outcomes.exported_log(_, made.rows)]
    return outcomes.exported(_, made.rows, made.named)


def _find_language(request: ExportRequest, campaign: Campaign) -> Language:
    """Return the language of the request, or else the one for people whose own is not offered."""
    language = request.language or campaign.fallback
    if language not in campaign.languages:
        problem = Problem(
            "--language: {language} is not offered here; choose {known}",
            language=language,
            known=either([*campaign.languages]),
        )
        raise SettingsError(problem)
    return language


def _find_format(request: ExportRequest, file: Path) -> Format:
    """Return the format of the request, or else the one the file name ends in."""
    if request.what == "delivery":
        return "pdf"
    suffix = file.suffix.removeprefix(".").lower()
    named = next((each for each in TABLES if each == suffix), None)
    if request.format in TABLES:
        return request.format
    if named is None:
        if suffix == "pdf":
            problem = Problem(
                "{file}: must end in .csv or .xlsx, or name one with --format; the document to hand over is made with "
                "--what delivery"
            )
        else:
            problem = Problem("{file}: must end in .csv or .xlsx, or name one with --format")
        raise SettingsError(problem.fill(file=file))
    return named


def _read_keys(files: Sequence[Path]) -> "Opener":
    from chatbot.petition.sealing.keys import KeyRefusedError, Opener

    try:
        return Opener.read(read_small_file(file).decode("utf-8") for file in files)
    except (OSError, UnicodeDecodeError):
        problem = Problem("--private-key: cannot be read; name the file written by `keys`")
        raise SettingsError(problem) from None
    except KeyRefusedError as refused:
        problem = Problem("{name}: {problem}", name="--private-key", problem=refused.problems[0])
        raise SettingsError(problem) from None


def _put_in_place(made: Made, file: Path) -> list[Path]:
    suffix = file.suffix.removeprefix(".")
    names = [file.name] if len(made.files) == 1 else name_parts(file.stem, suffix, len(made.files))
    places = [file.with_name(name) for name in names]
    _refuse_existing(places)
    for part, place in zip(made.files, places, strict=True):
        put_in_place(part, place)
    return places


def _refuse_existing(places: Iterable[Path]) -> None:
    if existing := next((place for place in places if os.path.lexists(place)), None):
        raise SettingsError(Problem("{file}: already exists; name a new file", file=existing))


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    optional = usage.describe_options(_)
    parser.add_argument("file", type=Path, help=optional["export file"])
    parser.add_argument("--what", choices=DOCUMENT_KINDS, default="signatures", help=optional["export --what"])
    parser.add_argument("--format", choices=TABLES, help=optional["export --format"])
    read_day, read_country = partial(_read_day, _), partial(_read_country, _)
    parser.add_argument("--from", dest="first_day", type=read_day, metavar="DATE", help=optional["export --from"])
    parser.add_argument("--to", dest="last_day", type=read_day, metavar="DATE", help=optional["export --to"])
    parser.add_argument("--with-set-aside", action="store_true", help=optional["export --with-set-aside"])
    parser.add_argument("--country", type=read_country, metavar="KR", help=optional["export --country"])
    parser.add_argument("--language", default="", metavar="CODE", help=optional["export --language"])
    parser.add_argument(
        "--private-key",
        dest="private_keys",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=optional["export --private-key"],
    )


def _read_request(chosen: Namespace) -> ExportRequest:
    return ExportRequest(
        chosen.what,
        chosen.format or "pdf",
        chosen.language,
        chosen.first_day,
        chosen.last_day,
        chosen.country,
        chosen.with_set_aside,
    )


def _read_day(_: Translator, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(usage.must_be_a_day(_)) from None


def _read_country(_: Translator, text: str) -> str:
    if text.upper() not in ANSWERS:
        raise ArgumentTypeError(usage.must_be_a_country(_))
    return text.upper()


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    await export(read_settings(), _read_request(chosen), chosen.file, chosen.private_keys, terminal)


COMMAND: Final = Command("export", _run, _add_options)

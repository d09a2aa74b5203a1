"""Command line: `python -m chatbot run`, `web`, `demo`, `check` and others."""

import argparse
import asyncio
import gc
import logging
import os
import sys
from collections.abc import Awaitable, Sequence
from datetime import date
from pathlib import Path

from chatbot import __version__
from chatbot.app import (
    back_up,
    bring_up_to_date,
    check,
    check_language,
    export,
    make_keys,
    move_to,
    run,
    seal_all,
    web,
    work,
)
from chatbot.core_dumps import forbid_core_dumps
from chatbot.demo import DEFAULT_PORT, demo
from chatbot.i18n import Translator
from chatbot.i18n.terminal import find_translator
from chatbot.logs import log_strays, report_bug
from chatbot.petition.countries.names import ANSWERS
from chatbot.petition.exports.request import DOCUMENT_KINDS, TABLES, ExportRequest
from chatbot.petition.model import CampaignError
from chatbot.screens.organizer import command_line
from chatbot.settings import BUNDLED_LOCALES, SettingsError, read_settings
from chatbot.storage import DatabaseUnavailableError, UnusableDatabaseError
from chatbot.transport.outgoing.retry import TokenRefusedError

logger = logging.getLogger(__name__)

SETTLED = (0.0, 10.0)
"""Seconds after the start by which the code, and then the texts and country names, are loaded."""
CANNOT_START = (
    SettingsError,
    CampaignError,
    DatabaseUnavailableError,
    UnusableDatabaseError,
    TokenRefusedError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, or 1 with advice on stderr."""
    forbid_core_dumps()
    _ = find_translator(os.environ, BUNDLED_LOCALES)
    chosen = make_parser(_).parse_args(arguments)
    before = os.umask(0o077)  # no other user of the machine may read the files that a command writes
    try:
        match chosen.command:
            case "run":
                asyncio.run(_run_bot(run(read_settings())))
            case "worker":
                asyncio.run(_run_bot(work(read_settings())))
            case "web":
                asyncio.run(_run_bot(web(read_settings())))
            case "demo":
                asyncio.run(demo(read_settings(), port=chosen.port, fresh=chosen.fresh, empty=chosen.empty, say=_))
            case "check":
                if chosen.language is not None:
                    is_whole = check_language(read_settings(), chosen.language, sys.stdout)
                else:
                    is_whole = asyncio.run(check(read_settings(), sys.stdout))
                sys.stdout.flush()
                return 0 if is_whole else 1
            case "migrate":
                asyncio.run(bring_up_to_date(read_settings(), sys.stdout))
            case "backup":
                asyncio.run(back_up(read_settings(), chosen.file, sys.stdout))
            case "export":
                asyncio.run(
                    export(read_settings(), _read_request(chosen), chosen.file, chosen.private_keys, sys.stdout)
                )
            case "keys":
                make_keys(chosen.file, sys.stdout)
            case "seal":
                asyncio.run(seal_all(read_settings(), sys.stdout))
            case "move":
                asyncio.run(move_to(read_settings(), chosen.to, sys.stdout))
    except CANNOT_START as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - output of the command line
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output, such as `head`, has ended. Python would fail once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as bug:
        # Python would print the message, which may quote texts of people.
        report_bug(logger, "stopped by a bug", bug)
        return 1
    finally:
        os.umask(before)
    return 0


async def _run_bot(command: Awaitable[None]) -> None:
    """Run the bot, and exclude the objects loaded at its start from garbage collection.

    During a flood of connections, a full collection with them blocked the bot for 0.4 s.
    """
    for seconds in SETTLED:
        asyncio.get_running_loop().call_later(seconds, gc.freeze)
    await command


def make_parser(_: Translator | None = None) -> argparse.ArgumentParser:
    """Make the parser of the commands and options that docs/operating.md lists; English without a translator."""
    _ = _ or find_translator({}, BUNDLED_LOCALES)
    commanding, optional = command_line.describe_commands(_), command_line.describe_options(_)
    parser = argparse.ArgumentParser("chatbot", description=command_line.describe_bot(_))
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("run", help=commanding["run"])
    commands.add_parser("web", help=commanding["web"])
    commands.add_parser("worker", help=commanding["worker"])
    trial = commands.add_parser("demo", help=commanding["demo"])
    trial.add_argument("--port", type=_port, default=DEFAULT_PORT, help=optional["demo --port"])
    trial.add_argument("--fresh", action="store_true", help=optional["demo --fresh"])
    trial.add_argument("--empty", action="store_true", help=optional["demo --empty"])
    commands.add_parser("migrate", help=commanding["migrate"])
    checked = commands.add_parser("check", help=commanding["check"])
    checked.add_argument("--language", metavar="th", help=optional["check --language"])
    copied = commands.add_parser("backup", help=commanding["backup"])
    copied.add_argument("file", type=Path, help=optional["backup file"])
    taken = commands.add_parser("export", help=commanding["export"])
    taken.add_argument("file", type=Path, help=optional["export file"])
    taken.add_argument("--what", choices=DOCUMENT_KINDS, default="signatures", help=optional["export --what"])
    taken.add_argument("--format", choices=TABLES, help=optional["export --format"])
    taken.add_argument("--from", dest="first_day", type=_day, metavar="DATE", help=optional["export --from"])
    taken.add_argument("--to", dest="last_day", type=_day, metavar="DATE", help=optional["export --to"])
    taken.add_argument("--with-set-aside", action="store_true", help=optional["export --with-set-aside"])
    taken.add_argument("--country", type=_country, metavar="KR", help=optional["export --country"])
    taken.add_argument("--language", default="", metavar="CODE", help=optional["export --language"])
    taken.add_argument(
        "--private-key",
        dest="private_keys",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help=optional["export --private-key"],
    )
    keys = commands.add_parser("keys", help=commanding["keys"])
    keys.add_argument("file", type=Path, help=optional["keys file"])
    commands.add_parser("seal", help=commanding["seal"])
    moved = commands.add_parser("move", help=commanding["move"])
    moved.add_argument("--to", required=True, metavar="URL", help=optional["move --to"])
    return parser


def _read_request(chosen: argparse.Namespace) -> ExportRequest:
    return ExportRequest(
        chosen.what,
        chosen.format or "pdf",
        chosen.language,
        chosen.first_day,
        chosen.last_day,
        chosen.country,
        chosen.with_set_aside,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2026-11-01") from None


def _country(text: str) -> str:
    if text.upper() not in ANSWERS:
        raise argparse.ArgumentTypeError("must be the two letters of a country, like KR, or ZZ: not said")
    return text.upper()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65_536):
        raise argparse.ArgumentTypeError("must be a number up to 65535, or 0 for any that is free")
    return int(text)


if __name__ == "__main__":
    log_strays()
    sys.exit(main())

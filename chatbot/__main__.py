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
from chatbot.logs import log_strays, report_bug
from chatbot.petition.countries.names import ANSWERS
from chatbot.petition.exports.request import DOCUMENT_KINDS, TABLES, ExportRequest
from chatbot.petition.model import CampaignError
from chatbot.settings import SettingsError, read_settings
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
    chosen = make_parser().parse_args(arguments)
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
                asyncio.run(demo(read_settings(), port=chosen.port, fresh=chosen.fresh, empty=chosen.empty))
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


def make_parser() -> argparse.ArgumentParser:
    """Make the parser of the commands and options that docs/operating.md lists."""
    parser = argparse.ArgumentParser("chatbot", description="A Telegram bot that carries one petition.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("run", help="run the bot, with TELEGRAM_TOKEN from @BotFather")
    commands.add_parser("web", help="run the bot with a webhook, for hosts that give it an https address")
    commands.add_parser("worker", help="only send broadcasts, beside another process that listens")
    trial = commands.add_parser("demo", help="try the bot in the browser: no token, no network")
    trial.add_argument("--port", type=_port, default=DEFAULT_PORT, help="the page's port (default %(default)s)")
    trial.add_argument("--fresh", action="store_true", help="begin anew, with empty chats and invented signatures")
    trial.add_argument("--empty", action="store_true", help="begin anew, without any signature or subscriber")
    commands.add_parser("migrate", help="bring the database up to date, and do nothing else")
    checked = commands.add_parser("check", help="check the campaign's files and the database")
    checked.add_argument("--language", metavar="th", help="say instead what this language still needs")
    copied = commands.add_parser("backup", help="copy the database while the bot runs")
    copied.add_argument("file", type=Path, help="the new file")
    taken = commands.add_parser("export", help="write signatures, the log or the document to hand over into a file")
    taken.add_argument("file", type=Path, help="the new file: .csv, .xlsx or, for the document, .pdf")
    taken.add_argument(
        "--what", choices=DOCUMENT_KINDS, default="signatures", help="what is in it (default %(default)s)"
    )
    taken.add_argument("--format", choices=TABLES, help="the format, if the file's name does not say it")
    taken.add_argument("--from", dest="first_day", type=_day, metavar="DATE", help="the first day, like 2026-11-01")
    taken.add_argument("--to", dest="last_day", type=_day, metavar="DATE", help="the last day")
    taken.add_argument("--with-set-aside", action="store_true", help="also signatures that were set aside, each marked")
    taken.add_argument("--country", type=_country, metavar="KR", help="one country only, by its two letters")
    taken.add_argument("--language", default="", metavar="CODE", help="the code of its language")
    taken.add_argument(
        "--private-key",
        dest="private_keys",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a private key that opens sealed names",
    )
    keys = commands.add_parser("keys", help="make the pair of keys for sealed names")
    keys.add_argument("file", type=Path, help="the new file for the private key")
    commands.add_parser("seal", help="seal the names that were signed before SEALING_KEY was set")
    moved = commands.add_parser("move", help="move a petition, while its bot is stopped, into another database")
    moved.add_argument("--to", required=True, metavar="URL", help="the empty database, as in DATABASE_URL")
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

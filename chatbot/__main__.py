"""The commands: `python -m chatbot run`, `worker`, `demo` and `check`."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from chatbot import __version__
from chatbot.bootstrap import back_up, bring_up_to_date, check, make_keys, move_to, run, web, work
from chatbot.demo import DEFAULT_PORT, demo
from chatbot.i18n import CatalogError
from chatbot.logs import report_bug
from chatbot.petition.model import CampaignError
from chatbot.settings import SettingsError, read_settings
from chatbot.storage import DatabaseUnavailable, NewerSchema
from chatbot.transport.insisting import TokenRefused

logger = logging.getLogger(__name__)

CANNOT_START = (SettingsError, CampaignError, CatalogError, DatabaseUnavailable, NewerSchema, TokenRefused)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code: 0, or 1 with what to do on stderr."""
    chosen = make_parser().parse_args(arguments)
    try:
        match chosen.command:
            case "run":
                asyncio.run(run(read_settings()))
            case "worker":
                asyncio.run(work(read_settings()))
            case "web":
                asyncio.run(web(read_settings()))
            case "demo":
                asyncio.run(demo(read_settings(), port=chosen.port, fresh=chosen.fresh))
            case "check":
                return 0 if asyncio.run(check(read_settings(), sys.stdout)) else 1
            case "migrate":
                asyncio.run(bring_up_to_date(read_settings(), sys.stdout))
            case "backup":
                asyncio.run(back_up(read_settings(), chosen.file, sys.stdout))
            case "keys":
                make_keys(chosen.file, sys.stdout)
            case "move":
                asyncio.run(move_to(read_settings(), chosen.to, sys.stdout))
    except CANNOT_START as problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as bug:
        # Python itself would print the message, and with it whatever somebody wrote.
        report_bug(logger, "stopped by a mistake of the bot's own", bug)
        return 1
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The commands and their options, as the README lists them."""
    parser = argparse.ArgumentParser("chatbot", description="A Telegram bot that carries one petition.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("run", help="run the bot, with TELEGRAM_TOKEN from @BotFather")
    commands.add_parser("web", help="run the bot with a webhook, for hosts that give it an https address")
    commands.add_parser("worker", help="only send campaign updates, beside another process that listens")
    trial = commands.add_parser("demo", help="try the bot in the browser: no token, no network")
    trial.add_argument("--port", type=_port, default=DEFAULT_PORT, help="the page's port (default %(default)s)")
    trial.add_argument("--fresh", action="store_true", help="begin with empty chats and no signatures")
    commands.add_parser("migrate", help="bring the database up to date, and do nothing else")
    commands.add_parser("check", help="say whether the campaign's files and the database are in order")
    copied = commands.add_parser("backup", help="copy the database while the bot runs")
    copied.add_argument("file", type=Path, help="the new file")
    keys = commands.add_parser("keys", help="make the pair of keys for sealed names")
    keys.add_argument("file", type=Path, help="the new file for the private key")
    moved = commands.add_parser("move", help="carry a petition, while its bot is stopped, into another database")
    moved.add_argument("--to", required=True, metavar="URL", help="the empty database, as in DATABASE_URL")
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < 65_536):
        raise argparse.ArgumentTypeError("must be a number up to 65535, or 0 for any that is free")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

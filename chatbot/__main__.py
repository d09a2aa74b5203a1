"""Command line: `python -m chatbot run`, `web`, `demo`, `check` and others."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from chatbot import __version__, demo
from chatbot.app.backups import restore
from chatbot.app.commands import backup, check, export, healthy, keys, migrate, move, owner, seal, serving, setup
from chatbot.app.commands.command import Command, open_terminal
from chatbot.app.public_page import command as page
from chatbot.core_dumps import forbid_core_dumps
from chatbot.i18n import Translator
from chatbot.i18n.terminal import find_translator, translating_argparse
from chatbot.logs import log_strays, report_bug
from chatbot.problem import ProblemError
from chatbot.screens.organizer.command_line import usage
from chatbot.settings import BUNDLED_LOCALES

logger = logging.getLogger(__name__)

COMMANDS: Final[tuple[Command, ...]] = (
    setup.COMMAND,
    serving.RUN,
    serving.WEB,
    serving.WORKER,
    demo.COMMAND,
    migrate.COMMAND,
    check.COMMAND,
    healthy.COMMAND,
    owner.COMMAND,
    backup.COMMAND,
    restore.COMMAND,
    export.COMMAND,
    page.COMMAND,
    keys.COMMAND,
    seal.COMMAND,
    move.COMMAND,
)
"""All commands, in the order of `--help`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0, or 1 with advice on stderr."""
    forbid_core_dumps()
    terminal = open_terminal()
    with translating_argparse(terminal.problems):
        parser = make_parser(terminal.translator)
        chosen = parser.parse_args(arguments)
        if chosen.command is None:
            parser.print_help()
            return 2
    command = next(each for each in COMMANDS if each.name == chosen.command)
    before = os.umask(0o077)  # no other user of the machine may read the files that a command writes
    try:
        return 1 if asyncio.run(command.run(chosen, terminal)) is False else 0
    except ProblemError as refused:
        replace(terminal, out=sys.stderr).say(*refused.problems)
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


def make_parser(_: Translator | None = None) -> argparse.ArgumentParser:
    """Make the parser of the commands and options that docs/operating.md lists; English without a translator."""
    _ = _ or find_translator({}, BUNDLED_LOCALES)
    described = usage.describe_commands(_)
    parser = argparse.ArgumentParser("chatbot", description=usage.describe_bot(_))
    parser.add_argument("--version", action="version", version=__version__, help=usage.show_version(_))
    parsers = parser.add_subparsers(dest="command", metavar="command")
    for command in COMMANDS:
        command.add_options(parsers.add_parser(command.name, help=described[command.name]), _)
    return parser


if __name__ == "__main__":
    log_strays()
    sys.exit(main())

"""The command `keys`: makes the pair of keys for sealed names."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.i18n import Translator
from chatbot.problem import Problem, describe_cause
from chatbot.screens.organizer.command_line import outcomes
from chatbot.screens.organizer.command_line.usage import describe_options
from chatbot.settings import SettingsError

_EXPLANATION: Final = """\
# The private key of a petition's sealed names. Whoever has this file can read every name and reason; without it nobody
# can, ever. Keep it away from the machine the bot runs on, keep a second copy, and give it only to who must read them.
"""


def make_keys(private_file: Path, terminal: Terminal) -> None:
    """Make a key pair: write the private key to a new file only its owner can read, and the public key to the terminal.

    Raises `SettingsError` if the file exists or cannot be written.
    """
    # Imported here, so that a bot without sealed names does not load cryptography.
    from chatbot.petition.sealing.keys import make_pair

    public, private = make_pair()
    try:
        descriptor = os.open(private_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_EXPLANATION}{private}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        problem = Problem("{file}: already exists, and a key is never overwritten; name a new file", file=private_file)
        raise SettingsError(problem) from None
    except OSError as error:
        problem = Problem("{file}: cannot be written ({reason})", file=private_file, reason=describe_cause(error))
        raise SettingsError(problem) from None
    terminal.say(*outcomes.made_keys(terminal.translator, private_file), "", f"SEALING_KEY={public}")


def _add_options(parser: ArgumentParser, _: Translator) -> None:
    parser.add_argument("file", type=Path, help=describe_options(_)["keys file"])


async def _run(chosen: Namespace, terminal: Terminal) -> None:
    make_keys(chosen.file, terminal)


COMMAND: Final = Command("keys", _run, _add_options)

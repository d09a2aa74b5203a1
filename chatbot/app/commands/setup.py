"""The command `setup`: asks everything that a petition needs, and writes its files."""

from argparse import Namespace
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.app.setup.guided import set_up


async def _run(_chosen: Namespace, terminal: Terminal) -> bool:
    return await set_up(terminal)


COMMAND: Final = Command("setup", _run)

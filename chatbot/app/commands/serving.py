"""The commands that go on until they are stopped: `run`, `web` and `worker`."""

import asyncio
import gc
import os
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Final

from chatbot.app.commands.command import Command, Terminal
from chatbot.app.health.systemd import Systemd
from chatbot.app.run import run, web, work
from chatbot.settings import Settings, read_settings

YOUNG: Final = 5_000
"""New objects after which the garbage collector looks for cycles among them. Those of a turn have none."""
SETTLED: Final = (0.0, 10.0)
"""Seconds after the start by which the code, and then the texts and country names, are loaded."""


async def _run_bot(serve: Callable[[Settings, Systemd], Awaitable[None]]) -> None:
    """Run the bot, and exclude the objects loaded at its start from garbage collection.

    During a flood of connections, a full collection with them blocked the bot for 0.4 s.
    """
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    for seconds in SETTLED:
        asyncio.get_running_loop().call_later(seconds, gc.freeze)
    systemd = Systemd(os.environ)
    async with systemd.attend():
        await serve(read_settings(), systemd)


async def _run(_chosen: Namespace, _terminal: Terminal) -> None:
    await _run_bot(run)


async def _web(_chosen: Namespace, _terminal: Terminal) -> None:
    await _run_bot(web)


async def _work(_chosen: Namespace, _terminal: Terminal) -> None:
    await _run_bot(work)


RUN: Final = Command("run", _run)
WEB: Final = Command("web", _web)
WORKER: Final = Command("worker", _work)

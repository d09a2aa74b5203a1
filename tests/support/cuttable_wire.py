"""A relay to one port that cuts a connection at a certain message."""

import asyncio
from contextlib import suppress
from typing import Literal

from tests.support.relay import Relay

How = Literal["unheard", "unanswered", "silent"]
"""Cut before the message arrives, after it arrived, or let it arrive and hold the answer back."""


class Wiretap(Relay):
    """`async with Wiretap(port) as wire:` listens at `wire.port`; `wire.snap(b"COMMIT", "unheard")` arms it once."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.snapped = asyncio.Event()
        self.snaps = 0
        self._behind = port
        self._word: bytes | None = None
        self._how: How = "unheard"

    def snap(self, word: bytes, how: How) -> None:
        """Cut the next connection that carries `word`."""
        self._word, self._how = word, how
        self.snapped.clear()
        self.snaps += 1

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self.reach(self._behind) as (answers, questions):
            answering = asyncio.create_task(_copy(answers, writer))
            try:
                while data := await reader.read(65_536):
                    if self._word is not None and self._word in data:
                        self._word = None
                        self.snapped.set()
                        if self._how == "unheard":
                            break
                        await _end(answering)
                        questions.write(data)
                        await questions.drain()
                        # An answer proves that it has arrived.
                        await answers.read(1)
                        if self._how == "unanswered":
                            break
                        await reader.read()
                        break
                    questions.write(data)
                    await questions.drain()
            finally:
                await _end(answering)


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])

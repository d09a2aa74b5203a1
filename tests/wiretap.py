"""A wire that can be cut: every connection goes through here to one port, until something said on it is the last."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

How = Literal["unheard", "unanswered", "silent"]
"""Cut before the word is heard, cut when it was heard, or heard while no answer ever comes."""


class Wiretap:
    """`async with Wiretap(port) as wire:` listens at `wire.port`; `wire.snap(b"COMMIT", "unheard")` arms it once."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.snapped = asyncio.Event()
        self.snaps = 0
        self._behind = port
        self._word: bytes | None = None
        self._how: How = "unheard"
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def snap(self, word: bytes, how: How) -> None:
        """Cut the next connection on which `word` is said."""
        self._word, self._how = word, how
        self.snapped.clear()
        self.snaps += 1

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # Cancelled at the end of the block: asyncio would complain of a connection that is.
        with suppress(OSError, asyncio.CancelledError):
            answers, questions = await asyncio.open_connection("127.0.0.1", self._behind)
            answering = asyncio.create_task(_carry(answers, writer))
            try:
                while data := await reader.read(65_536):
                    if self._word is not None and self._word in data:
                        self._word = None
                        self.snapped.set()
                        if self._how == "unheard":
                            break
                        answering.cancel()
                        questions.write(data)
                        await questions.drain()
                        # It has been heard for sure once there is an answer.
                        await answers.read(1)
                        if self._how == "unanswered":
                            break
                        await reader.read()
                        break
                    questions.write(data)
                    await questions.drain()
            finally:
                answering.cancel()
                writer.close()
                questions.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65_536):
            target.write(data)
            await target.drain()
    target.close()

"""A server that forwards connections to another port, and closes all of them at its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Self

from chatbot.emulator.web.closing import stop_accepting

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Relay:
    """`async with …` listens at `port`; `carry` handles each connection."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        await stop_accepting(self._server)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.cut()
        for writer in self._writers:
            with suppress(OSError):
                await writer.wait_closed()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle a connection, which is closed afterwards."""
        raise NotImplementedError

    def cut(self) -> None:
        """Cut every connection, whatever it carries."""
        for writer in self._writers:
            writer.transport.abort()

    @asynccontextmanager
    async def reach(self, port: int) -> AsyncIterator[Ends]:
        """Connect to `port` for the time of the block."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self._writers.add(writer)
        try:
            yield reader, writer
        finally:
            writer.close()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError):
                await self.carry(reader, writer)
        finally:
            writer.close()

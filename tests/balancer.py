"""What stands in front of several processes: each connection goes to one of them that answers, in turn."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self


class Balancer:
    """`async with Balancer([port, port]) as balancer:` listens at `balancer.port`; a dead port is passed over."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.lag = 0.0
        """Seconds that everything takes on its way."""
        self.port = 0
        self._turn = 0
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
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Cut every connection there is, whatever is under way on it."""
        for writer in self._writers:
            writer.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        try:
            for _ in self.ports:
                self._turn += 1
                with suppress(OSError):
                    behind = await asyncio.open_connection("127.0.0.1", self.ports[self._turn % len(self.ports)])
                    await self._join((reader, writer), behind)
                    return
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _join(self, one: "Ends", other: "Ends") -> None:
        """Carry everything between two connections until one of them ends."""
        ways = [asyncio.create_task(self._carry(one[0], other[1])), asyncio.create_task(self._carry(other[0], one[1]))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            other[1].close()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if self.lag:
                    await asyncio.sleep(self.lag)
                target.write(data)
                await target.drain()


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]

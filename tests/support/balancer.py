"""A load balancer in front of several processes: connections go to those that accept, in turn."""

import asyncio
from contextlib import suppress

from tests.support.relay import Ends, Relay


class Balancer(Relay):
    """`async with Balancer([port, port]) as balancer:` listens at `balancer.port` and skips dead ports."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__()
        self.ports = ports
        self.lag = 0.0
        """Delay of everything it forwards, in seconds."""
        self._turn = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self.ports:
            self._turn += 1
            with suppress(OSError):
                async with self.reach(self.ports[self._turn % len(self.ports)]) as behind:
                    await self._join((reader, writer), behind)
                return

    async def _join(self, one: Ends, other: Ends) -> None:
        """Forward in both directions until one connection ends."""
        async with asyncio.TaskGroup() as ways:
            there, back = (
                ways.create_task(self._copy(one[0], other[1])),
                ways.create_task(self._copy(other[0], one[1])),
            )
            there.add_done_callback(lambda _: back.cancel())
            back.add_done_callback(lambda _: there.cancel())

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if self.lag:
                    await asyncio.sleep(self.lag)
                target.write(data)
                await target.drain()

"""The socket on which systemd listens for a service (sd_notify(3)), as a real datagram socket."""

import asyncio
import socket
from types import TracebackType
from typing import Self

from tests.support.limits import GIVE_UP


class NotifySocket:
    """Receives what a service tells; `@name` is an abstract socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def __enter__(self) -> Self:
        self._socket.bind(f"\0{self.address[1:]}" if self.address.startswith("@") else self.address)
        self._socket.setblocking(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    async def hears(self, message: str, times: int = 1) -> None:
        """Wait until this message has come so often."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(GIVE_UP):
            while self.told.count(message) < times:
                self.told.append((await loop.sock_recv(self._socket, 4_096)).decode())

    def take_waiting(self) -> list[str]:
        """Return what has come since, without waiting."""
        waiting = []
        while True:
            try:
                waiting.append(self._socket.recv(4_096).decode())
            except BlockingIOError:
                self.told += waiting
                return waiting

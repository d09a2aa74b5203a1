"""Accepts connections by IPv6 and IPv4, also after the process has run out of files.

asyncio's own server writes thousands of log lines a second while `accept` fails for lack of a free file.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from typing import Final

from chatbot.logs import RareLog

logger = logging.getLogger(__name__)

QUEUE: Final = 1_024
"""Connections that may wait for `accept`."""
_BATCH: Final = 8
"""Connections accepted before open ones are served again: a flood of new ones must not delay them."""
_PAUSE: Final = 0.5
"""Seconds until `accept` is tried again after it failed."""
_AGAIN: Final = 600.0
"""Seconds between two log lines about failures."""
_ABSENT: Final = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
"""Errors of opening an IPv6 socket without IPv6."""


async def open_sockets(host: str | None, port: int) -> list[socket.socket]:
    """Listen at `port` of `host`, or of every address of this machine, IPv6 and IPv4, if `host` is None.

    Raises `OSError`, or `socket.gaierror` if `host` is no address.
    """
    if host is None:
        return [_open_everywhere(port)]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:  # not a valid host name
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
    opened: list[socket.socket] = []
    try:
        for family, address in dict.fromkeys((family, str(address[0])) for family, _, _, _, address in found):
            # Port 0 means any free port, then the same one for every address.
            at = opened[0].getsockname()[1] if opened and not port else port
            opened.append(_open(family, address, at))
    except BaseException:
        for each in opened:
            each.close()
        raise
    return opened


def _open_everywhere(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return _open(socket.AF_INET6, "::", port, both=True)
        except OSError as error:
            if error.errno not in _ABSENT:
                raise
    return _open(socket.AF_INET, "0.0.0.0", port)  # noqa: S104 - Telegram comes from outside


def _open(family: socket.AddressFamily, host: str, port: int, *, both: bool = False) -> socket.socket:
    both = both or (host == "::" and socket.has_dualstack_ipv6())
    opened = socket.create_server((host, port), family=family, backlog=QUEUE, dualstack_ipv6=both)
    opened.setblocking(False)
    return opened


class Listener:
    """Accepts connections at `sockets` until `close`. `admit` returns the protocol of each; None closes it."""

    def __init__(self, sockets: list[socket.socket], admit: Callable[[], asyncio.BaseProtocol | None]) -> None:
        self._sockets = sockets
        self._admit = admit
        self._refusals = RareLog(logger, logging.ERROR, _AGAIN)
        self._opening: set[asyncio.Task[None]] = set()
        self._accepting = [asyncio.create_task(self._accept(each)) for each in sockets]

    async def close(self) -> None:
        """Stop accepting."""
        for task in self._accepting:
            task.cancel()
        await asyncio.gather(*self._accepting, *self._opening, return_exceptions=True)
        for each in self._sockets:
            each.close()

    async def _accept(self, at: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                for _ in range(_BATCH):
                    accepted, _address = await loop.sock_accept(at)
                    protocol = self._admit()
                    if protocol is None:
                        accepted.close()
                        continue
                    task = loop.create_task(_open_connection(accepted, protocol))
                    self._opening.add(task)
                    task.add_done_callback(self._opening.discard)
            except ConnectionAbortedError:
                pass
            except OSError as error:
                self._refusals.log("no connection can be accepted for now (%s)", error.strerror)
                await asyncio.sleep(_PAUSE)
            await asyncio.sleep(0)


async def _open_connection(accepted: socket.socket, protocol: asyncio.BaseProtocol) -> None:
    try:
        await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, accepted)
    except OSError:  # the client has hung up already
        accepted.close()

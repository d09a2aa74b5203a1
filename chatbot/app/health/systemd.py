"""Tells systemd when the process listens, that it works, and that it stops (`Type=notify`, `WatchdogSec=`).

The protocol is a datagram to the socket that NOTIFY_SOCKET names (sd_notify(3)). Other systems set no such variable.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from chatbot.app.health.heartbeat import Heartbeat

logger = logging.getLogger(__name__)

_READY_CHECK: Final = 0.2
"""Seconds between two checks whether the process listens."""
_STARTING: Final = 30_000_000
"""Microseconds for which each message extends the time to start: migrating and waiting for Telegram may take long."""
_STARTING_PAUSE: Final = 10.0
"""Seconds between two such messages."""


class Systemd:
    """Speaks to systemd; does nothing where the process was not started by it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address  # an abstract socket
        is_ours = environment.get("WATCHDOG_PID") in (None, "", str(os.getpid()))
        usual = environment.get("WATCHDOG_USEC", "")
        self._watchdog = int(usual) / 1_000_000 if is_ours and usual.isdecimal() else 0.0
        self._heartbeat: Heartbeat | None = None

    def watch(self, heartbeat: Heartbeat) -> None:
        """Become ready once nothing is wrong with this process, and keep the watchdog calm while it beats."""
        self._heartbeat = heartbeat

    def stop(self) -> None:
        """Tell that the process stops. For a signal handler."""
        self._notify("STOPPING=1")

    @asynccontextmanager
    async def attend(self) -> AsyncIterator[None]:
        """Tell everything that there is to tell while the block runs."""
        attending = asyncio.create_task(self._attend()) if self._address else None
        try:
            yield
        finally:
            if attending is not None:
                attending.cancel()
                with suppress(asyncio.CancelledError):
                    await attending
                self.stop()

    async def _attend(self) -> None:
        await self._wait_until_ready()
        while True:
            # Trouble with Telegram is no reason to be silent: a new process would have the same.
            if self._heartbeat is not None and self._heartbeat.is_stored:
                self._notify("WATCHDOG=1")
            await asyncio.sleep(self._watchdog / 4 or 3_600.0)

    async def _wait_until_ready(self) -> None:
        """Ask for more time until nothing is wrong. A loop that hangs asks for none, and is started anew."""
        clock = asyncio.get_running_loop().time
        asked_at = -_STARTING_PAUSE
        while self._heartbeat is None or self._heartbeat.find_trouble() is not None:
            if clock() - asked_at >= _STARTING_PAUSE:
                self._notify(f"EXTEND_TIMEOUT_USEC={_STARTING}")
                asked_at = clock()
            await asyncio.sleep(_READY_CHECK)
        self._notify("READY=1")

    def _notify(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.setblocking(False)
                sender.sendto(message.encode(), self._address)
        except OSError as error:
            logger.debug("systemd was not told %s (%s)", message, error.strerror)

"""Free ports of this machine for servers that tests start in other processes."""

import os
import random
import socket
from contextlib import closing, suppress
from typing import Final

_LOWEST: Final = 15_000
"""Below the range from which clients get ports: one could take the port of a server that is down."""
_EACH: Final = 2_000
"""Ports of one worker of pytest-xdist: no two take the same port."""
_given: set[int] = set()


def find_free_port() -> int:
    """Return a port that nobody listens on, and never the same one again."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    while True:
        port = _LOWEST + worker * _EACH + random.SystemRandom().randrange(_EACH)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port

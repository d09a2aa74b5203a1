"""How many files the process may open: connections are files, and without a free one nobody is answered."""

import sys
from contextlib import suppress
from typing import Final

from chatbot.transport.incoming.connections import MOST
from chatbot.transport.outgoing.client import CONNECTIONS

if sys.platform != "win32":
    import resource

ENOUGH: Final = 65_536
"""More is of no use, and some systems take no more."""
_OTHERS: Final = CONNECTIONS + 192
"""Files kept for everything else: calls to Telegram, the database, documents, and connections being closed."""


def raise_limit() -> None:
    """Take all the files that the system grants: by default it grants fewer than it would on request."""
    if sys.platform == "win32":  # has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    with suppress(ValueError, OSError):  # macOS grants less than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def leave_room() -> int:
    """Give the number of connections that the HTTP server may hold, so that files are left for everything else."""
    if sys.platform == "win32":
        return MOST
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, max(soft // 4, soft - _OTHERS))

"""The limit on open files. Each connection is a file; without a free one the bot cannot reply."""

import sys
from contextlib import suppress
from typing import Final

from chatbot.transport.incoming.connections import MOST
from chatbot.transport.outgoing.client import CONNECTIONS

if sys.platform != "win32":
    import resource

ENOUGH: Final = 65_536
"""The bot needs no more, and some systems accept no more."""
_OTHERS: Final = CONNECTIONS + 192
"""Files reserved for calls to Telegram, the database, documents and closing connections."""


def raise_limit() -> None:
    """Raise the limit as far as the system allows: the default is lower than the maximum."""
    if sys.platform == "win32":  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    with suppress(ValueError, OSError):  # macOS allows less than it reports
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def leave_room() -> int:
    """Return how many connections the HTTP server may hold without using up all files."""
    if sys.platform == "win32":
        return MOST
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST
    return min(MOST, max(soft // 4, soft - _OTHERS))

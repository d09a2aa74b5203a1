"""Prevents core dumps: a process's memory contains names that people have just typed, and the bot's token."""

import sys
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """Prevent core dumps of this process, as far as the system supports it.

    On Linux, other processes of the same user cannot read its memory or its environment either; root can.
    """
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        import ctypes

        # The limit below does not apply if the system pipes core dumps into a program (systemd-coredump, apport).
        # https://man7.org/linux/man-pages/man5/core.5.html
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

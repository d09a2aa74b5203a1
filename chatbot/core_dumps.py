"""Keeping the memory of a process to itself: it holds names that people have just typed, and the bot's token."""

import sys
from contextlib import suppress
from typing import Final

_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """Let no crash write this process's memory to a disk, as far as the system knows how to forbid it.

    On Linux no other process of the same user can read it either, nor the environment with the token; root still can.
    """
    if sys.platform == "win32":
        return
    if sys.platform == "linux":
        import ctypes

        # Where the system pipes core dumps into a program (systemd-coredump, apport), the limit alone does not count.
        # https://man7.org/linux/man-pages/man5/core.5.html
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""Reads what a person types at a terminal, and secrets without showing them."""

import getpass
import os
import select
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

if sys.platform != "win32":
    import termios

_SILENCE = 0.3
"""Seconds without input after which a paste of several lines has ended."""


class HiddenInputError(Exception):
    """The terminal cannot hide what is typed."""


def is_interactive() -> bool:
    """Whether a person types the input and reads the output."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def read_line(prompt: str) -> str:
    """Return a typed line. Raises `EOFError` at the end of the input, also of a terminal that was closed."""
    with suppress(ImportError):
        import readline  # noqa: F401 - lets `input` move in the line, and delete whole syllables
    try:
        return input(prompt)
    except OSError:
        raise EOFError from None


def read_hidden(prompt: str) -> str:
    """Return what is typed or pasted, without showing it. A paste may have several lines.

    Raises `EOFError` like `read_line`, and `HiddenInputError` if it would be shown.
    """
    try:
        return _read_hidden(prompt)
    except OSError:
        raise EOFError from None


if sys.platform == "win32":

    def discard_typed_ahead() -> None:
        """Discard what was typed before a question: it answers nothing."""

    def _read_hidden(prompt: str) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            try:
                return getpass.getpass(prompt)
            except getpass.GetPassWarning:
                raise HiddenInputError from None

else:

    def discard_typed_ahead() -> None:
        """Discard what was typed or pasted before a question: it answers nothing."""
        with suppress(OSError, termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)

    def _read_hidden(prompt: str) -> str:
        """Do what `getpass` does, which takes one line and discards the rest of a paste."""
        terminal = sys.stdin.fileno()
        before = termios.tcgetattr(terminal)
        hidden = termios.tcgetattr(terminal)
        hidden[3] &= ~termios.ECHO
        termios.tcsetattr(terminal, termios.TCSADRAIN, hidden)
        if termios.tcgetattr(terminal)[3] & termios.ECHO:
            raise HiddenInputError
        try:
            sys.stdout.write(prompt)
            sys.stdout.flush()
            typed = os.read(terminal, 65_536)
            if not typed:
                raise EOFError
            while select.select([terminal], [], [], _SILENCE)[0] and (more := os.read(terminal, 65_536)):
                typed += more
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
            sys.stdout.write("\n")
            sys.stdout.flush()
        return typed.decode("utf-8", "replace")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ignore Ctrl-C and every signal to stop while the block runs, which is short."""
    signals = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else [])]
    before = [signal.signal(each, signal.SIG_IGN) for each in signals]
    try:
        yield
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)

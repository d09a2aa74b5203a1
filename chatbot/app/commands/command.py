"""What a command of the command line is, and the terminal it speaks to."""

import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from gettext import NullTranslations
from io import TextIOWrapper
from typing import Any, TextIO

from chatbot.i18n import Translator
from chatbot.i18n.terminal import find_language_of_windows, find_translator, read_problems
from chatbot.problem import Problem
from chatbot.settings import BUNDLED_LOCALES


def _find_english() -> Translator:
    return find_translator({}, BUNDLED_LOCALES)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command writes, in the language of `translator`."""

    translator: Translator = field(default_factory=_find_english)
    out: TextIO = field(default_factory=lambda: sys.stdout)
    problems: NullTranslations = field(default_factory=NullTranslations)
    """The catalog of problems."""

    def say(self, *lines: str) -> None:
        """Write lines, problems in the language of the terminal, and show them at once, also in a file or a pipe."""
        for line in lines:
            told = line.render(self.problems.gettext) if isinstance(line, Problem) else line
            self.out.write(f"{told}\n")
        self.out.flush()


def open_terminal() -> Terminal:
    """Open the terminal of this process: a letter that it cannot show is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    translator = find_translator(os.environ, BUNDLED_LOCALES, sys.stdout.encoding, find_language_of_windows())
    return Terminal(translator, sys.stdout, read_problems(BUNDLED_LOCALES, translator.language))


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end a question. The event loop would only cancel its task, which waits for the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Its lines of `--help` are in `screens/organizer/command_line/usage.py`, by its name."""

    name: str
    run: Callable[[Namespace, Terminal], Coroutine[Any, Any, bool | None]]
    """Runs with the parsed options. The exit code is 1 if it returns False or raises one of the known refusals."""
    add_options: Callable[[ArgumentParser, Translator], None] = lambda _parser, _: None

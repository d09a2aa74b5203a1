"""What a command of the command line is, and the terminal it speaks to."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TextIO

from chatbot.i18n import Translator
from chatbot.i18n.terminal import find_translator
from chatbot.settings import BUNDLED_LOCALES


def _find_english() -> Translator:
    return find_translator({}, BUNDLED_LOCALES)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command writes, in the language of `translator`."""

    translator: Translator = field(default_factory=_find_english)
    out: TextIO = field(default_factory=lambda: sys.stdout)

    def say(self, *lines: str) -> None:
        """Write lines, and show them at once, also where the output is a file or a pipe."""
        self.out.writelines(f"{line}\n" for line in lines)
        self.out.flush()


@dataclass(frozen=True, slots=True)
class Command:
    """One command. Its lines of `--help` are in `screens/organizer/command_line/usage.py`, by its name."""

    name: str
    run: Callable[[Namespace, Terminal], Coroutine[Any, Any, bool | None]]
    """Runs with the parsed options. The exit code is 1 if it returns False or raises one of the known refusals."""
    add_options: Callable[[ArgumentParser, Translator], None] = lambda _parser, _: None

"""What is wrong, in words for the people who run the bot: an English line, with what its translation needs.

The command line prints a problem in the language of the system (`app/commands/command.py`), and the nightly check tells
it in those of the team, from the catalogs `locales/<language>/LC_MESSAGES/problems.po`. Logs have the English line.
"""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import PurePath
from typing import Any, Final, Self

_HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, ends of lines, and signs that turn text around: in a file they may be meant for the terminal."""


class _Values(dict[str, object]):
    """Values of placeholders; one without a value stays as it is written."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _show(value: object) -> object:
    """Return a value as it is written in a line: words from outside keep it one line, and command no terminal."""
    if isinstance(value, Problem) or not isinstance(value, str | PurePath):
        return value
    return _HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), str(value))


class Problem(str):
    """One line, or a part of one. `message` is its text in the catalogs, and `values` are for the placeholders in it.

    `pybabel extract` finds the message only if it is written as a literal. A value may be a problem itself.
    """

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, /, **values: object) -> Self:
        """Make the problem; as a `str` it is the English line."""
        shown = _Values({name: _show(value) for name, value in values.items()})
        problem = super().__new__(cls, message.format_map(shown))
        problem.message, problem.values = message, values
        return problem

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Let copies be made from the message; the line itself may contain braces."""
        return (self.message,), dict(self.values)

    def fill(self, **values: object) -> Self:
        """Return the same problem with values for its placeholders."""
        return type(self)(self.message, **values)

    def render(self, gettext: Callable[[str], str]) -> Self:
        """Return the problem in the language of a catalog, with the problems in it."""
        filled = {
            name: value.render(gettext) if isinstance(value, Problem) else value for name, value in self.values.items()
        }
        return type(self)(gettext(self.message), **filled)

    @classmethod
    def quote(cls, text: str) -> Self:
        """Make a problem of words that are not ours, such as those of a library; they stay as they are."""
        return cls("{text}", text=text)


class ProblemError(Exception):
    """An error whose message is for the people who run the bot: one `Problem` for each line."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The lines."""
        return self.args


class InvalidValueError(ProblemError, ValueError):
    """A value in a file or a setting is wrong. The problem is the end of a line that begins with the place."""


def explain_value(details: Mapping[str, Any], wrong: Mapping[str, Problem], **more: object) -> Problem:
    """Return what is wrong with a value, by pydantic's details of the error; `wrong` has the problems by its types."""
    values = {**more, **details.get("ctx", {})}
    if isinstance(error := values.get("error"), InvalidValueError):
        return error.problems[0]
    problem = wrong.get(details["type"])
    return problem.fill(**values) if problem else Problem.quote(details["msg"])


def either(choices: Sequence[str]) -> str:
    """Write “A or B or C”."""
    return reduce(lambda left, right: Problem("{left} or {right}", left=left, right=right), choices) if choices else ""


def row(parts: Sequence[str]) -> str:
    """Write “A, B, C”."""
    return reduce(lambda left, right: Problem("{left}, {right}", left=left, right=right), parts) if parts else ""


_CAUSES: Final = {
    errno.EACCES: Problem("Permission denied"),
    errno.EPERM: Problem("Operation not permitted"),
    errno.ENOENT: Problem("No such file or directory"),
    errno.ENOTDIR: Problem("Not a directory"),
    errno.EISDIR: Problem("Is a directory"),
    errno.EROFS: Problem("Read-only file system"),
    errno.ENOSPC: Problem("No space left on device"),
    errno.EDQUOT: Problem("Disk quota exceeded"),
    errno.EIO: Problem("Input/output error"),
    errno.ENAMETOOLONG: Problem("File name too long"),
    errno.EFBIG: Problem("File too large"),
    errno.EMFILE: Problem("Too many open files"),
    errno.EADDRINUSE: Problem("Address already in use"),
    errno.EADDRNOTAVAIL: Problem("Cannot assign requested address"),
}
"""The usual words of the system, which Python has in English only."""


def describe_cause(error: OSError) -> str:
    """Return what the system says about a failed call."""
    return _CAUSES.get(error.errno or 0) or error.strerror or type(error).__name__

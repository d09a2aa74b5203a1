"""The settings file, `petition.env`: lines of NAME=value, as systemd and Docker Compose read them too."""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatbot.problem import InvalidValueError, Problem, ProblemError, describe_cause

NAME: Final = "petition.env"
"""The file of the working directory that is read unless `SETTINGS_FILE` names another one."""
VARIABLE: Final = "SETTINGS_FILE"
TOKENS: Final = frozenset({"TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE"})
"""Two ways to say the same: where one is set, the other one counts for nothing."""
_SECRETS: Final = frozenset({"TELEGRAM_TOKEN", "WEBHOOK_SECRET", "METRICS_TOKEN"})
_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_QUOTED: Final = re.compile(r"""'(?P<plain>[^']*)'|"(?P<escaped>(?:[^"\\]|\\.)*)\"""")
_MOST: Final = 1_000_000
"""Bytes of a file with settings or a secret at most: a device has no end."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@%+,=~-]*")
"""Values that need no quotes for any reader of such files."""


class SettingsFileError(ProblemError):
    """The file cannot be read; the one-line message names the file and the line, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What the file says, by the name in capitals."""

    path: Path
    values: Mapping[str, str]
    lines: Mapping[str, int]
    """The number of the line of each name."""

    def locate(self, name: str) -> Problem:
        """Say where the file sets `name`."""
        return Problem("{file}, line {line}", file=self.path, line=self.lines[name])


def find_path(environment: Mapping[str, str]) -> Path:
    """Return the path of the file, whether or not it exists."""
    return Path(environment.get(VARIABLE) or NAME)


def read_small_file(path: Path) -> bytes:
    """Read a whole file of settings or a secret, also the pipe of a shell's `<(…)`. Raises `OSError`.

    A named pipe that nobody writes into is empty, and a device without an end is refused.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        os.set_blocking(descriptor, True)
        content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content


def read_settings_file(environment: Mapping[str, str], *, may_be_missing: bool = False) -> SettingsFile:
    """Read the file. Without one nothing is set. One that `SETTINGS_FILE` names must exist, unless `may_be_missing`.

    Raises `SettingsFileError`.
    """
    path = find_path(environment)
    try:
        text = read_small_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        if environment.get(VARIABLE) and not may_be_missing:
            raise SettingsFileError(
                Problem("{name}: there is no such file; name another, or leave it unset", name=VARIABLE)
            ) from None
        return SettingsFile(path, {}, {})
    except UnicodeDecodeError:
        raise SettingsFileError(Problem("{file}: must be saved as UTF-8 text", file=path)) from None
    except PermissionError as error:
        if not environment.get(VARIABLE) and any(map(environment.get, TOKENS)):
            return SettingsFile(path, {}, {})  # systemd read it for a user who may not
        problem = Problem("{file}: cannot be read ({reason}); start it as the user who owns it (sudo -u …)")
        raise SettingsFileError(problem.fill(file=path, reason=describe_cause(error))) from None
    except OSError as error:
        problem = Problem("{file}: cannot be read ({reason})", file=path, reason=describe_cause(error))
        raise SettingsFileError(problem) from None
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, name, value in _parse(path, text):
        if name in values:
            problem = Problem("{name} is in line {line} too; take one out", name=name, line=lines[name])
            raise SettingsFileError(_place(path, number, problem))
        values[name], lines[name] = value, number
    return SettingsFile(path, values, lines)


def change_lines(text: str, values: Mapping[str, str | None]) -> str:
    """Return the text of a file with these values set; None takes a line out. All other lines stay as they are.

    Raises `InvalidValueError` for a value that cannot be written.
    """
    left = dict(values)
    lines = []
    for line in text.removeprefix("\ufeff").splitlines():
        found = _LINE.fullmatch(line.strip())
        name = found[1].upper() if found and not line.lstrip().startswith(("#", ";")) else ""
        if name not in values:
            lines.append(line)
        elif (value := left.pop(name, None)) is not None:
            lines.append(f"{name}={_quote(value)}")
    lines += [f"{name}={_quote(value)}" for name, value in left.items() if value is not None]
    return "".join(f"{line}\n" for line in lines)


def is_open_to_others(file: Path) -> bool:
    """Whether other users of the machine can read or change the file: a person made it, with an editor."""
    try:
        return os.name == "posix" and bool(file.stat().st_mode & 0o007)
    except OSError:
        return False


def warn_of_open_files(environment: Mapping[str, str], token_file: Path | None) -> list[Problem]:
    """Return a warning for each file with a secret that other users of the machine can read or change."""
    found = [token_file] if token_file is not None else []
    with suppress(SettingsFileError):
        settings = read_settings_file(environment)
        if any(name in _SECRETS or ("@" in value and "://" in value) for name, value in settings.values.items()):
            found.append(settings.path)
    return [
        Problem("{file}: other users of this machine can read it; close it by `chmod 600 {file}`", file=file)
        for file in found
        # Docker gives its secrets to every user of a container, which has one.
        if is_open_to_others(file) and not file.is_relative_to("/run/secrets")
    ]


def _parse(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith(("#", ";")):
            continue
        found = _LINE.fullmatch(line)
        value = _unquote(found[2]) if found else None
        if found is None or value is None or "\0" in line:
            problem = Problem("must look like NAME=value, or begin with #")
            raise SettingsFileError(_place(path, number, problem))
        yield number, found[1].upper(), value


def _place(path: Path, line: int, problem: Problem) -> Problem:
    return Problem("{file}, line {line}: {problem}", file=path, line=line, problem=problem)


def _unquote(value: str) -> str | None:
    """Return what a value means; None if its quotation marks are wrong."""
    if not value.startswith(("'", '"')):
        return re.split(r"\s#", value, maxsplit=1)[0].rstrip()
    found = _QUOTED.match(value)
    if found is None or not re.fullmatch(r"(?:\s+#.*)?", value[found.end() :]):
        return None
    return found["plain"] if found["plain"] is not None else re.sub(r"\\(.)", r"\1", found["escaped"])


def _quote(value: str) -> str:
    """Write a value so that every reader of such files understands it alike. Raises `InvalidValueError` if none can."""
    if _PLAIN.fullmatch(value):
        return value
    if len(value.splitlines()) > 1:
        raise InvalidValueError(Problem("a settings file has no line breaks"))
    if "'" not in value:
        return f"'{value}'"
    if any(mark in value for mark in '"\\$`'):  # some readers replace them, and others do not
        problem = Problem(
            "cannot be written into {file}: readers of such files disagree about ' with one of \" \\ $ `", file=NAME
        )
        raise InvalidValueError(problem)
    return f'"{value}"'

"""Logging to stderr: one line per record, without secrets and without texts of people."""

import asyncio
import logging
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

REDACTED: Final = "[secret]"
_CHATTY: Final = ("aiohttp", "aiosqlite", "asyncio", "httpcore", "httpx", "telegram")
"""Libraries that log addresses (which contain the token), parameters or rows below WARNING."""
_SHORTEST_SECRET: Final = 6
"""Shorter secrets would match harmless words. Tokens, passwords in URLs and webhook secrets are longer."""
_MOST_CALLS: Final = 12
"""Logged calls of a traceback; an endless recursion has a thousand."""
_MOST_ERRORS: Final = 6
"""Logged exceptions of a chain or a group."""
_LONGEST_NAME: Final = 80
_LONGEST_LINE: Final = 16_384
"""Longest line in characters."""


class _ToStderr(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """Our own handler, a class of its own so that configuring twice does not log twice. It never raises."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line, or drop it if that fails. (The base class raises `RecursionError`.)"""
        with suppress(Exception):
            self.stream.write(self.format(record) + self.terminator)
            self.flush()


def configure_logging(level: str | int, secrets: Iterable[str] = ()) -> None:
    """Log everything at `level` and above to stderr, with all `secrets` redacted.

    It may be called again (the settings are read after the first line is logged); the last call applies.
    """
    handler = _ToStderr(sys.stderr)
    handler.setFormatter(OneLine(secrets))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old, _ToStderr)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class OneLine(logging.Formatter):
    """Formats a record as one line. The whole line is redacted, wherever a secret came from.

    Exceptions are described by `outline_error`, never by their messages: a database quotes the refused row, and
    Telegram quotes the text, so a message may contain a person's name.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime
        self._secrets = _match_any(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line, without line breaks and without secrets."""
        line = f"{self.formatTime(record, self.datefmt)} {record.levelname} {record.name}: {_format_message(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({outline_error(record.exc_info[1])})"
        line = " ".join(line.splitlines())
        line = self._secrets.sub(REDACTED, line) if self._secrets else line
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …"


def outline_error(error: BaseException) -> str:
    """Describe an exception without its message: its class, its calls (innermost first) and its cause.

    It never raises, and the result is never long: a chain may be endless or circular, and a class may be hostile.
    """
    try:
        return "; after ".join(_walk_chain(error))
    except Exception:  # raised by the error's own class; the report must not fail as well
        return "an exception that cannot be described"


def is_bug(error: BaseException) -> bool:
    """Whether a failure is a bug: not Ctrl-C, and `CancelledError` only if nobody cancelled the current task."""
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is None or not task.cancelling()
    return not isinstance(error, KeyboardInterrupt)


def report_bug(logger: logging.Logger, what: str, error: BaseException) -> None:
    """Log a bug: `what` failed, where, and with which class of exception, but never its message.

    It never raises, because its callers have just contained a failure.
    """
    with suppress(Exception):
        logger.error("%s (%s)", what, outline_error(error))


class BugReports:
    """Reports bugs that may occur in every turn: at most `most` lines in `seconds`, then only their number.

    So the log stays short even if a table that all turns need is broken for a night. `clock` returns seconds.
    """

    def __init__(
        self,
        logger: logging.Logger,
        *,
        most: int = 20,
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._logger = logger
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._begun_at = -seconds
        self._told = 0
        self._left_out = 0

    def report(self, what: str, error: BaseException) -> None:
        """Report a bug as `report_bug` does, or count it. It never raises."""
        now = self._clock()
        if now - self._begun_at >= self._seconds:
            self._begun_at, self._told = now, 0
        if self._told >= self._most:
            self._left_out += 1
            return
        self._told += 1
        left_out, self._left_out = self._left_out, 0
        report_bug(self._logger, f"{what}, as did {left_out} more that were not logged" if left_out else what, error)


class RareLog:
    """Logs a line at most once in `seconds`, because trouble that lasts for hours is one problem."""

    def __init__(self, logger: logging.Logger, level: int, seconds: float) -> None:
        self._logger = logger
        self._level = level
        self._seconds = seconds
        self._logged_at = float("-inf")

    def log(self, line: str, *values: object) -> None:
        """Log a line, or drop it."""
        now = time.monotonic()
        if now - self._logged_at >= self._seconds:
            self._logged_at = now
            self._logger.log(self._level, line, *values)


def log_strays() -> None:
    """Log uncaught exceptions as `report_bug` does; Python would print their messages and all frames."""

    def excepthook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            report_bug(logging.getLogger(__name__), "stopped by a bug", error)

    def in_thread(stray: threading.ExceptHookArgs) -> None:
        if stray.exc_value is not None and not isinstance(stray.exc_value, SystemExit):
            report_bug(logging.getLogger(__name__), "a thread was stopped by a bug", stray.exc_value)

    def unraisable(stray: Any) -> None:
        if stray.exc_value is not None:
            report_bug(logging.getLogger(__name__), "an error could not be raised", stray.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = excepthook, in_thread, unraisable


def _walk_chain(error: BaseException) -> Iterator[str]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None:
        if id(following) in seen:
            yield "itself"
            return
        if len(seen) == _MOST_ERRORS:
            yield "more"
            return
        seen.add(id(following))
        yield _describe(following)
        following = _find_cause(following)


def _find_cause(error: BaseException) -> BaseException | None:
    cause: BaseException | None = _look_up(error, "__cause__")
    if cause is not None or _look_up(error, "__suppress_context__"):
        return cause
    context: BaseException | None = _look_up(error, "__context__")
    return context


def _look_up(error: BaseException, attribute: str) -> Any:
    """Read an attribute of `BaseException`, even if a subclass overrides it."""
    return BaseException.__dict__[attribute].__get__(error)


def _describe(error: BaseException) -> str:
    told = _name_kind(error)
    way = " < ".join(_walk_trace(_look_up(error, "__traceback__")))
    if way:
        told += f" in {way}"
    if issubclass(type(error), BaseExceptionGroup):  # `isinstance` would call code of the error's class
        members = BaseExceptionGroup.__dict__["exceptions"].__get__(error)
        told += f" of {len(members)}: " + ", ".join(_describe_member(member) for member in members[:_MOST_ERRORS])
    return told


def _describe_member(error: BaseException) -> str:
    """Describe a member of a group by its class and innermost call: groups may contain groups, without end."""
    innermost = next(_walk_trace(_look_up(error, "__traceback__")), None)
    return f"{_name_kind(error)} in {innermost}" if innermost else _name_kind(error)


def _name_kind(error: BaseException) -> str:
    name: str = type.__dict__["__name__"].__get__(type(error))
    return name[:_LONGEST_NAME]


def _walk_trace(trace: TracebackType | None) -> Iterator[str]:
    """Yield the last calls, innermost first, and the number of others."""
    innermost: deque[TracebackType] = deque(maxlen=_MOST_CALLS)
    depth = 0
    while trace is not None:
        innermost.append(trace)
        depth += 1
        trace = trace.tb_next
    for each in reversed(innermost):
        code = each.tb_frame.f_code
        yield f"{Path(code.co_filename).name[:_LONGEST_NAME]}:{each.tb_lineno} {code.co_name[:_LONGEST_NAME]}"
    if depth > _MOST_CALLS:
        yield f"{depth - _MOST_CALLS} more"


def _format_message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:  # the arguments do not match, or one of them cannot be formatted
        return f"(a log line that does not fit its arguments, {Path(record.pathname).name}:{record.lineno})"
    # asyncio reports a failed task in several lines: the first says what happened, the others quote the exception.
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _match_any(secrets: Iterable[str]) -> re.Pattern[str] | None:
    forms: set[str] = set()
    for secret in secrets:
        # A bot token is "<bot id>:<key>"; the key alone gives access as well.
        for part in (secret, secret.partition(":")[2]):
            if len(part) >= _SHORTEST_SECRET:
                forms |= {part, quote(part, safe=""), quote(part), repr(part)[1:-1]}
    if not forms:
        return None
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(re.escape(form) for form in longest_first), re.IGNORECASE)

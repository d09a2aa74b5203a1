"""Logging: one line a record to stderr, without a secret and without a person's words in it."""

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
"""Libraries that log addresses (the token is in them), parameters or rows below WARNING."""
_SHORTEST_SECRET: Final = 6
"""Anything shorter would be found in harmless words; a token, a password in a URL and a webhook secret are longer."""
_MOST_CALLS: Final = 12
"""Calls of a traceback that are told: an endless recursion has a thousand."""
_MOST_ERRORS: Final = 6
"""Exceptions of a chain or a group that are told."""
_LONGEST_NAME: Final = 80
_LONGEST_LINE: Final = 16_384
"""Characters of a line at most: a log grows by lines, not by megabytes."""


class _ToStderr(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """Our own handler, told apart from others' so that configuring twice does not log twice. It never raises."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line; what cannot be written is dropped. (The base class raises `RecursionError`.)"""
        with suppress(Exception):
            self.stream.write(self.format(record) + self.terminator)
            self.flush()


def configure_logging(level: str | int, secrets: Iterable[str] = ()) -> None:
    """Send everything at `level` and above to stderr, with each of `secrets` cut out wherever it turns up.

    May be called again (the settings are read after the first line is logged); the last call counts.
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
    """A record as one line. The line is redacted as a whole, so it does not matter by which way a secret came in.

    Exceptions are told by `outline`, never by their messages: a database quotes the row it refused, and Telegram
    quotes the text, so a message may hold a person's name.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%SZ")
        self.converter = time.gmtime
        self._secrets = _match_any(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Give the record's line, without line breaks and without secrets."""
        line = f"{self.formatTime(record, self.datefmt)} {record.levelname} {record.name}: {_tell(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" ({outline_error(record.exc_info[1])})"
        line = " ".join(line.splitlines())
        line = self._secrets.sub(REDACTED, line) if self._secrets else line
        return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} …"


def outline_error(error: BaseException) -> str:
    """Give an exception's kind, the way it came (innermost call first) and its cause, without its message.

    Never raises and never gets long: a chain may be endless or lead back to itself, and a class may be hostile.
    """
    try:
        return "; after ".join(_walk_chain(error))
    except Exception:  # of the error's own making; whoever reports it must not fail as well
        return "an exception that cannot be described"


def report_bug(logger: logging.Logger, what: str, error: BaseException) -> None:
    """Log that `what` went wrong by a mistake of ours: where, and by which kind of exception; never its message.

    Never raises: it is called where one mistake has just been kept from everybody else.
    """
    with suppress(Exception):
        logger.error("%s (%s)", what, outline_error(error))


class BugReports:
    """Reports what may fail for every person and every turn: at most `most` lines in `seconds`, then a number.

    So a table that all turns need may be broken for a night, and the log grows by lines. `clock` gives seconds.
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
        """Report a bug as `report_bug` does, or count it. Never raises."""
        now = self._clock()
        if now - self._begun_at >= self._seconds:
            self._begun_at, self._told = now, 0
        if self._told >= self._most:
            self._left_out += 1
            return
        self._told += 1
        left_out, self._left_out = self._left_out, 0
        report_bug(self._logger, f"{what}, as did {left_out} more that were not logged" if left_out else what, error)


def log_strays() -> None:
    """Log what nothing contains as `report_bug` does; Python itself would print the message and all frames."""

    def excepthook(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            report_bug(logging.getLogger(__name__), "stopped by a mistake of the bot's own", error)

    def in_thread(stray: threading.ExceptHookArgs) -> None:
        if stray.exc_value is not None and not isinstance(stray.exc_value, SystemExit):
            report_bug(logging.getLogger(__name__), "a thread ended by a mistake of the bot's own", stray.exc_value)

    def unraisable(stray: Any) -> None:
        if stray.exc_value is not None:
            report_bug(logging.getLogger(__name__), "a mistake that could not be raised", stray.exc_value)

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
    """What every exception has under a name, whatever a class of its own may have put in the place of it."""
    return BaseException.__dict__[attribute].__get__(error)


def _describe(error: BaseException) -> str:
    told = _name_kind(error)
    way = " < ".join(_walk_trace(_look_up(error, "__traceback__")))
    if way:
        told += f" in {way}"
    if issubclass(type(error), BaseExceptionGroup):  # `isinstance` would ask the error itself
        members = BaseExceptionGroup.__dict__["exceptions"].__get__(error)
        told += f" of {len(members)}: " + ", ".join(_describe_member(member) for member in members[:_MOST_ERRORS])
    return told


def _describe_member(error: BaseException) -> str:
    """A member of a group by its kind and its innermost call: groups may hold groups, without end."""
    innermost = next(_walk_trace(_look_up(error, "__traceback__")), None)
    return f"{_name_kind(error)} in {innermost}" if innermost else _name_kind(error)


def _name_kind(error: BaseException) -> str:
    name: str = type.__dict__["__name__"].__get__(type(error))
    return name[:_LONGEST_NAME]


def _walk_trace(trace: TracebackType | None) -> Iterator[str]:
    """The calls, innermost first: the last ones, and how many more there are."""
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


def _tell(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except Exception:  # the arguments do not fit, or one of them cannot even be written
        return f"(a log line that does not fit its arguments, {Path(record.pathname).name}:{record.lineno})"
    # asyncio reports a failed task over several lines: the first says what happened, the rest quotes the exception.
    return message.partition("\n")[0] if record.name == "asyncio" else message


def _match_any(secrets: Iterable[str]) -> re.Pattern[str] | None:
    forms: set[str] = set()
    for secret in secrets:
        # A bot token is "<bot id>:<key>"; the key alone opens the door as well.
        for part in (secret, secret.partition(":")[2]):
            if len(part) >= _SHORTEST_SECRET:
                forms |= {part, quote(part, safe=""), quote(part), repr(part)[1:-1]}
    if not forms:
        return None
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(re.escape(form) for form in longest_first), re.IGNORECASE)

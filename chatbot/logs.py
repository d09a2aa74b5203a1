"""Logging: one line a record to stderr, without a secret and without a person's words in it."""

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Final
from urllib.parse import quote

REDACTED: Final = "[secret]"
_CHATTY: Final = ("aiohttp", "aiosqlite", "asyncio", "httpcore", "httpx", "telegram")
"""Libraries that log addresses (the token is in them), parameters or rows below WARNING."""
_SHORTEST_SECRET: Final = 6
"""Anything shorter would be found in harmless words; a token, a password in a URL and a webhook secret are longer."""


class _ToStderr(logging.StreamHandler):  # type: ignore[type-arg]  # generic in the stubs only
    """Our own handler, told apart from others' so that configuring twice does not log twice."""


def configure(level: str | int, secrets: Iterable[str] = ()) -> None:
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
            line += f" ({outline(record.exc_info[1])})"
        line = " ".join(line.splitlines())
        return self._secrets.sub(REDACTED, line) if self._secrets else line


def outline(error: BaseException) -> str:
    """Give an exception's kind, the way it came (innermost call first) and its cause, without its message."""
    way = " < ".join(_walk(error.__traceback__))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = f"{type(error).__name__} in {way}" if way else type(error).__name__
    return f"{told}; after {outline(cause)}" if cause is not None else told


def report_bug(logger: logging.Logger, what: str, error: BaseException) -> None:
    """Log that `what` went wrong by a mistake of ours: where, and by which kind of exception; never its message."""
    logger.error("%s (%s)", what, outline(error))


def _walk(trace: TracebackType | None) -> list[str]:
    calls = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return calls[::-1]


def _tell(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except (TypeError, ValueError):
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

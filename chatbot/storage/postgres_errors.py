"""What asyncpg's errors mean to the rest of the house."""

from typing import Final

import asyncpg

from chatbot.storage.database import Conflict, DatabaseUnavailable, UnstorableValue

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or by code.
_UNAVAILABLE: Final = {
    "08": "cannot be reached",
    "25006": "may only be read",
    "25P03": "waited too long for this process",
    "28": "does not let us in",
    "3D": "does not exist",
    "53": "has no room or memory left",
    "55P03": "is locked",
    "57": "is going down, or was interrupted",
    "58": "cannot be read or written",
    "XX": "is damaged",
}
_UNSTORABLE: Final = ("22021", "22P05", "22003")
"""A NUL, a character the encoding has not, a number out of range."""


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the server undid the transaction only because of another one: a deadlock, a serialization failure."""
    return isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError)


def translated(error: Exception) -> Exception:
    """The error as the rest of the house knows it; a mistake in a statement stays what it is."""
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError):
        return UnstorableValue("a value that no column can hold")
    if not isinstance(error, asyncpg.PostgresError):
        if isinstance(error, OSError | TimeoutError | asyncpg.InterfaceError):
            return DatabaseUnavailable(f"the database cannot be reached ({type(error).__name__})")
        return error
    code = error.sqlstate or ""
    if code in _UNSTORABLE:
        return UnstorableValue("a value that no column can hold")
    if code.startswith("23"):
        # The server quotes the row in its detail, never in its message.
        return Conflict(str(error).splitlines()[0])
    if is_worth_repeating(error):
        return DatabaseUnavailable("the database was too busy")
    reason = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(code[:2])
    return DatabaseUnavailable(f"the database {reason} (code {code})") if reason else error

"""Translates asyncpg's errors into those of `database`."""

from typing import Final

import asyncpg

from chatbot.storage.engine.database import (
    ConflictError,
    DatabaseDamagedError,
    DatabaseUnavailableError,
    UnstorableValueError,
)

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
_DAMAGED: Final = ("XX001", "XX002")
"""A damaged table, a damaged index."""
_UNSTORABLE: Final = ("22021", "22P05", "22003")
"""A NUL, a character that the encoding lacks, a number out of range."""


BROKEN: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # Raised when the server closes the connection between two statements.
    asyncpg.InternalClientError,
)
"""Raised on a broken connection, beside the errors of the server."""
REPEATED: Final = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    # The schema changed: the next try prepares the statement for the new columns.
    asyncpg.InvalidCachedStatementError,
)
"""The server rolled the transaction back because of concurrent ones: it is worth another try."""


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the transaction is worth another try at once."""
    return isinstance(error, REPEATED)


def translated(error: Exception) -> Exception:
    """Translate an error of the engine; errors in a statement stay as they are."""
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError):
        return UnstorableValueError("a value that no column can hold")
    if not isinstance(error, asyncpg.PostgresError):
        if isinstance(error, BROKEN):
            return DatabaseUnavailableError(f"the database cannot be reached ({type(error).__name__})")
        return error
    code = error.sqlstate or ""
    if code in _UNSTORABLE:
        return UnstorableValueError("a value that no column can hold")
    if code.startswith("23"):
        # The server quotes the row in its detail, never in its message.
        return ConflictError(str(error).splitlines()[0])
    if is_worth_repeating(error):
        return DatabaseUnavailableError("the database was too busy")
    reason = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(code[:2])
    kind = DatabaseDamagedError if code in _DAMAGED else DatabaseUnavailableError
    return kind(f"the database {reason} (code {code})") if reason else error

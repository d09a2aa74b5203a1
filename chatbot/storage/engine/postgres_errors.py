"""What asyncpg's errors mean to the rest of the house."""

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
"""Of a table, or of an index."""
_UNSTORABLE: Final = ("22021", "22P05", "22003")
"""A NUL, a character the encoding has not, a number out of range."""


BROKEN: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # asyncpg's own confusion, when the server's last word came between two statements.
    asyncpg.InternalClientError,
)
"""What is raised on a connection that is good for nothing any more, beside what the server says."""
REPEATED: Final = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    # Somebody migrated, and what was prepared for the old columns is prepared anew for the next try.
    asyncpg.InvalidCachedStatementError,
)
"""The server undid the transaction only because of what others did meanwhile: begun anew, it may well succeed."""


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the transaction may be begun anew at once."""
    return isinstance(error, REPEATED)


def translated(error: Exception) -> Exception:
    """The error as the rest of the house knows it; a mistake in a statement stays what it is."""
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

"""Translates asyncpg's errors into those of `database`."""

import errno
import re
import socket
import ssl
from typing import Final

import asyncpg

from chatbot.storage.engine.database import (
    ConflictError,
    DatabaseDamagedError,
    DatabaseUnavailableError,
    UnstorableValueError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
)
from chatbot.storage.engine.postgres.pooler import explain

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or by code.
_UNAVAILABLE: Final = {
    "08": "cannot be reached",
    "25006": "may only be read",
    "25P03": "waited too long for this process",
    "28": "does not let us in",
    "3D": "does not exist",
    "42501": "does not let its user do that: ALTER DATABASE … OWNER TO … gives the rights",
    "53300": "has no free connection",
    "53": "has no room or memory left",
    "55P03": "is locked",
    "57P03": "is starting or going down",
    "57": "is going down, or was interrupted",
    "58": "cannot be read or written",
    "XX": "reports an internal error",
    "XX001": "is damaged",
    "XX002": "is damaged",
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


_CITED: Final = 160
"""Characters of the server's own words that are shown."""


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the transaction is worth another try at once."""
    return isinstance(error, REPEATED)


def translated(error: Exception) -> Exception:
    """Translate an error of the engine; errors in a statement stay as they are."""
    if isinstance(error, asyncpg.DataError | UnicodeEncodeError | OverflowError):
        return UnstorableValueError("a value that no column can hold")
    if not isinstance(error, asyncpg.PostgresError):
        if isinstance(error, BROKEN):
            return DatabaseUnavailableError(f"the database cannot be reached ({_explain_failure(error)})")
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


def refused(error: BaseException, url: str) -> Exception:
    """Explain why the first connection failed, also in the server's words: nobody's data can be in them yet."""
    if isinstance(error, UnsupportedDatabaseError | UnusableDatabaseError):
        return error
    if isinstance(error, asyncpg.ClientConfigurationError):
        return UnsupportedDatabaseError(_cite(error))
    if not isinstance(error, asyncpg.PostgresError):
        if isinstance(error, BROKEN):
            return DatabaseUnavailableError(f"the database cannot be reached ({_explain_failure(error)})")
        return UnsupportedDatabaseError("the address of the PostgreSQL server cannot be read")
    code, told = error.sqlstate or "", _cite(error)
    if unknown := re.search(r"unrecognized configuration parameter \"([\w.]+)\"", told):
        return UnsupportedDatabaseError(f"leave out “{unknown[1]}” in the address: the server knows no such setting")
    if re.search(r"startup parameter|prepared statement|pooling mode", told):
        return UnusableDatabaseError(f"{explain(url)} (it says: {told})")
    reason = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(code[:2]) or "refuses the connection"
    if code == "XX000" or code.startswith("08"):
        reason = "refuses the connection"
    return DatabaseUnavailableError(f"the database {reason} (it says: {told}; code {code})")


def _cite(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "nothing")[:_CITED]


def _explain_failure(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return "nobody knows its host name; is there an @, / or # in the password that is not written with %?"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate is not trusted here: name the file of its CA with sslrootcert="
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return "it has no TLS: leave out sslmode"
    if isinstance(error, ConnectionRefusedError) or (
        isinstance(error, OSError) and f"[Errno {errno.ECONNREFUSED}]" in str(error)
    ):
        return "nothing answers at its host and port"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return type(error).__name__

"""Translates asyncpg's errors into those of `database`."""

import errno
import re
import socket
import ssl
from typing import Final

import asyncpg

from chatbot.problem import Problem
from chatbot.storage.engine.database import (
    ConflictError,
    DatabaseDamagedError,
    DatabaseUnavailableError,
    UnstorableValueError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
)
from chatbot.storage.engine.postgres.pooler import POOLER, explain

# https://www.postgresql.org/docs/current/errcodes-appendix.html, by class or by code.
_UNAVAILABLE: Final = {
    "08": Problem("the database cannot be reached"),
    "25006": Problem("the database may only be read"),
    "25P03": Problem("the database waited too long for this process"),
    "26000": POOLER,  # it has prepared the statement in another session
    "28": Problem("the database does not let us in"),
    "3D": Problem("the database does not exist"),
    "42501": Problem("the database does not let its user do that: ALTER DATABASE … OWNER TO … gives the rights"),
    "53300": Problem("the database has no free connection"),
    "53": Problem("the database has no room or memory left"),
    "55P03": Problem("the database is locked"),
    "57P03": Problem("the database is starting or going down"),
    "57": Problem("the database is going down, or was interrupted"),
    "58": Problem("the database cannot be read or written"),
    "XX": Problem("the database reports an internal error"),
    "XX001": Problem("the database is damaged"),
    "XX002": Problem("the database is damaged"),
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
            return DatabaseUnavailableError(_add(_UNAVAILABLE["08"], _explain_failure(error)))
        return error
    code = error.sqlstate or ""
    if code in _UNSTORABLE:
        return UnstorableValueError("a value that no column can hold")
    if code.startswith("23"):
        # The server quotes the row in its detail, never in its message.
        return ConflictError(str(error).splitlines()[0])
    if is_worth_repeating(error):
        return DatabaseUnavailableError(Problem("the database was too busy"))
    problem = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(code[:2])
    kind = DatabaseDamagedError if code in _DAMAGED else DatabaseUnavailableError
    return kind(_add(problem, Problem("code {code}", code=code))) if problem else error


def refused(error: BaseException, url: str) -> Exception:
    """Explain why the first connection failed, also in the server's words: nobody's data can be in them yet."""
    if isinstance(error, UnsupportedDatabaseError | UnusableDatabaseError):
        return error
    if isinstance(error, asyncpg.ClientConfigurationError):
        return UnsupportedDatabaseError(Problem.quote(_cite(error)))
    if not isinstance(error, asyncpg.PostgresError):
        if isinstance(error, BROKEN):
            return DatabaseUnavailableError(_add(_UNAVAILABLE["08"], _explain_failure(error)))
        return UnsupportedDatabaseError(Problem("the address of the PostgreSQL server cannot be read"))
    code, told = error.sqlstate or "", _cite(error)
    if unknown := re.search(r"unrecognized configuration parameter \"([\w.]+)\"", told):
        problem = Problem("leave out “{name}” in the address: the server knows no such setting", name=unknown[1])
        return UnsupportedDatabaseError(problem)
    if re.search(r"startup parameter|prepared statement|pooling mode", told):
        return UnusableDatabaseError(_add(explain(url), Problem("it says: {told}", told=told)))
    refusal = _UNAVAILABLE.get(code) or _UNAVAILABLE.get(code[:2])
    if refusal is None or code == "XX000" or code.startswith("08"):
        refusal = Problem("the database refuses the connection")
    return DatabaseUnavailableError(_add(refusal, Problem("it says: {told}; code {code}", told=told, code=code)))


def _add(problem: Problem, said: str) -> Problem:
    return Problem("{problem} ({said})", problem=problem, said=said)


def _cite(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "nothing")[:_CITED]


def _explain_failure(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return Problem("nobody knows its host name; is there an @, / or # in the password that is not written with %?")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Problem("its certificate is not trusted here: name the file of its CA with sslrootcert=")
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return Problem("it has no TLS: leave out sslmode")
    if isinstance(error, ConnectionRefusedError) or (
        isinstance(error, OSError) and f"[Errno {errno.ECONNREFUSED}]" in str(error)
    ):
        return Problem("nothing answers at its host and port")
    if isinstance(error, TimeoutError):
        return Problem("no answer in time")
    return type(error).__name__

"""Rewriting the tables of the server, so that no copy of an erased row is left in its files.

VACUUM makes the place of a deleted row free for others and leaves its bytes there. VACUUM FULL writes every row that is
still there into a new file. The server's own log (WAL) keeps what it holds until the server recycles it.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import asyncpg

from chatbot.storage.engine.postgres_errors import BROKEN

_PATIENCE: Final = 5.0
"""Seconds to wait for a connection."""
_LOCK: Final = "2s"
"""How long a table is waited for: whoever comes to it meanwhile waits behind us."""
_TRIES: Final = 3
_AGAIN: Final = 20.0
"""Seconds until a table that somebody reads all the time is tried again."""
_TABLES: Final = (
    "SELECT quote_ident(tablename) AS name FROM pg_tables "
    "WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY tablename"
)


async def rewrite_tables(url: str, session: Mapping[str, str]) -> bool:
    """Rewrite every table that is ours, one after the other; False where one was in use all the time, or it failed."""
    try:
        connection = await asyncpg.connect(url, timeout=_PATIENCE, server_settings={**session, "lock_timeout": _LOCK})
    except (asyncpg.PostgresError, asyncpg.InterfaceError, *BROKEN):
        return False
    try:
        # The names are the server's own, quoted by it.
        results = [await _retry(connection, row["name"]) for row in await connection.fetch(_TABLES)]
    except (asyncpg.PostgresError, asyncpg.InterfaceError, *BROKEN):
        return False
    finally:
        connection.terminate()
    return all(results)


async def _retry(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> bool:
    for tries in range(_TRIES):
        if tries:
            await asyncio.sleep(_AGAIN)
        try:
            await connection.execute(f"VACUUM (FULL) {table}")
        except asyncpg.LockNotAvailableError:
            continue
        return True
    return False

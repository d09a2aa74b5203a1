"""Rewrites the tables on the server, so that its files keep no copy of an erased row.

VACUUM frees the space of a deleted row and leaves its bytes there. VACUUM FULL writes the remaining rows into a new
file. The server's log (WAL) keeps its copies until the server recycles it.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

import asyncpg

from chatbot.storage.engine.postgres.address import ServerAddress
from chatbot.storage.engine.postgres.errors import BROKEN

_PATIENCE: Final = 5.0
"""Seconds to wait for a connection."""
_LOCK: Final = "2s"
"""How long to wait for a table: others queue behind this lock meanwhile."""
_TRIES: Final = 3
_AGAIN: Final = 20.0
"""Seconds until a table that is in use is tried again."""
_TABLES: Final = (
    "SELECT quote_ident(tablename) AS name FROM pg_tables "
    "WHERE schemaname = current_schema() AND tableowner = current_user ORDER BY tablename"
)


async def rewrite_tables(address: ServerAddress, session: Mapping[str, str]) -> bool:
    """Rewrite every table of this user, one by one. False if one stayed in use, or on an error."""
    try:
        connection = await asyncpg.connect(
            timeout=_PATIENCE, server_settings={**session, "lock_timeout": _LOCK}, **address.connecting()
        )
    except (asyncpg.PostgresError, asyncpg.InterfaceError, *BROKEN):
        return False
    try:
        # The names come from the server, quoted.
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

"""Finds out whether a connection pooler in transaction mode answers at the address.

Such a pooler gives each transaction another session of the server. The bot's locks belong to a session: two workers
would hold the same lock, and send the same broadcast.
"""

from typing import Final

import asyncpg

from chatbot.problem import Problem
from chatbot.storage.engine.database import UnusableDatabaseError

POOLER: Final = Problem(
    "a connection pooler in transaction mode answers at this address, and the bot's locks need a session of their own: "
    "give the server's own address, or that of a pooler in session mode"
)
_OF_HOSTS: Final = (
    (".pooler.supabase.", Problem("on Supabase, the same address with port 5432 (session pooler)")),
    ("-pooler.", Problem("on Neon, the same address without “-pooler”")),
)
"""How hosts name their poolers, and where they offer what the bot needs."""
_SESSION_OF_SERVER: Final = "SELECT pg_backend_pid()"


def explain(url: str) -> Problem:
    """Say what is wrong with the address, and which one to take."""
    host = url.rpartition("@")[2]
    where = next((told for part, told in _OF_HOSTS if part in host), None)
    return Problem("{problem} ({said})", problem=POOLER, said=where) if where else POOLER


async def refuse_pooler(pool: "asyncpg.Pool[asyncpg.Record]", url: str) -> None:
    """Raise `UnusableDatabaseError` unless two connections are two sessions of the server, and stay so.

    Asked one after the other while both are open, a pooler in transaction mode gives both the session that has just
    become free, or one of them another session than before. Each is asked twice in a row, and then in turns, because
    a pooler with two sessions may alternate between them.
    """
    async with pool.acquire() as one, pool.acquire() as other:
        asked = (one, one, other, other, one, other)
        sessions = {(connection is one, await _ask(connection)) for connection in asked}
    if len(sessions) != 2 or len({session for _, session in sessions}) != 2:
        raise UnusableDatabaseError(explain(url))


async def _ask(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> int:
    session: int = await connection.fetchval(_SESSION_OF_SERVER)
    return session

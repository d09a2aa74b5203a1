"""One transaction on a PostgreSQL server, and SQL with numbered parameters."""

import re
from functools import lru_cache
from typing import Any, Final

import asyncpg

from chatbot.storage.engine.database import Row, Value, find_cause
from chatbot.storage.engine.postgres.errors import BROKEN, is_worth_repeating, translated

PATIENCE: Final = 5.0
"""Seconds to wait for a connection, a lock or an answer before giving up."""
_PIECES: Final = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|::|:(?P<name>[a-z_]+)")


class PostgresTransaction:
    """The `Transaction` a work sees."""

    def __init__(
        self,
        connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]",
        patience: float | None = PATIENCE,
    ) -> None:
        self._connection = connection
        self._patience = patience
        self.failure: Exception | None = None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """See `Transaction.all`."""
        rows: list[Row] = await self._carry_out(self._connection.fetch, sql, values)
        return rows

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """See `Transaction.one`."""
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **values: Value) -> int:
        """See `Transaction.run`."""
        status: str = await self._carry_out(self._connection.execute, sql, values)
        count = status.rpartition(" ")[2]  # "INSERT 0 1", "UPDATE 3", "CREATE TABLE"
        return int(count) if count.isdecimal() else 0

    async def _carry_out(self, call: Any, sql: str, values: dict[str, Value]) -> Any:
        if self.failure is not None:
            raise self.failure
        text, names = number_parameters(sql)
        try:
            return await call(text, *(values[name] for name in names), timeout=self._patience)
        except asyncpg.PostgresError as error:
            # Stored, so that the work cannot swallow it; not translated if the transaction is worth another try.
            self.failure = error if is_worth_repeating(error) else translated(error)
            raise self.failure from find_cause(self.failure, error)
        except (ValueError, OverflowError, *BROKEN) as error:
            self.failure = translated(error)
            raise self.failure from find_cause(self.failure, error)


@lru_cache(maxsize=1024)
def number_parameters(sql: str) -> tuple[str, tuple[str, ...]]:
    """Replace `:name` by `$1` in `sql`; returns it with the names in the order of their numbers. Quoted text stays.

    A statement that runs without one of its parameters raises `KeyError`.
    """
    names: list[str] = []

    def number(piece: re.Match[str]) -> str:
        name = piece["name"]
        if name is None:
            return piece[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PIECES.sub(number, sql), tuple(names)

"""Marks a restored PostgreSQL database in which broadcasts that were under way have not been stopped yet.

The archive may have an older schema, so they are stopped after it was migrated, in a second transaction. The mark is a
comment on a table, which is written in the transaction that restores, and which every start looks for.
"""

from datetime import datetime
from typing import Final

from chatbot.storage.admin.restore import stop_what_was_under_way
from chatbot.storage.engine.database import Database, Transaction

_MARK: Final = "restored, not yet stopped: "
_FIND: Final = "SELECT obj_description(to_regclass('migrations'), 'pg_class') AS mark"
_REMOVE: Final = "COMMENT ON TABLE migrations IS NULL"


def write_mark(last_used_at: str) -> str:
    """Return the statements that leave the mark, for the end of a script of `pg_restore`."""
    mark = (_MARK + last_used_at).replace("'", "''")
    return f"RESET search_path;\nCOMMENT ON TABLE migrations IS '{mark}';\n"


async def finish_restore(database: Database, now: datetime) -> None:
    """Stop what was under way in a restored database on a server, unless that is done."""
    if await database.transact(_find) is not None:
        await database.transact_exclusive(_finish, now)


async def _find(tx: Transaction) -> str | None:
    row = await tx.one(_FIND)
    mark = row["mark"] if row else None
    return mark.removeprefix(_MARK) if isinstance(mark, str) and mark.startswith(_MARK) else None


async def _finish(tx: Transaction, now: datetime) -> None:
    last_used_at = await _find(tx)
    if last_used_at is not None:  # else another process did it
        await stop_what_was_under_way(tx, last_used_at, now)
        await tx.run(_REMOVE)

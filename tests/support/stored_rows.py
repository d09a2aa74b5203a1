"""Reads every row of every table, for tests that check what must be there, or must not."""

from chatbot.storage import Transaction
from chatbot.storage.privacy.tables import TABLES


async def read_rows(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
    """Return the values of all rows, by table, ordered by key."""
    return {
        name: [
            tuple(dict(row).values()) for row in await tx.all(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}")
        ]
        for name, table in TABLES.items()
    }

"""Every row of every table, for tests that look for what must be there, or must not."""

from chatbot.storage import Transaction
from chatbot.storage.privacy.tables import TABLES


async def read_rows(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
    """The values of all rows, by table, in the order of the key."""
    return {
        name: [
            tuple(dict(row).values()) for row in await tx.all(f"SELECT * FROM {name} ORDER BY {', '.join(table.key)}")
        ]
        for name, table in TABLES.items()
    }

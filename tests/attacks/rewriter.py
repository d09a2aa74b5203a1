"""Process that rewrites a file repeatedly until it is killed: `python -m tests.attacks.rewriter FILE`."""

import asyncio
import sys

from chatbot.storage import Transaction, open_database


async def rewrite(path: str) -> None:
    """Print "ready", then change a row and rewrite the file, again and again."""
    database = await open_database(f"sqlite:///{path}")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        await database.transact(_change)
        assert await database.rewrite()


async def _change(tx: Transaction) -> None:
    await tx.run("UPDATE counters SET value = value WHERE name = 'numbers'")


if __name__ == "__main__":
    asyncio.run(rewrite(sys.argv[1]))

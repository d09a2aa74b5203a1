"""What was made once, and is the same for every process from then on."""

from typing import Final

from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="app_state", key=("name",))


async def keep(tx: Transaction, name: str, value: str) -> str:
    """Keep `value` under `name` if nothing is kept there yet; returns what is kept."""
    await tx.run(
        "INSERT INTO app_state (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
        name=name,
        value=value,
    )
    row = await tx.one("SELECT value FROM app_state WHERE name = :name", name=name)
    assert row is not None  # it is there by now, ours or another's
    kept: str = row["value"]
    return kept


async def find(tx: Transaction, name: str) -> str | None:
    """What is kept under `name`; None if nothing is."""
    row = await tx.one("SELECT value FROM app_state WHERE name = :name", name=name)
    return row["value"] if row else None


async def replace(tx: Transaction, name: str, value: str) -> None:
    """Keep `value` under `name`, whatever was kept there."""
    await tx.run(
        "INSERT INTO app_state (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


async def exchange(tx: Transaction, name: str, old: str, new: str) -> bool:
    """Keep `new` in place of `old`; False where something else is kept by now, or nothing."""
    return bool(
        await tx.run(
            "UPDATE app_state SET value = :new WHERE name = :name AND value = :old", name=name, old=old, new=new
        )
    )


async def drop(tx: Transaction, name: str) -> bool:
    """Keep nothing under `name` any more. False when nothing was."""
    return bool(await tx.run("DELETE FROM app_state WHERE name = :name", name=name))

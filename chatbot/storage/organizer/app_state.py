"""Key/value state that all processes of an installation share."""

from typing import Final

from chatbot.storage.engine.database import StoredTable, Transaction

TABLE: Final = StoredTable(name="app_state", key=("name",))
BACKUP_MADE_AT: Final = "backup_made_at"
"""When the bot last made a backup."""


async def store_once(tx: Transaction, name: str, value: str) -> str:
    """Store `value` under `name` unless something is stored there; returns what is stored."""
    await tx.run(
        "INSERT INTO app_state (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
        name=name,
        value=value,
    )
    row = await tx.one("SELECT value FROM app_state WHERE name = :name", name=name)
    assert row is not None  # stored just now, or before
    stored: str = row["value"]
    return stored


async def find(tx: Transaction, name: str) -> str | None:
    """Return the value stored under `name`; None if there is none."""
    row = await tx.one("SELECT value FROM app_state WHERE name = :name", name=name)
    return row["value"] if row else None


async def replace(tx: Transaction, name: str, value: str) -> None:
    """Store `value` under `name`, whatever was stored there."""
    await tx.run(
        "INSERT INTO app_state (name, value) VALUES (:name, :value) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


async def compare_and_set(tx: Transaction, name: str, old: str, new: str) -> bool:
    """Replace `old` by `new`. False if something else is stored by now, or nothing."""
    return bool(
        await tx.run(
            "UPDATE app_state SET value = :new WHERE name = :name AND value = :old", name=name, old=old, new=new
        )
    )


async def drop(tx: Transaction, name: str) -> bool:
    """Delete the value stored under `name`. False if there was none."""
    return bool(await tx.run("DELETE FROM app_state WHERE name = :name", name=name))


async def drop_value(tx: Transaction, name: str, value: str) -> bool:
    """Delete this very value stored under `name`. False if something else is stored by now, or nothing."""
    return bool(await tx.run("DELETE FROM app_state WHERE name = :name AND value = :value", name=name, value=value))

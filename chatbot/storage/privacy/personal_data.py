"""Everything that is stored about a person, row by row, for them to read."""

from typing import Final

from chatbot.storage.engine.database import Row, Transaction
from chatbot.storage.people.sources import SHARED
from chatbot.storage.privacy.tables import TABLES, list_columns

JOB: Final = "about_me"
"""The kind of job that sends it to them as a file."""
NOT_MADE: Final = "about_me_not_made"
"""The kind of job that tells them that the file could not be made."""
SECRET: Final = ("hash", "code", "set_aside_id", "generation", "counted_for_friend")
"""Left out: secrets, whether a signature is set aside, which would help people who flood the petition, and what depends
on whether the friend who shared the petition is known to the bot or has signed."""

PersonalData = dict[str, list[dict[str, str | int | None]]]


async def gather(tx: Transaction, person_id: int) -> PersonalData:
    """Return the rows about a person, by table; tables without any are left out."""
    kept: PersonalData = {}
    for table in TABLES.values():
        # A member who invited another appears in the row about the other.
        where = " OR ".join(f"{column} = :id" for column in table.person or table.member)
        if where and (rows := await tx.all(f"SELECT * FROM {table.name} WHERE {where}", id=person_id)):  # noqa: S608 - our own names
            names = [name for name in list_columns()[table.name] if name not in SECRET]
            kept[table.name] = [{name: _read(row, name) for name in names} for row in rows]
    return kept


def _read(row: Row, name: str) -> str | int | None:
    """Read a value. Of a friend's link, only that it was one: its code is stored while the bot knows the friend."""
    value: str | int | None = row[name]
    return SHARED if name == "source" and isinstance(value, str) and value.startswith(SHARED) else value


async def is_under_way(tx: Transaction, person_id: int) -> bool:
    """Whether a file is being made for them already."""
    return bool(
        await tx.one("SELECT 1 AS found FROM jobs WHERE chat_id = :id AND kind = :kind", id=person_id, kind=JOB)
    )

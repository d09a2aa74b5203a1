"""Hashes of names, and numbers of single signatures, in signals and set-asides. They are erased with the signature."""

from typing import Final

import orjson

from chatbot.petition.review.filter import hash_name
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.storage.engine.database import Transaction

_NAMED: Final = '%"name":%'


async def forget(tx: Transaction, name: str) -> None:
    """Remove the hash of this name from set-asides that have ended.

    Running ones stay: one person of many with a name must not stop the work on the others. Signals are about ten or
    more people, and are deleted after a week.
    """
    if name and not is_sealed(name):
        hashed = hash_name(name)
        # An unanswered request can be made again.
        await tx.run(
            "DELETE FROM set_asides WHERE state IN ('asked', 'counted') AND conditions LIKE :holding",
            holding=f"%{hashed}%",
        )
        await tx.run(
            "UPDATE set_asides SET conditions = replace(conditions, :hashed, '') "
            "WHERE state IN ('done', 'cancelled', 'restored') AND conditions LIKE :holding",
            hashed=hashed,
            holding=f"%{hashed}%",
        )


async def forget_number(tx: Transaction, number: int) -> None:
    """Remove the number of a withdrawn signature from set-asides."""
    written = orjson.dumps({"number": number}).decode()
    await tx.run(
        "DELETE FROM set_asides WHERE state IN ('asked', 'counted') AND conditions = :written", written=written
    )
    await tx.run(
        "UPDATE set_asides SET conditions = :nothing WHERE conditions = :written",
        nothing=orjson.dumps({"number": 0}).decode(),
        written=written,
    )
    await tx.run("UPDATE set_asides SET example = NULL WHERE example = :number", number=number)


async def forget_all(tx: Transaction) -> None:
    """Remove the hashes of all names."""
    await tx.run("DELETE FROM signals WHERE kind = 'name'")
    await tx.run(
        "DELETE FROM set_asides WHERE state IN ('asked', 'counted') AND conditions LIKE :holding", holding=_NAMED
    )
    for row in await tx.all("SELECT id, conditions FROM set_asides WHERE conditions LIKE :holding", holding=_NAMED):
        # A hash that matches no name. Without the condition, the filter would match all other people.
        conditions = orjson.dumps(orjson.loads(row["conditions"]) | {"name": ""}).decode()
        await tx.run(
            "UPDATE set_asides SET conditions = :conditions WHERE id = :id", conditions=conditions, id=row["id"]
        )

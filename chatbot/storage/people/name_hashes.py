"""What is kept of a name that many have in common: a hash, in signals and set-asides. It goes with the name."""

from typing import Final

import orjson

from chatbot.petition.review.filter import hash_name
from chatbot.petition.sealing.envelope import is_sealed
from chatbot.storage.engine.database import Transaction

_NAMED: Final = '%"name":%'


async def forget(tx: Transaction, name: str) -> None:
    """Let what was set aside lead to this name no more.

    Only where it has ended: one of many with a name must not stop what is under way about the others. Signals, which
    are about ten people and more, go after a week by themselves.
    """
    if name and not is_sealed(name):
        hashed = hash_name(name)
        # A question that nobody answered is asked anew.
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


async def forget_all(tx: Transaction) -> None:
    """Let nothing lead to any name."""
    await tx.run("DELETE FROM signals WHERE kind = 'name'")
    await tx.run(
        "DELETE FROM set_asides WHERE state IN ('asked', 'counted') AND conditions LIKE :holding", holding=_NAMED
    )
    for row in await tx.all("SELECT id, conditions FROM set_asides WHERE conditions LIKE :holding", holding=_NAMED):
        # The name of nobody, and not no name: without that condition everybody else would be meant.
        conditions = orjson.dumps(orjson.loads(row["conditions"]) | {"name": ""}).decode()
        await tx.run(
            "UPDATE set_asides SET conditions = :conditions WHERE id = :id", conditions=conditions, id=row["id"]
        )

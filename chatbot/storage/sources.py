"""What brought those who sign: the deep links that are counted one by one, and what all the others count as.

A deep link carries anybody's text, and everybody has a share link of their own. So friends' links count together, and
of the others only so many as `MOST` have a counter of their own.
"""

from datetime import datetime
from typing import Final

from chatbot.storage import moments
from chatbot.storage.database import Transaction

DIRECT: Final = "+direct"
FRIENDS: Final = "+friends"
OTHER: Final = "+other"
MOST: Final = 200
SHARED: Final = "s-"
"""How the payload of everybody's share link begins."""


async def count_as(tx: Transaction, source: str | None, now: datetime) -> str:
    """The source under which a signature counts: a named one gets its counter while there are less than `MOST`.

    It is asked after the signature's number was given: on PostgreSQL nobody else asks meanwhile.
    """
    if source is None:
        return DIRECT
    if source.startswith(SHARED):
        return FRIENDS
    if await tx.one("SELECT 1 AS known FROM sources WHERE name = :name", name=source):
        return source
    admitted = await tx.run(
        "INSERT INTO sources (name, admitted_at) SELECT :name, :now WHERE (SELECT count(*) FROM sources) < :most",
        name=source,
        now=moments.to_text(now),
        most=MOST,
    )
    return source if admitted else OTHER

"""Subscribes people and makes broadcasts, for all tests."""

from collections.abc import Iterable
from datetime import datetime

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastKind, Tally
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import audience as gathering
from chatbot.storage.broadcasts import broadcasts, drafts, lifecycle
from chatbot.storage.people import subscriptions, supporters
from tests.support.campaigns import BUNDLED
from tests.support.cast import YUNA
from tests.support.signers import add_signer


async def subscribe(
    tx: Transaction, ids: Iterable[int], now: datetime, language: Language = "ko", country: str | None = None
) -> None:
    """Meet and subscribe these people; with a `country` they sign first."""
    for each in ids:
        if country:
            await add_signer(tx, each, country=country, language=language, appeal_version="x", first_number=1, now=now)
        else:
            await supporters.meet(tx, each, language=language, now=now)
        await subscriptions.subscribe(tx, each, language, now)


async def draft(
    tx: Transaction, now: datetime, *, kind: BroadcastKind = "update", of: Broadcast | None = None, **words: str
) -> Broadcast:
    """Create a draft of 유나's with these posts, by language."""
    begun = await drafts.create(tx, YUNA, now, kind=kind, of=of)
    for language, text in words.items():
        assert await drafts.write_post(tx, begun.id, language, Post(Markup(text)))
    return await broadcasts.get(tx, begun.id)


async def start(tx: Transaction, broadcast: Broadcast, now: datetime) -> Broadcast:
    assert await lifecycle.start(tx, broadcast.id, broadcast.revision, YUNA, now)
    return await broadcasts.get(tx, broadcast.id)


async def gather_all(
    tx: Transaction, broadcast: Broadcast, now: datetime, batch: int = 1000, *, campaign: Campaign = BUNDLED
) -> Broadcast:
    while not await gathering.gather(tx, broadcast, campaign, batch, now):
        pass
    return await broadcasts.get(tx, broadcast.id)


async def states(tx: Transaction, broadcast_id: int) -> dict[int, str]:
    """Return everybody's delivery."""
    rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
    return {row["supporter_id"]: row["state"] for row in rows}


async def recount(tx: Transaction, broadcast_id: int) -> Tally:
    """Count the deliveries row by row, as the stored counts should be."""
    rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast_id)
    audience: dict[Language, int] = {}
    outcomes: dict[tuple[Language, str, str], int] = {}
    for row in rows:
        audience[row["language"]] = audience.get(row["language"], 0) + 1
        if row["state"] not in ("waiting", "sending"):
            key = (row["language"], row["state"], row["reason"] or "")
            outcomes[key] = outcomes.get(key, 0) + 1
    return Tally(audience, outcomes)

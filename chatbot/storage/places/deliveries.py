"""Ledger of what places get: like that of people, a row is committed as `sending` before the call to Telegram.

One worker at a time sends to places, one after the other. A place that was paused or unlinked, or that took away the
right to post, is left out with the reason. Corrections and recalls go wherever the message is.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from chatbot.petition.broadcasts.broadcast import BroadcastKind
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery, PlaceDeliveryState
from chatbot.petition.languages import Language
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.places import places

TABLE: Final = StoredTable(name="place_deliveries", key=("broadcast_id", "code"), parents=("broadcasts",))


async def read(tx: Transaction, broadcast_id: int) -> tuple[PlaceDelivery, ...]:
    """Return what became of a broadcast in each place."""
    rows = await tx.all("SELECT * FROM place_deliveries WHERE broadcast_id = :id ORDER BY title, code", id=broadcast_id)
    return tuple(_read(row) for row in rows)


async def foresee(tx: Transaction, codes: Iterable[str]) -> tuple[PlaceDelivery, ...]:
    """Return what would become of a broadcast in these places, as they are now."""
    found = [place for code in codes if (place := await places.find(tx, code))]
    planned = (
        PlaceDelivery(each.code, each.title, each.language, "skipped" if why else "waiting", why)
        for each in found
        for why in [find_skip_reason(each)]
    )
    return tuple(sorted(planned, key=lambda each: (each.title, each.code)))


def find_skip_reason(place: Place) -> str:
    """Return why a place is skipped; empty if it is not."""
    if not place.is_linked:
        return "unlinked"
    if place.is_paused:
        return "paused"
    return "" if place.takes_posts else place.trouble or ""


async def gather(tx: Transaction, broadcast_id: int, codes: Iterable[str]) -> None:
    """Write the deliveries of a new broadcast to these places."""
    for each in await foresee(tx, codes):
        await tx.run(
            "INSERT INTO place_deliveries (broadcast_id, code, title, language, state, reason) "
            "VALUES (:id, :code, :title, :language, :state, :reason) ON CONFLICT (broadcast_id, code) DO NOTHING",
            id=broadcast_id,
            code=each.code,
            title=each.title,
            language=each.language,
            state=each.state,
            reason=each.reason or None,
        )


async def gather_holders(
    tx: Transaction, broadcast_id: int, of_id: int, languages: Collection[Language] | None
) -> None:
    """Write the deliveries of a correction or recall to the places that have the message `of_id`.

    `languages` are those of the corrected posts; None for all.
    """
    for each in await read(tx, of_id):
        if each.message_id is None or (languages is not None and each.language not in languages):
            continue
        await tx.run(
            "INSERT INTO place_deliveries (broadcast_id, code, title, language, state, chat, message_id) "
            "VALUES (:id, :code, :title, :language, 'waiting', :chat_id, :message_id) "
            "ON CONFLICT (broadcast_id, code) DO NOTHING",
            id=broadcast_id,
            code=each.code,
            title=each.title,
            language=each.language,
            chat_id=each.chat_id,
            message_id=each.message_id,
        )


async def find_claimed(tx: Transaction, claim: str) -> tuple[int, str] | None:
    """Return the broadcast and the place of a claim that was made, although its answer was lost."""
    row = await tx.one(
        "SELECT broadcast_id, code FROM place_deliveries WHERE claim = :claim AND state = 'sending'", claim=claim
    )
    return (row["broadcast_id"], row["code"]) if row else None


async def take(
    tx: Transaction, broadcast_id: int, delivery: PlaceDelivery, chat_id: int, language: Language, claim: str
) -> bool:
    """Claim a waiting delivery; False if it does not wait any more."""
    changed = await tx.run(
        "UPDATE place_deliveries SET state = 'sending', reason = NULL, claim = :claim, chat = :chat_id, "
        "language = :language WHERE broadcast_id = :id AND code = :code AND state = 'waiting'",
        id=broadcast_id,
        code=delivery.code,
        claim=claim,
        chat_id=chat_id,
        language=language,
    )
    return changed == 1


async def leave_out(tx: Transaction, broadcast_id: int, code: str, reason: str) -> None:
    """Leave a place out whose delivery waits."""
    await tx.run(
        "UPDATE place_deliveries SET state = 'skipped', reason = :reason "
        "WHERE broadcast_id = :id AND code = :code AND state = 'waiting'",
        id=broadcast_id,
        code=code,
        reason=reason,
    )


async def record(
    tx: Transaction,
    broadcast_id: int,
    code: str,
    claim: str,
    state: PlaceDeliveryState,
    reason: str = "",
    message_id: int | None = None,
) -> bool:
    """Record the outcome of a claimed delivery. False if another worker has settled it: this one lost its lock."""
    changed = await tx.run(
        "UPDATE place_deliveries SET state = :state, reason = :reason, claim = NULL, "
        "message_id = coalesce(:message_id, message_id) "
        "WHERE broadcast_id = :id AND code = :code AND state = 'sending' AND claim = :claim",
        id=broadcast_id,
        code=code,
        claim=claim,
        state=state,
        reason=reason or None,
        message_id=message_id,
    )
    return changed == 1


async def settle(tx: Transaction, broadcast_id: int, kind: BroadcastKind, states: Sequence[str] = ("sending",)) -> int:
    """Settle deliveries whose outcome was lost, see `storage.broadcasts.deliveries.recover`. Return how many."""
    state, reason = ("unknown", "crash") if kind == "update" else ("waiting", None)
    settled = 0
    for lost in states:
        settled += await tx.run(
            "UPDATE place_deliveries SET state = :state, reason = :reason, claim = NULL "
            "WHERE broadcast_id = :id AND state = :lost",
            id=broadcast_id,
            state=state,
            reason=reason,
            lost=lost,
        )
    return settled


async def list_in_flight(tx: Transaction) -> list[int]:
    """List the broadcasts with a delivery in `sending`."""
    rows = await tx.all("SELECT DISTINCT broadcast_id FROM place_deliveries WHERE state = 'sending'")
    return [row["broadcast_id"] for row in rows]


async def put_back(tx: Transaction, broadcast_id: int, codes: Iterable[str]) -> None:
    """Put the deliveries to these places back to `waiting`, except those that were sent."""
    for code in codes:
        await tx.run(
            "UPDATE place_deliveries SET state = 'waiting', reason = NULL "
            "WHERE broadcast_id = :id AND code = :code AND state NOT IN ('sent', 'sending')",
            id=broadcast_id,
            code=code,
        )


def _read(row: Row) -> PlaceDelivery:
    return PlaceDelivery(
        code=row["code"],
        title=row["title"],
        language=row["language"],
        state=row["state"],
        reason=row["reason"] or "",
        chat_id=row["chat"],
        message_id=row["message_id"],
    )

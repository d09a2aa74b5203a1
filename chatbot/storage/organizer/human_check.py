"""Switches the human check: organizers do, and it does so automatically in a surge of new accounts."""

from datetime import datetime
from typing import Final

from chatbot.petition.signing.human_check import AUTO_DURATION, HumanCheck, Mode, SigningTimes, is_surge
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import jobs, petition_status

SWITCHED_ON: Final = "human_on"
"""The notice that the human check was switched on automatically."""
SWITCHED_OFF: Final = "human_off"


async def switch(tx: Transaction, revision: int, mode: Mode, rate: int, member_id: int) -> bool:
    """Set the mode; `auto` begins switched off. False if the mode was set since `revision`."""
    await petition_status.create(tx)
    switched = await tx.run(
        "UPDATE petition_status SET human_mode = :mode, human_rate = :rate, human_until = NULL, human_by = :member_id, "
        "human_revision = human_revision + 1 WHERE name = 'petition' AND human_revision = :revision",
        mode=mode,
        rate=rate,
        member_id=member_id,
        revision=revision,
    )
    return switched == 1


async def switch_by_surge(tx: Transaction, now: datetime) -> bool:
    """In mode `auto`, switch it on in a surge and off an hour after the surge. True if it was switched.

    The team is told once, whichever process does it. It reads the newest signatures, as many as make a surge.
    """
    check = (await petition_status.find(tx)).human
    if check.mode != "auto":
        return False
    surge = is_surge(await _find_newest(tx, check.rate), check.rate, now)
    if not surge and (check.until is None or check.is_on_automatically(now)):
        return False
    if not await _keep_until(tx, check, now + AUTO_DURATION if surge else None):
        return False  # another process, or an organizer, was faster
    if surge and check.asks(now):
        return False
    await jobs.tell(tx, SWITCHED_ON if surge else SWITCHED_OFF, {"rate": check.rate}, now)
    return True


async def _find_newest(tx: Transaction, most: int) -> list[SigningTimes]:
    rows = await tx.all(
        "SELECT signed_at, first_seen_at FROM signatures JOIN supporters ON supporters.id = signatures.supporter_id "
        "ORDER BY number DESC LIMIT :most",
        most=most,
    )
    moments = timestamps.from_text
    return [SigningTimes(moments(row["signed_at"]), moments(row["first_seen_at"])) for row in rows]


async def _keep_until(tx: Transaction, check: HumanCheck, until: datetime | None) -> bool:
    kept = await tx.run(
        "UPDATE petition_status SET human_until = :until WHERE name = 'petition' AND human_revision = :revision "
        "AND coalesce(human_until, '') = :before",
        until=timestamps.to_text(until) if until else None,
        revision=check.revision,
        before=timestamps.to_text(check.until) if check.until else "",
    )
    return kept == 1

"""Erases what leads to people when its retention time ends, in batches that are found by index.

    open ──▶ closed ──▶ the team is told ──▶ a week later: batch by batch ──▶ done
      ▲         │               │                     │
      └─────────┴───────────────┴─────────────────────┘  reopened: it stops; what is erased stays erased

The app state holds the progress, so that a restart continues it: `PLAN` is "<closed at> <erased from>", `DONE` is
"<closed at>".
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from chatbot.petition import retention
from chatbot.petition.funnel import bit_of
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.organizer import app_state, jobs, petition_status
from chatbot.storage.people import name_hashes, signatures, sources, supporters
from chatbot.storage.places import pinned_cards
from chatbot.storage.privacy import erasure

FILES_CLOSED: Final = "files_closed_at"
"""When the bot first saw that the petition is closed in campaign.toml."""
PLAN: Final = "retention"
DONE: Final = "retention_done"
UNCLEAN_BEFORE: Final = "backups_unclean_before"
"""Backups made before this moment hold names that were erased or sealed since."""
NOTICE: Final = "retention"
"""The notice to the team; see screens/organizer/notices.py."""
_ID_BITS: Final = 62
_IS_VISITOR: Final = f"(funnel_steps & {bit_of('signed') | bit_of('subscribed')}) = 0"
"""They never signed nor subscribed; written as in the index `visitors_by_age`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the team was told: when the petition was closed, and when names and ids are erased."""

    closed_at: datetime
    erases_at: datetime


async def find_plan(tx: Transaction) -> Plan | None:
    """Return when names and ids are erased; None if nothing is planned yet."""
    kept = await app_state.find(tx, PLAN)
    if kept is None:
        return None
    closed_at, erases_at = kept.split(" ")
    return Plan(timestamps.from_text(closed_at), timestamps.from_text(erases_at))


async def find_day(tx: Transaction, days: int) -> datetime | None:
    """Return when names and ids will be erased; None while the petition is open, and after they were."""
    closed_at = await _find_closing(tx)
    if closed_at is None or await app_state.find(tx, DONE) == timestamps.to_text(closed_at):
        return None
    due, told = retention.find_due(closed_at, days), await find_plan(tx)
    return max(due, told.erases_at) if told and told.closed_at == closed_at else due


async def note_files(tx: Transaction, now: datetime, *, is_open: bool) -> None:
    """Store since when the petition is closed in campaign.toml, or that it is open there."""
    if is_open:
        await app_state.drop(tx, FILES_CLOSED)
    else:
        noted = await app_state.find(tx, FILES_CLOSED)
        if noted and noted > timestamps.to_text(now + retention.CLOCK_TOLERANCE):
            await app_state.drop(tx, FILES_CLOSED)
        await app_state.store_once(tx, FILES_CLOSED, timestamps.to_text(now))


async def correct_future_times(tx: Transaction, now: datetime, limit: int) -> int:
    """Set times that a wrong clock dated far ahead to `now`, or their rows would be stored for that much longer.

    Handles the next `limit` visitors and drafts; returns how many there were.
    """
    ahead, text = timestamps.to_text(now + retention.CLOCK_TOLERANCE), timestamps.to_text(now)
    await tx.run("UPDATE petition_status SET ended_at = :now WHERE ended_at > :ahead", now=text, ahead=ahead)
    corrected = [
        await tx.run(
            "UPDATE supporters SET last_seen_at = :now WHERE id IN (SELECT id FROM supporters "  # noqa: S608 - our own names
            f"WHERE {which} AND last_seen_at > :ahead ORDER BY last_seen_at LIMIT :limit)",
            now=text,
            ahead=ahead,
            limit=limit,
        )
        for which in (_IS_VISITOR, "draft <> '{}'")
    ]
    return max(corrected)


async def plan(tx: Transaction, days: int, now: datetime) -> bool:
    """Tell the team once, a week before the erasing. True if it is time to erase, and not all is erased.

    The team always gets that week, even if the settings change meanwhile. Reopening cancels the plan.
    """
    closed_at = await _find_closing(tx)
    due = retention.find_due(closed_at, days) if closed_at else None
    if closed_at is None or due is None or now < due - retention.NOTICE:
        await app_state.drop(tx, PLAN)
        return False
    told = await find_plan(tx)
    if told is None or told.closed_at != closed_at:
        told = Plan(closed_at, max(due, retention.find_earliest(now, days)))
        text = f"{timestamps.to_text(told.closed_at)} {timestamps.to_text(told.erases_at)}"
        if await app_state.find(tx, DONE) != timestamps.to_text(closed_at):
            await app_state.replace(tx, PLAN, text)
            await jobs.tell(tx, NOTICE, {"at": timestamps.to_text(told.erases_at)}, now)
    return now >= max(told.erases_at, due) and await app_state.find(tx, DONE) != timestamps.to_text(closed_at)


async def erase_some(tx: Transaction, days: int, now: datetime, after: int, limit: int) -> int | None:
    """Erase what leads to the next `limit` people with ids above `after`. Returns the last id; None at the end.

    Signatures stay, anonymised; people without one are erased. Members stay known to the team, and only their
    signatures are anonymised. People who came after the erasing began are skipped.
    """
    # Reopening waits for this transaction, or this transaction sees that the petition is open.
    await tx.run("UPDATE petition_status SET revision = revision WHERE name = 'petition'")
    if not await plan(tx, days, now):
        return None
    told = await find_plan(tx)
    assert told is not None  # `plan` is True only with one
    rows = await tx.all(
        "SELECT id, share_code, EXISTS (SELECT 1 FROM members WHERE members.id = supporters.id) AS in_team, "
        "EXISTS (SELECT 1 FROM signatures WHERE supporter_id = supporters.id) AS has_signed "
        "FROM supporters WHERE id > :after AND (first_seen_at < :before OR first_seen_at > :future) "
        "ORDER BY id LIMIT :limit",
        after=after,
        future=timestamps.to_text(now + retention.CLOCK_TOLERANCE),
        before=timestamps.to_text(told.erases_at),
        limit=limit,
    )
    for row in rows:
        if row["has_signed"]:
            await _anonymise(tx, row["id"], row["share_code"], now, in_team=bool(row["in_team"]))
        elif not row["in_team"]:
            await erasure.erase(tx, row["id"], now, by_age=True)
    if len(rows) < limit:
        await name_hashes.forget_all(tx)
        await app_state.replace(tx, DONE, timestamps.to_text(told.closed_at))
        await app_state.replace(tx, UNCLEAN_BEFORE, timestamps.to_text(now))
        await app_state.drop(tx, PLAN)
        return None
    last: int = rows[-1]["id"]
    return last


async def _find_closing(tx: Transaction) -> datetime | None:
    """Return when the petition was closed, by its owners or in its files, whichever came first."""
    status, in_files = await petition_status.find(tx), await app_state.find(tx, FILES_CLOSED)
    closings = [status.ended_at, timestamps.from_text(in_files) if in_files else None]
    return min((each for each in closings if each is not None), default=None)


async def _anonymise(tx: Transaction, person_id: int, share_code: str | None, now: datetime, *, in_team: bool) -> None:
    """Reduce a signature to number, country and hour, under a random id that was never a person's."""
    await sources.lock_link_of(tx, person_id)
    await erasure.unlink_person(tx, person_id, now)
    alias = -1 - secrets.randbits(_ID_BITS)
    await tx.run("UPDATE supporters SET id = :alias, share_code = NULL WHERE id = :id", id=person_id, alias=alias)
    if in_team:
        # The bot still speaks their language, and their funnel steps stay theirs.
        kept = "language, language_chosen_at, first_seen_at, last_seen_at, step, draft, last_update_id, funnel_steps"
        await tx.run(
            f"INSERT INTO supporters (id, {kept}) SELECT :id, {kept} FROM supporters WHERE id = :alias",  # noqa: S608 - our own names
            id=person_id,
            alias=alias,
        )
        await tx.run("UPDATE supporters SET funnel_steps = 0 WHERE id = :alias", alias=alias)
    else:
        await pinned_cards.let_go(tx, person_id)
        await tx.run("DELETE FROM jobs WHERE chat_id = :id", id=person_id)
    await tx.run(
        "UPDATE signatures SET name = '', reason = NULL, named_at = NULL, "
        "signed_at = substr(signed_at, 1, 13) || ':00:00.000000Z', "
        "source = CASE counted_as WHEN '+friends' THEN 's-' WHEN '+other' THEN '+other' ELSE source END "
        "WHERE supporter_id = :alias",
        alias=alias,
    )
    await signatures.merge_source(tx, alias)
    await tx.run(
        "UPDATE supporters SET language_chosen_at = NULL, source = NULL, step = 'idle', draft = '{}', "
        "blocked_at = NULL, last_update_id = NULL, human_at = NULL, friends_signed = 0, friends_told = 0, "
        "friends_muted_at = NULL, counted_for_friend = 0, actions_done = '', "
        "first_seen_at = (SELECT signed_at FROM signatures WHERE supporter_id = :alias), "
        "last_seen_at = (SELECT signed_at FROM signatures WHERE supporter_id = :alias) WHERE id = :alias",
        alias=alias,
    )
    await erasure.unlink_all(tx, share_code, now)


async def erase_visitors(tx: Transaction, now: datetime, limit: int) -> int:
    """Erase the next `limit` visitors who have been away long enough; returns how many."""
    rows = await tx.all(
        f"SELECT id FROM supporters WHERE {_IS_VISITOR} AND last_seen_at < :before "  # noqa: S608 - a constant
        "AND NOT EXISTS (SELECT 1 FROM members WHERE members.id = supporters.id) "
        "AND NOT EXISTS (SELECT 1 FROM signatures WHERE supporter_id = supporters.id) "
        "AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE supporter_id = supporters.id AND ended_at IS NULL) "
        "ORDER BY last_seen_at LIMIT :limit",
        before=timestamps.to_text(now - retention.VISITORS),
        limit=limit,
    )
    for row in rows:
        await erasure.erase(tx, row["id"], now, by_age=True)
    return len(rows)


async def erase_old_drafts(tx: Transaction, now: datetime, limit: int) -> int:
    """Drop the next `limit` drafts of signatures that were abandoned long enough ago; returns how many.

    An organizer's draft of a broadcast stays. The step of somebody who was signing tells them so when they come back.
    """
    before = timestamps.to_text(now - retention.DRAFTS)
    rows = await tx.all(
        "SELECT id, step, draft FROM supporters WHERE draft <> '{}' AND last_seen_at < :before "
        "AND draft NOT LIKE :at_desk ORDER BY last_seen_at LIMIT :limit",
        before=before,
        at_desk='{"broadcast":%',
        limit=limit,
    )
    for row in rows:
        draft = orjson.loads(row["draft"])
        broadcast_id, began = draft.get("broadcast"), {"began_at", "name", "country"} & draft.keys()
        await tx.run(
            "UPDATE supporters SET step = :step, draft = :draft WHERE id = :id AND last_seen_at < :before",
            id=row["id"],
            step=row["step"] if broadcast_id is not None else supporters.EXPIRED if began else "idle",
            draft="{}" if broadcast_id is None else orjson.dumps({"broadcast": broadcast_id}).decode(),
            before=before,
        )
    return len(rows)

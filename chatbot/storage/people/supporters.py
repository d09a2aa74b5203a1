"""Supporters: everybody who has written to the bot, with language, step of the conversation and draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from chatbot.petition.funnel import FUNNEL_STEPS, FunnelStep, bit_of, list_steps
from chatbot.petition.languages import Language
from chatbot.petition.team import Role
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction, UnstorableValueError
from chatbot.storage.people import counters

TABLE: Final = StoredTable(
    name="supporters",
    key=("id",),
    person=("id",),
    grows=True,
    recount=" UNION ALL ".join(
        f"SELECT 'steps:{step}' AS what, count(*) AS value FROM supporters WHERE (funnel_steps & {bit_of(step)}) > 0"  # noqa: S608 - our own names
        for step in FUNNEL_STEPS
    ),
)
EXPIRED: Final = "expired"
"""The stored step of somebody whose unfinished signature was erased after a day, until they are told so."""
DraftValues = Mapping[str, str | int | None]
"""The answers of an unfinished signature, by field."""


@dataclass(frozen=True, slots=True)
class AfterSigning:
    """What somebody did for the petition beyond their own signature."""

    friends_signed: int = 0
    """Number of friends who signed through their share link, as they are told; see `friends`."""
    hears_of_friends: bool = True
    """Whether they are written to about that."""
    actions_done: frozenset[str] = frozenset()
    """What they did of the campaign's actions."""


@dataclass(frozen=True, slots=True)
class Supporter:
    """A person in the conversation, signed or not."""

    id: int
    """Telegram id of the account."""
    language: Language
    language_chosen: bool
    """False while the language is a guess."""
    source: str | None
    """The payload of the first deep link that they followed."""
    step: str
    draft: DraftValues
    share_code: str | None
    """The payload of their share link."""
    blocked: bool
    """Whether they blocked the bot: nothing can be sent to them."""
    last_update_id: int | None
    """The update that led to this step."""
    reached: tuple[FunnelStep, ...]
    """The funnel steps that they have reached."""
    role: Role | None
    """Their role in the team, as assigned in the chat; None for nearly everybody."""
    known_to_team: bool
    """Whether the team has or had their name."""
    zone: str | None
    """The time zone that they chose as a member of the team."""
    passed_human_check: bool
    """Whether they have passed the human check."""
    after_signing: AfterSigning
    """What they did beyond their own signature."""


def _read(row: Row) -> Supporter:
    return Supporter(
        id=row["id"],
        language=row["language"],
        language_chosen=row["language_chosen_at"] is not None,
        source=row["source"],
        step=row["step"],
        draft=orjson.loads(row["draft"]),
        share_code=row["share_code"],
        blocked=row["blocked_at"] is not None,
        last_update_id=row["last_update_id"],
        reached=list_steps(row["funnel_steps"]),
        role=row["role"] or None,
        known_to_team=row["role"] is not None,
        zone=row["zone"],
        passed_human_check=row["human_at"] is not None,
        after_signing=AfterSigning(
            row["friends_signed"], row["friends_muted_at"] is None, frozenset(row["actions_done"].split())
        ),
    )


async def meet(tx: Transaction, supporter_id: int, /, *, language: Language, now: datetime) -> Supporter:
    """Return the supporter with this Telegram id, seen `now`; a new one is created with `language`."""
    row = await tx.one(
        "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) "
        "VALUES (:supporter_id, :language, :now, :now) "
        "ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at RETURNING *, "
        # Reads the role and the zone with the row: the team costs no additional query per turn.
        "(SELECT coalesce(role, '') FROM members WHERE members.id = supporters.id) AS role, "
        "(SELECT zone FROM members WHERE members.id = supporters.id) AS zone",
        supporter_id=supporter_id,
        language=language,
        now=timestamps.to_text(now),
    )
    assert row is not None  # an upsert returns its row
    return _read(row)


async def meet_again(tx: Transaction, supporter_id: int, /, *, now: datetime) -> Supporter | None:
    """Return the supporter with this Telegram id, seen `now`; None for an unknown one, who is not created."""
    row = await tx.one(
        "UPDATE supporters SET last_seen_at = :now WHERE id = :supporter_id RETURNING *, "
        "(SELECT coalesce(role, '') FROM members WHERE members.id = supporters.id) AS role, "
        "(SELECT zone FROM members WHERE members.id = supporters.id) AS zone",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )
    return _read(row) if row else None


async def remove(tx: Transaction, supporter_id: int, /) -> Supporter | None:
    """Delete the supporter, after all that belongs to them, and return them; None for an unknown one."""
    row = await tx.one(
        "DELETE FROM supporters WHERE id = :supporter_id RETURNING *, NULL AS role, NULL AS zone",
        supporter_id=supporter_id,
    )
    return _read(row) if row else None


async def find_language(tx: Transaction, supporter_id: int, /) -> Language | None:
    """Return the language of a supporter; None for an unknown one."""
    row = await tx.one("SELECT language FROM supporters WHERE id = :supporter_id", supporter_id=supporter_id)
    return row["language"] if row else None


async def store_step(
    tx: Transaction,
    supporter_id: int,
    /,
    *,
    step: str,
    draft: DraftValues,
    update_id: int,
    now: datetime,
    newly: Collection[FunnelStep] = (),
) -> None:
    """Store the supporter's step of the conversation since `update_id`, and their answers so far.

    `newly` are the funnel steps that they have reached for the first time.
    """
    try:
        told = orjson.dumps(draft).decode()
    except orjson.JSONEncodeError as error:
        raise UnstorableValueError("a draft holds texts, whole numbers and nulls") from error
    await tx.run(
        "UPDATE supporters SET step = :step, draft = :draft, last_update_id = :update_id, last_seen_at = :now, "
        "funnel_steps = funnel_steps | :newly WHERE id = :supporter_id",
        supporter_id=supporter_id,
        step=step,
        draft=told,
        update_id=update_id,
        now=timestamps.to_text(now),
        newly=sum(bit_of(each) for each in newly),
    )
    if newly:
        await counters.change(tx, counters.of_steps(newly), 1)


async def remember_source(tx: Transaction, supporter_id: int, /, source: str) -> bool:
    """Store the supporter's source; False if there is one, because only the first counts.

    Their own share link, which they may try out, is no source. Of a share link whose owner is unknown or was erased,
    only that it was one is stored.
    """
    changed = await tx.run(
        "UPDATE supporters SET source = CASE WHEN substr(:source, 1, 2) = 's-' AND NOT EXISTS "
        "(SELECT 1 FROM supporters AS sharer WHERE sharer.share_code = :source) THEN 's-' ELSE :source END "
        "WHERE id = :supporter_id AND source IS NULL AND coalesce(share_code, '') <> :source",
        supporter_id=supporter_id,
        source=source,
    )
    return changed == 1


async def choose_language(tx: Transaction, supporter_id: int, /, language: Language, now: datetime) -> None:
    """Store the language that the supporter chose."""
    await tx.run(
        "UPDATE supporters SET language = :language, language_chosen_at = :now WHERE id = :supporter_id",
        supporter_id=supporter_id,
        language=language,
        now=timestamps.to_text(now),
    )


async def mark_blocked(tx: Transaction, supporter_id: int, /, now: datetime) -> None:
    """Note that the supporter blocked the bot `now`; an earlier moment stays."""
    await tx.run(
        "UPDATE supporters SET blocked_at = :now WHERE id = :supporter_id AND blocked_at IS NULL",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )


async def mark_returned(tx: Transaction, supporter_id: int, /) -> None:
    """Note that the supporter can be written to again."""
    await tx.run(
        "UPDATE supporters SET blocked_at = NULL WHERE id = :supporter_id AND blocked_at IS NOT NULL",
        supporter_id=supporter_id,
    )


async def note_human(tx: Transaction, supporter_id: int, /, now: datetime) -> None:
    """Note that the supporter passed the human check `now`; an earlier moment stays, and is never removed."""
    await tx.run(
        "UPDATE supporters SET human_at = :now WHERE id = :supporter_id AND human_at IS NULL",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )


async def find_language_and_code(tx: Transaction, supporter_id: int, /) -> tuple[Language | None, str | None]:
    """Return the language that somebody chose, and their share code; None for what they do not have."""
    row = await tx.one(
        "SELECT language, language_chosen_at, share_code FROM supporters WHERE id = :supporter_id",
        supporter_id=supporter_id,
    )
    if row is None:
        return None, None
    return row["language"] if row["language_chosen_at"] else None, row["share_code"]


async def give_share_code(tx: Transaction, supporter_id: int, /, code: str) -> str:
    """Return the supporter's share code: `code`, or an earlier one.

    Raises `ConflictError` if another supporter has `code`, `LookupError` for an unknown supporter.
    """
    row = await tx.one(
        "UPDATE supporters SET share_code = coalesce(share_code, :code) WHERE id = :supporter_id RETURNING share_code",
        supporter_id=supporter_id,
        code=code,
    )
    if row is None:
        raise LookupError("no such supporter")
    given: str = row["share_code"]
    return given


async def store_actions(tx: Transaction, supporter_id: int, /, done: Collection[str]) -> None:
    """Store what the supporter did of the campaign's actions."""
    await tx.run(
        "UPDATE supporters SET actions_done = :done WHERE id = :supporter_id",
        supporter_id=supporter_id,
        done=" ".join(sorted(done)),
    )

"""Everybody who ever talked to the bot: their language, where they are in the conversation, and their draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from chatbot.petition.funnel import FUNNEL_STEPS, FunnelStep, bit_of, list_steps
from chatbot.petition.model import Language
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
        f"SELECT 'steps:{step}' AS what, count(*) AS value FROM supporters WHERE (funnel_steps & {bit_of(step)}) > 0"  # noqa: S608
        for step in FUNNEL_STEPS
    ),
)
DraftValues = Mapping[str, str | int | None]
"""What somebody has told us on the way to a signature, by field."""


@dataclass(frozen=True, slots=True)
class Supporter:
    """A person in the conversation, whether or not they have signed."""

    id: int
    """Telegram's id of the account."""
    language: Language
    language_chosen: bool
    """False while the language is only our guess."""
    source: str | None
    """The payload of the deep link that brought them first."""
    step: str
    draft: DraftValues
    share_code: str | None
    """The payload of their own share link."""
    blocked: bool
    """They blocked the bot: nothing can be sent to them."""
    last_update_id: int | None
    """The update that brought them to this step."""
    reached: tuple[FunnelStep, ...]
    """The steps of the way to a signature that they have come to."""
    role: Role | None
    """What they are in the team by what was decided in the chat; None for nearly everybody."""
    known_to_team: bool
    """The team has, or once had, their name."""
    proved: bool
    """They passed the human check, at any time."""


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
        proved=row["human_at"] is not None,
    )


async def meet(tx: Transaction, supporter_id: int, /, *, language: Language, now: datetime) -> Supporter:
    """The supporter with this Telegram id, made with `language` if new; all an old one gets is being seen `now`."""
    row = await tx.one(
        "INSERT INTO supporters (id, language, first_seen_at, last_seen_at) "
        "VALUES (:supporter_id, :language, :now, :now) "
        "ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at RETURNING *, "
        # The role along with the row: no turn costs a query more because there is a team.
        "(SELECT coalesce(role, '') FROM members WHERE members.id = supporters.id) AS role",
        supporter_id=supporter_id,
        language=language,
        now=timestamps.to_text(now),
    )
    assert row is not None  # an upsert returns its row
    return _read(row)


async def meet_again(tx: Transaction, supporter_id: int, /, *, now: datetime) -> Supporter | None:
    """The supporter with this Telegram id, seen `now`; None for somebody unknown, who stays unknown."""
    row = await tx.one(
        "UPDATE supporters SET last_seen_at = :now WHERE id = :supporter_id RETURNING *, "
        "(SELECT coalesce(role, '') FROM members WHERE members.id = supporters.id) AS role",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )
    return _read(row) if row else None


async def remove(tx: Transaction, supporter_id: int, /) -> Supporter | None:
    """Remove the supporter, to whom nothing belongs any more, as they were; None for somebody unknown."""
    row = await tx.one(
        "DELETE FROM supporters WHERE id = :supporter_id RETURNING *, NULL AS role", supporter_id=supporter_id
    )
    return _read(row) if row else None


async def find_language(tx: Transaction, supporter_id: int, /) -> Language | None:
    """The language to speak to somebody; None for somebody the bot never met."""
    row = await tx.one("SELECT language FROM supporters WHERE id = :supporter_id", supporter_id=supporter_id)
    return row["language"] if row else None


async def place(
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
    """Note where the supporter is in the conversation since `update_id`, and what they have told us so far.

    `newly` are the steps of the way to a signature that they have come to for the first time.
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
        newly=sum(bit_of(milestone) for milestone in newly),
    )
    if newly:
        await counters.change(tx, counters.of_steps(newly), 1)


async def remember_source(tx: Transaction, supporter_id: int, /, source: str) -> bool:
    """Note what brought the supporter here; True if nothing was noted before, because only the first counts.

    Their own share link, which they try out, has brought nobody.
    """
    changed = await tx.run(
        "UPDATE supporters SET source = :source WHERE id = :supporter_id AND source IS NULL "
        "AND coalesce(share_code, '') <> :source",
        supporter_id=supporter_id,
        source=source,
    )
    return changed == 1


async def choose_language(tx: Transaction, supporter_id: int, /, language: Language, now: datetime) -> None:
    """The supporter chose `language`, so it is no longer a guess."""
    await tx.run(
        "UPDATE supporters SET language = :language, language_chosen_at = :now WHERE id = :supporter_id",
        supporter_id=supporter_id,
        language=language,
        now=timestamps.to_text(now),
    )


async def mark_blocked(tx: Transaction, supporter_id: int, /, now: datetime) -> None:
    """The supporter blocked the bot `now`; an earlier moment stays."""
    await tx.run(
        "UPDATE supporters SET blocked_at = :now WHERE id = :supporter_id AND blocked_at IS NULL",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )


async def mark_returned(tx: Transaction, supporter_id: int, /) -> None:
    """The supporter can be written to again."""
    await tx.run(
        "UPDATE supporters SET blocked_at = NULL WHERE id = :supporter_id AND blocked_at IS NOT NULL",
        supporter_id=supporter_id,
    )


async def note_human(tx: Transaction, supporter_id: int, /, now: datetime) -> None:
    """The supporter passed the human check `now`; an earlier moment stays, and nothing takes it away."""
    await tx.run(
        "UPDATE supporters SET human_at = :now WHERE id = :supporter_id AND human_at IS NULL",
        supporter_id=supporter_id,
        now=timestamps.to_text(now),
    )


async def give_share_code(tx: Transaction, supporter_id: int, /, code: str) -> str:
    """The supporter's own share code: `code`, or the one they were given first.

    Raises `ConflictError` when somebody else has `code`, `LookupError` for somebody the bot never met.
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

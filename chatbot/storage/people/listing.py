"""Lists signatures in batches, ordered by number: for files, not for turns.

Moments do not increase with the numbers: clocks are set back, and retention rounds them. So days are searched in the
index of the moments, and no query reads more rows than it returns.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, Transaction
from chatbot.storage.people import counters

COUNTED_AT_MOST: Final = 20_000
"""Rows that are counted exactly; larger counts are estimated."""
_BEFORE_ALL: Final = "0"
_AFTER_ALL: Final = "9999-12-31T23:59:59.999999Z"


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection of signatures: from a moment on, before a moment, of a country; None means no bound."""

    since: datetime | None = None
    before: datetime | None = None
    country: str | None = None
    set_aside: bool = False
    """Whether to include those that are set aside."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of signatures; `at_most` if it is an upper bound."""

    value: int
    at_most: bool


async def find_range(tx: Transaction, choice: Selection) -> tuple[int, int]:
    """Return the range of numbers of the selection: the first, and the one after the last.

    With days it reads their part of the index, so it is too slow for a turn.
    """
    if choice.since is None and choice.before is None:
        # Two queries, because SQLite reads all numbers for both values at once.
        row = await tx.one(
            "SELECT (SELECT min(number) FROM signatures) AS first, (SELECT max(number) FROM signatures) AS last"
        )
    else:
        row = await tx.one(
            "SELECT min(number) AS first, max(number) AS last FROM (SELECT number FROM signatures "
            "WHERE signed_at >= :since AND signed_at < :before ORDER BY signed_at) AS chosen",
            **_moments(choice),
        )
    return (1, 1) if row is None or row["first"] is None else (row["first"], row["last"] + 1)


async def count(tx: Transaction, choice: Selection) -> Count:
    """Count the selected signatures in bounded time."""
    name = counters.signatures_from(choice.country) if choice.country else counters.SIGNATURES
    in_all = await counters.read(tx, name)
    if choice.since is None and choice.before is None:
        return Count(in_all, at_most=False)
    row = await tx.one(
        "SELECT count(*) AS searched, coalesce(sum(CASE WHEN (:set_aside = 1 OR set_aside_id IS NULL) "
        "AND (:country = '' OR country = :country) THEN 1 ELSE 0 END), 0) AS n FROM (SELECT country, set_aside_id "
        "FROM signatures WHERE signed_at >= :since AND signed_at < :before ORDER BY signed_at LIMIT :most) AS chosen",
        country=choice.country or "",
        set_aside=int(choice.set_aside),
        most=COUNTED_AT_MOST + 1,
        **_moments(choice),
    )
    assert row is not None  # an aggregate always returns a row
    if row["searched"] <= COUNTED_AT_MOST:
        return Count(row["n"], at_most=False)
    # Estimated by the numbers between the first and the last one.
    ends = await tx.one(
        "SELECT (SELECT number FROM signatures WHERE signed_at >= :since ORDER BY signed_at LIMIT 1) AS first, "
        "(SELECT number FROM signatures WHERE signed_at < :before ORDER BY signed_at DESC LIMIT 1) AS last",
        **_moments(choice),
    )
    about = ends["last"] - ends["first"] + 1 if ends else 0
    return Count(min(in_all, max(about, COUNTED_AT_MOST)), at_most=True)


async def list_signatures(tx: Transaction, choice: Selection, begin: int, end: int) -> list[Row]:
    """List the selected signatures with numbers from `begin` to before `end`, in order."""
    return await tx.all(f"SELECT * FROM signatures WHERE {_CHOSEN} ORDER BY number", **_values(choice, begin, end))  # noqa: S608 - our own names


async def count_audit_entries(tx: Transaction, since: datetime | None, before: datetime | None) -> int:
    """Count the audit entries between two moments."""
    row = await tx.one(
        "SELECT count(*) AS n FROM audit_log WHERE done_at >= :since AND (:before = '' OR done_at < :before)",
        since=timestamps.to_text(since) if since else "",
        before=timestamps.to_text(before) if before else "",
    )
    return row["n"] if row else 0


async def list_named(tx: Transaction, after: int, limit: int) -> list[Row]:
    """List the next signatures with consent to be named in public, after the number `after`, in order."""
    return await tx.all(
        "SELECT number, name, country FROM signatures WHERE named_at IS NOT NULL AND set_aside_id IS NULL "
        "AND number > :after ORDER BY number LIMIT :limit",
        after=after,
        limit=limit,
    )


async def count_named(tx: Transaction, most: int = 2**62) -> int:
    """Count the signatures with consent to be named, up to `most`: a turn counts no more than a few thousand."""
    row = await tx.one(
        "SELECT count(*) AS n FROM (SELECT number FROM signatures "
        "WHERE named_at IS NOT NULL AND set_aside_id IS NULL AND number > 0 LIMIT :most) AS named",
        most=most,
    )
    return row["n"] if row else 0


_CHOSEN: Final = (
    "number >= :begin AND number < :end AND (:set_aside = 1 OR set_aside_id IS NULL) "
    "AND (:country = '' OR country = :country) "
    "AND signed_at >= :since AND signed_at < :before"
)


def _values(choice: Selection, begin: int, end: int) -> dict[str, str | int]:
    return {
        "begin": begin,
        "end": end,
        "country": choice.country or "",
        "set_aside": int(choice.set_aside),
        **_moments(choice),
    }


def _moments(choice: Selection) -> dict[str, str]:
    return {
        "since": timestamps.to_text(choice.since) if choice.since else _BEFORE_ALL,
        "before": timestamps.to_text(choice.before) if choice.before else _AFTER_ALL,
    }

"""Going through the signatures in the order of their numbers, little by little: for files, not for turns.

A number is found by halving, because numbers and moments rise together; so nothing here looks at more than it gives.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chatbot.storage import counters, moments
from chatbot.storage.database import Row, Transaction

COUNTED_AT_MOST: Final = 20_000
"""Rows that are looked at to say how many there are; beyond, it is said about."""
TURN: Final = timedelta(minutes=10)
"""A signature has its moment when its turn begins and its number when it is kept: they may differ by that much."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which signatures: from a moment on, before a moment, of a country; None is without a bound."""

    since: datetime | None = None
    before: datetime | None = None
    country: str | None = None
    set_aside: bool = False
    """Whether those that were set aside are wanted too."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `at_most` where they were not counted one by one."""

    value: int
    at_most: bool


async def find_span(tx: Transaction, choice: Choice) -> tuple[int, int]:
    """The numbers between which everything chosen is: the first, and the one after the last."""
    # One each: asked for both at once, SQLite goes through every number there is.
    row = await tx.one(
        "SELECT (SELECT min(number) FROM signatures) AS first, (SELECT max(number) FROM signatures) AS last"
    )
    if row is None or row["first"] is None:
        return 1, 1
    first, end = row["first"], row["last"] + 1
    begin = await _find_number(tx, choice.since - TURN, first, end) if choice.since else first
    return begin, await _find_number(tx, choice.before + TURN, begin, end) if choice.before else end


async def count(tx: Transaction, choice: Choice) -> Count:
    """How many signatures are chosen, in bounded time."""
    name = counters.signatures_from(choice.country) if choice.country else counters.SIGNATURES
    in_all = await counters.read(tx, name)
    if choice.since is None and choice.before is None:
        return Count(in_all, at_most=False)
    begin, end = await find_span(tx, choice)
    if end - begin > COUNTED_AT_MOST:
        return Count(min(in_all, end - begin), at_most=True)
    row = await tx.one(f"SELECT count(*) AS n FROM signatures WHERE {_CHOSEN}", **_values(choice, begin, end))  # noqa: S608
    return Count(row["n"] if row else 0, at_most=False)


async def list_signatures(tx: Transaction, choice: Choice, begin: int, end: int) -> list[Row]:
    """The chosen signatures with numbers from `begin` to before `end`, in order."""
    return await tx.all(f"SELECT * FROM signatures WHERE {_CHOSEN} ORDER BY number", **_values(choice, begin, end))  # noqa: S608


async def count_deeds(tx: Transaction, since: datetime | None, before: datetime | None) -> int:
    """How many lines of the team's journal there are between two moments."""
    row = await tx.one(
        "SELECT count(*) AS n FROM journal WHERE done_at >= :since AND (:before = '' OR done_at < :before)",
        since=moments.to_text(since) if since else "",
        before=moments.to_text(before) if before else "",
    )
    return row["n"] if row else 0


async def list_named(tx: Transaction, after: int, limit: int) -> list[Row]:
    """The next of those who agreed to be named in public, after the number `after`, in order."""
    return await tx.all(
        "SELECT number, name, country FROM signatures WHERE named_at IS NOT NULL AND set_aside_id IS NULL "
        "AND number > :after ORDER BY number LIMIT :limit",
        after=after,
        limit=limit,
    )


async def count_named(tx: Transaction) -> int:
    """How many have agreed; it looks at all of them, so it is nothing for a turn."""
    row = await tx.one("SELECT count(*) AS n FROM signatures WHERE named_at IS NOT NULL AND set_aside_id IS NULL")
    return row["n"] if row else 0


_CHOSEN: Final = (
    "number >= :begin AND number < :end AND (:set_aside = 1 OR set_aside_id IS NULL) "
    "AND (:country = '' OR country = :country) "
    "AND signed_at >= :since AND (:before = '' OR signed_at < :before)"
)


def _values(choice: Choice, begin: int, end: int) -> dict[str, str | int]:
    return {
        "begin": begin,
        "end": end,
        "country": choice.country or "",
        "set_aside": int(choice.set_aside),
        "since": moments.to_text(choice.since) if choice.since else "",
        "before": moments.to_text(choice.before) if choice.before else "",
    }


async def _find_number(tx: Transaction, moment: datetime, low: int, high: int) -> int:
    """The lowest number from `low` to `high` whose signature is not before `moment`."""
    sought = moments.to_text(moment)
    while low < high:
        middle = (low + high) // 2
        row = await tx.one(
            "SELECT number, signed_at FROM signatures WHERE number >= :middle ORDER BY number LIMIT 1", middle=middle
        )
        if row is None or row["number"] >= high or row["signed_at"] >= sought:
            high = middle
        else:
            low = row["number"] + 1
    return low

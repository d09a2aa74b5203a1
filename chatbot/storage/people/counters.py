"""Counts kept as rows, raised in the transaction they count, so that reading one costs the same at ten million."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Protocol

from chatbot.petition.funnel import FunnelStep
from chatbot.storage.engine.database import ConflictError, StoredTable, Transaction

TABLE: Final = StoredTable(
    name="counters",
    key=("name",),
    counts=(
        "SELECT name AS what, value FROM counters "
        "WHERE name NOT IN ('numbers', 'broadcasts') AND name NOT LIKE 'passed:%'"
    ),
    # People whom retention erased stay counted at the steps that they came to.
    recount="SELECT 'steps:' || substr(name, 8) AS what, value FROM counters WHERE name LIKE 'passed:%'",
)
SIGNATURES: Final = "signatures"
SUBSCRIPTIONS: Final = "subscriptions"
NUMBERS: Final = "numbers"
"""The last number given to a signature: it never falls, while the counts do."""
LANGUAGES: Final = "languages"
SOURCES: Final = "sources"
VERSIONS: Final = "versions"
READERS: Final = "readers"
SET_ASIDE: Final = "set_aside"
"""How many signatures are kept and do not count."""
STEPS: Final = "steps"
PASSED: Final = "passed"
"""The steps of those whose time was over: they stay counted, and are nobody any more."""
_LETTERS: Final = str.maketrans("0123456789", "abcdefghij")


class Counted(Protocol):
    """What a signature is counted by."""

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""

    @property
    def language(self) -> str:
        """The language they read the appeal in."""

    @property
    def counted_as(self) -> str:
        """What their source counts as; see `sources`."""

    @property
    def appeal_version(self) -> str:
        """The wording they signed."""

    @property
    def counts(self) -> bool:
        """False while it is set aside."""


def of_signature(signature: Counted) -> tuple[str, ...]:
    """The names of all counters that a signature is counted in, the total first. One set aside is in none of those.

    This alone knows that, for whoever takes a signature back, changes it or forgets somebody.
    """
    if not signature.counts:
        return (SET_ASIDE,)
    return (
        SIGNATURES,
        f"{LANGUAGES}:{signature.language}",
        signatures_from(signature.country),
        f"{SOURCES}:{signature.counted_as}",
        f"{VERSIONS}:{signature.appeal_version}",
        f"{READERS}:{signature.appeal_version}:{signature.language}",
    )


def of_steps(milestones: Iterable[FunnelStep]) -> tuple[str, ...]:
    """The names of the counters of those who reached these steps."""
    return tuple(f"{STEPS}:{milestone}" for milestone in milestones)


def of_passed(milestones: Iterable[FunnelStep]) -> tuple[str, ...]:
    """The names of the counters of those who reached these steps and were forgotten since."""
    return tuple(f"{PASSED}:{milestone}" for milestone in milestones)


def signatures_from(country: str) -> str:
    """The name of the counter of signatures from `country` (ISO 3166-1 alpha-2)."""
    return f"{SIGNATURES}:{country}"


def subscriptions_in(language: str, country: str | None) -> str:
    """The name of the counter of subscriptions in `language` of signers from `country`; None: who has not signed."""
    return f"{SUBSCRIPTIONS}:{language}:{country or ''}"


async def increase(tx: Transaction, name: str) -> int:
    """Add one to the counter `name` and return its new value.

    On PostgreSQL the counter's row stays locked until the transaction ends, so its values are handed out in order.
    """
    row = await tx.one(
        "INSERT INTO counters (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        name=name,
    )
    assert row is not None  # an upsert returns its row
    value: int = row["value"]
    return value


async def change(tx: Transaction, names: Iterable[str], by: int) -> None:
    """Raise or lower all of these counters by as much, or none; raises `ConflictError` where one falls below zero."""
    await change_each(tx, dict.fromkeys(names, by))


async def change_each(tx: Transaction, changes: Mapping[str, int]) -> None:
    """Raise and lower several counters, each by its own; raises `ConflictError` where one falls below zero.

    The total comes first and the others in order: on PostgreSQL whoever holds it is alone with them, and nobody waits
    for somebody who waits for them. What is raised is raised in one statement.
    """
    ordered = sorted(changes.items(), key=lambda change: (change[0] != SIGNATURES, change[0]))
    if any(by < 0 for _, by in ordered) and SIGNATURES not in changes:
        # Something moves from one counter to another: the total stays as it is, and is held all the same.
        await tx.run("UPDATE counters SET value = value WHERE name = :name", name=SIGNATURES)
    for name, by in ordered:
        if by < 0 and not await tx.run("UPDATE counters SET value = value + :by WHERE name = :name", name=name, by=by):
            raise ConflictError(f"{name}: nothing was counted there")
    raised = [(name, by) for name, by in ordered if by > 0]
    if raised:
        sql, places = _write_upsert(len(raised))
        values: dict[str, str | int | None] = {}
        for (name_place, by_place), (name, by) in zip(places, raised, strict=True):
            values[name_place], values[by_place] = name, by
        await tx.run(sql, **values)


@lru_cache(maxsize=64)
def _write_upsert(count: int) -> tuple[str, list[tuple[str, str]]]:
    """The statement that raises so many counters, and its parameters for each; names in SQL have no digits."""
    letters = [str(nth).translate(_LETTERS) for nth in range(count)]
    rows = ", ".join(f"(:name_{each}, :by_{each})" for each in letters)
    sql = (
        f"INSERT INTO counters (name, value) VALUES {rows} "  # noqa: S608 - parameters, as many as there are
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value"
    )
    return sql, [(f"name_{each}", f"by_{each}") for each in letters]


async def shift(tx: Transaction, before: Iterable[str], after: Iterable[str]) -> None:
    """Count in `after` what was counted in `before`; what is in both stays as it is."""
    old, new = set(before), set(after)
    await change_each(tx, dict.fromkeys(old - new, -1) | dict.fromkeys(new - old, 1))


async def next_number(tx: Transaction, first: int) -> int:
    """The number of the next signature: `first` for the first of all, and never one that was given before.

    On PostgreSQL the counter's row stays locked until the transaction ends: who signs does so one after the other.
    """
    row = await tx.one(
        "INSERT INTO counters (name, value) VALUES (:name, :first) ON CONFLICT (name) DO UPDATE SET value = "
        "CASE WHEN counters.value >= excluded.value THEN counters.value + 1 ELSE excluded.value END RETURNING value",
        name=NUMBERS,
        first=first,
    )
    assert row is not None  # an upsert returns its row
    number: int = row["value"]
    return number


async def decrease(tx: Transaction, name: str) -> None:
    """Take one from the counter `name`; raises `ConflictError` when that is below zero."""
    await tx.run("UPDATE counters SET value = value - 1 WHERE name = :name", name=name)


async def read(tx: Transaction, name: str) -> int:
    """The value of the counter `name`; zero if nothing was ever counted."""
    row = await tx.one("SELECT value FROM counters WHERE name = :name", name=name)
    return row["value"] if row else 0


async def read_signatures_by_country(tx: Transaction) -> dict[str, int]:
    """How many signatures each country has (ISO 3166-1 alpha-2), without those that have none."""
    return await _read_below(tx, signatures_from(""))


async def read_all(tx: Transaction, kind: str) -> dict[str, int]:
    """All counters of a kind (`LANGUAGES`, `SOURCES`, `VERSIONS`, `STEPS`) by what follows it, without zeros."""
    return await _read_below(tx, f"{kind}:")


async def read_subscriptions(tx: Transaction) -> dict[tuple[str, str | None], int]:
    """How many subscriptions there are by language and country (None: who has not signed), without zeros."""
    counts = await _read_below(tx, f"{SUBSCRIPTIONS}:")
    return {(key.partition(":")[0], key.partition(":")[2] or None): value for key, value in counts.items()}


async def _read_below(tx: Transaction, prefix: str) -> dict[str, int]:
    rows = await tx.all("SELECT name, value FROM counters WHERE name LIKE :names AND value > 0", names=f"{prefix}%")
    return {row["name"].removeprefix(prefix): row["value"] for row in rows}

"""Counters stored as rows and changed in the transactions they count: reading one costs the same at ten million."""

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
"""The number of the last signature; unlike the counts, it never falls."""
LANGUAGES: Final = "languages"
SOURCES: Final = "sources"
VERSIONS: Final = "versions"
READERS: Final = "readers"
GENERATIONS: Final = "generations"
"""Signatures by generation; see `Signature.generation`."""
SET_ASIDE: Final = "set_aside"
"""Number of signatures that are set aside."""
STEPS: Final = "steps"
PASSED: Final = "passed"
"""Funnel steps of people whom retention has erased; they stay counted."""
_LETTERS: Final = str.maketrans("0123456789", "abcdefghij")


class Counted(Protocol):
    """The facts of a signature that counters use."""

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""

    @property
    def language(self) -> str:
        """The language of the appeal that the person read."""

    @property
    def counted_as(self) -> str:
        """The source it counts for; see `sources`."""

    @property
    def appeal_version(self) -> str:
        """The signed version of the appeal."""

    @property
    def generation(self) -> int:
        """Through how many share links the petition came to the signer."""

    @property
    def counts(self) -> bool:
        """False while it is set aside."""


def of_signature(signature: Counted) -> tuple[str, ...]:
    """List the counters that include a signature, the total first. One that is set aside is in none of them.

    All code that withdraws, changes or erases signatures uses this list.
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
        f"{GENERATIONS}:{signature.generation}",
    )


def of_steps(steps: Iterable[FunnelStep]) -> tuple[str, ...]:
    """List the counters of these funnel steps."""
    return tuple(f"{STEPS}:{step}" for step in steps)


def of_passed(steps: Iterable[FunnelStep]) -> tuple[str, ...]:
    """List the counters of these funnel steps for people who were erased."""
    return tuple(f"{PASSED}:{step}" for step in steps)


def signatures_from(country: str) -> str:
    """Return the name of the counter of signatures from `country` (ISO 3166-1 alpha-2)."""
    return f"{SIGNATURES}:{country}"


def subscriptions_in(language: str, country: str | None) -> str:
    """Return the name of the counter of subscriptions by language and country; None for people who have not signed."""
    return f"{SUBSCRIPTIONS}:{language}:{country or ''}"


async def increase(tx: Transaction, name: str) -> int:
    """Add one to the counter `name` and return its new value.

    On PostgreSQL the counter's row stays locked until the transaction ends, so its values are assigned in order.
    """
    row = await tx.one(
        "INSERT INTO counters (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value",
        name=name,
    )
    assert row is not None  # an upsert always returns its row
    value: int = row["value"]
    return value


async def change(tx: Transaction, names: Iterable[str], amount: int) -> None:
    """Change all of these counters by `amount`, or none; raises `ConflictError` if one would fall below zero."""
    await change_each(tx, dict.fromkeys(names, amount))


async def change_each(tx: Transaction, changes: Mapping[str, int]) -> None:
    """Change several counters, each by its own amount; raises `ConflictError` if one would fall below zero.

    The total comes first and the others in order, which prevents deadlocks on PostgreSQL: only the transaction that has
    locked the total changes the others. All increases are one statement.
    """
    ordered = sorted(changes.items(), key=lambda change: (change[0] != SIGNATURES, change[0]))
    if any(amount < 0 for _, amount in ordered) and SIGNATURES not in changes:
        # Counts move between counters: the total does not change, but its row is locked all the same.
        await tx.run("UPDATE counters SET value = value WHERE name = :name", name=SIGNATURES)
    for name, amount in ordered:
        if amount < 0 and not await tx.run(
            "UPDATE counters SET value = value + :amount WHERE name = :name", name=name, amount=amount
        ):
            raise ConflictError(f"{name}: nothing was counted there")
    raised = [(name, amount) for name, amount in ordered if amount > 0]
    if raised:
        sql, places = _write_upsert(len(raised))
        values: dict[str, str | int | None] = {}
        for (name_place, amount_place), (name, amount) in zip(places, raised, strict=True):
            values[name_place], values[amount_place] = name, amount
        await tx.run(sql, **values)


@lru_cache(maxsize=64)
def _write_upsert(count: int) -> tuple[str, list[tuple[str, str]]]:
    """Return the statement that increases `count` counters, and the parameters of each; their names have no digits."""
    letters = [str(nth).translate(_LETTERS) for nth in range(count)]
    rows = ", ".join(f"(:name_{each}, :by_{each})" for each in letters)
    sql = (
        f"INSERT INTO counters (name, value) VALUES {rows} "  # noqa: S608 - parameters, as many as there are
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value"
    )
    return sql, [(f"name_{each}", f"by_{each}") for each in letters]


async def shift(tx: Transaction, before: Iterable[str], after: Iterable[str]) -> None:
    """Move one from the counters `before` to those in `after`; those in both stay the same."""
    old, new = set(before), set(after)
    await change_each(tx, dict.fromkeys(old - new, -1) | dict.fromkeys(new - old, 1))


async def next_number(tx: Transaction, first: int) -> int:
    """Return the number of the next signature: `first` for the very first one, and never the same number twice.

    On PostgreSQL the counter's row stays locked until the transaction ends: signatures are added one after the other.
    """
    row = await tx.one(
        "INSERT INTO counters (name, value) VALUES (:name, :first) ON CONFLICT (name) DO UPDATE SET value = "
        "CASE WHEN counters.value >= excluded.value THEN counters.value + 1 ELSE excluded.value END RETURNING value",
        name=NUMBERS,
        first=first,
    )
    assert row is not None  # an upsert always returns its row
    number: int = row["value"]
    return number


async def decrease(tx: Transaction, name: str) -> None:
    """Subtract one from the counter `name`; raises `ConflictError` if that is below zero."""
    await tx.run("UPDATE counters SET value = value - 1 WHERE name = :name", name=name)


async def read(tx: Transaction, name: str) -> int:
    """Return the value of the counter `name`; zero if nothing was counted."""
    row = await tx.one("SELECT value FROM counters WHERE name = :name", name=name)
    return row["value"] if row else 0


async def read_signatures_by_country(tx: Transaction) -> dict[str, int]:
    """Return the number of signatures by country (ISO 3166-1 alpha-2), without zeros."""
    return await _read_below(tx, signatures_from(""))


async def read_all(tx: Transaction, kind: str) -> dict[str, int]:
    """Return the counters of a kind (`LANGUAGES`, `SOURCES`, `VERSIONS`, …) by the rest of the name, no zeros."""
    return await _read_below(tx, f"{kind}:")


async def read_subscriptions(tx: Transaction) -> dict[tuple[str, str | None], int]:
    """Return the number of subscriptions by language and country (None: has not signed), without zeros."""
    counts = await _read_below(tx, f"{SUBSCRIPTIONS}:")
    return {(key.partition(":")[0], key.partition(":")[2] or None): value for key, value in counts.items()}


async def _read_below(tx: Transaction, prefix: str) -> dict[str, int]:
    rows = await tx.all("SELECT name, value FROM counters WHERE name LIKE :names AND value > 0", names=f"{prefix}%")
    return {row["name"].removeprefix(prefix): row["value"] for row in rows}

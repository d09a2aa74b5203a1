"""Signatures: one per account, numbered without gaps or repetition."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chatbot.petition.languages import Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Row, StoredTable, Transaction
from chatbot.storage.people import counters, name_hashes, sources, subscriptions

TABLE: Final = StoredTable(
    name="signatures",
    key=("supporter_id",),
    parents=("supporters",),
    person=("supporter_id",),
    grows=True,
    recount=" UNION ALL ".join(
        f"SELECT {what} AS what, count(*) AS value FROM signatures WHERE set_aside_id IS {which} GROUP BY what"  # noqa: S608 - our own names
        for what, which in (
            ("'signatures'", "NULL"),
            ("'signatures:' || country", "NULL"),
            ("'languages:' || language", "NULL"),
            ("'sources:' || counted_as", "NULL"),
            ("'versions:' || appeal_version", "NULL"),
            ("'readers:' || appeal_version || ':' || language", "NULL"),
            ("'generations:' || generation", "NULL"),
            ("'set_aside'", "NOT NULL"),
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature under the appeal."""

    supporter_id: int
    number: int
    """The number of the supporter."""
    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    reason: str | None
    language: Language
    """The language of the appeal that the person read."""
    source: str | None
    """The payload of the deep link that the person followed."""
    appeal_version: str
    """The signed version of the appeal."""
    signed_at: datetime
    counted_as: str = sources.DIRECT
    """The source it counts for; see `sources`."""
    named_at: datetime | None = None
    """When the person consented to be named in public; None without consent."""
    seconds: int | None = None
    """Time from the first question to the signature; None if not measured."""
    set_aside_id: int | None = None
    """The set-aside that contains it: it is stored but does not count, and its signer sees no difference."""
    generation: int = 0
    """Through how many share links the petition came to the signer: 0 for none, at most `sources.FARTHEST`."""

    @property
    def counts(self) -> bool:
        """Whether it is counted; see `counters.of_signature`."""
        return self.set_aside_id is None


def read_row(row: Row) -> Signature:
    """Read a signature from a whole row of its table."""
    return Signature(
        supporter_id=row["supporter_id"],
        number=row["number"],
        name=row["name"],
        country=row["country"],
        reason=row["reason"],
        language=row["language"],
        source=row["source"],
        appeal_version=row["appeal_version"],
        signed_at=timestamps.from_text(row["signed_at"]),
        counted_as=row["counted_as"],
        named_at=timestamps.from_text(row["named_at"]) if row["named_at"] else None,
        seconds=row["seconds"],
        set_aside_id=row["set_aside_id"],
        generation=row["generation"],
    )


async def add(
    tx: Transaction,
    *,
    supporter_id: int,
    name: str,
    country: str,
    reason: str | None,
    language: Language,
    source: str | None,
    appeal_version: str,
    first_number: int,
    now: datetime,
    named: bool = False,
    seconds: int | None = None,
) -> Signature | None:
    """Add a signature and return it; None if the person has signed already, or if the petition is closed.

    `first_number` is the number of the very first signature. Raises `ConflictError` for an unknown supporter.
    """
    # The first counter to change: on PostgreSQL its lock covers all counters of signatures.
    number = await counters.next_number(tx, first_number)
    counted_as = await sources.count_as(tx, source, now)
    generation = await sources.find_generation(tx, source)
    row = await tx.one(
        "INSERT INTO signatures "
        "(supporter_id, number, name, country, reason, language, source, counted_as, appeal_version, signed_at, "
        "named_at, seconds, generation) "
        "SELECT :supporter_id, :number, :name, :country, :reason, :language, :source, :counted_as, :appeal_version, "
        # Closing the petition waits for this transaction, or this statement sees that it is closed.
        ":now, :named_at, :seconds, :generation "
        "WHERE NOT EXISTS (SELECT 1 FROM petition_status WHERE ending IS NOT NULL) "
        "ON CONFLICT (supporter_id) DO NOTHING RETURNING *",
        supporter_id=supporter_id,
        number=number,
        name=name,
        country=country,
        reason=reason,
        language=language,
        source=source,
        counted_as=counted_as,
        appeal_version=appeal_version,
        now=timestamps.to_text(now),
        named_at=timestamps.to_text(now) if named else None,
        seconds=seconds,
        generation=generation,
    )
    if row is None:
        # They signed before, or the petition was closed. The next signature gets the number.
        await tx.run("UPDATE counters SET value = value - 1 WHERE name = :name", name=counters.NUMBERS)
        await sources.drop_if_unused(tx, counted_as)
        return None
    signature = read_row(row)
    await counters.change(tx, counters.of_signature(signature), 1)
    await subscriptions.note_country(tx, supporter_id, country)
    return signature


async def renew(tx: Transaction, signature: Signature, appeal_version: str) -> bool:
    """Move a signature to another version of the appeal; False if it is there already, or withdrawn."""
    row = await tx.one(
        "UPDATE signatures SET appeal_version = :after WHERE supporter_id = :supporter_id AND appeal_version = :before "
        "AND appeal_version <> :after RETURNING *",
        supporter_id=signature.supporter_id,
        before=signature.appeal_version,
        after=appeal_version,
    )
    if row is not None:
        # It may have been set aside since it was read.
        after = read_row(row)
        before = replace(after, appeal_version=signature.appeal_version)
        await counters.shift(tx, counters.of_signature(before), counters.of_signature(after))
    return row is not None


async def change(tx: Transaction, before: Signature, after: Signature) -> bool:
    """Change name, country, reason and consent to those of `after`; False if the signature is not `before` any more."""
    row = await tx.one(
        "UPDATE signatures SET name = :name, country = :country, reason = :reason, named_at = :named_at "
        "WHERE supporter_id = :supporter_id AND number = :number AND name = :old_name AND country = :old_country "
        "AND coalesce(reason, '') = :old_reason AND coalesce(named_at, '') = :old_named_at "
        "RETURNING *",
        supporter_id=before.supporter_id,
        number=before.number,
        name=after.name,
        country=after.country,
        reason=after.reason,
        named_at=timestamps.to_text(after.named_at) if after.named_at else None,
        old_name=before.name,
        old_country=before.country,
        old_reason=before.reason or "",
        old_named_at=timestamps.to_text(before.named_at) if before.named_at else "",
    )
    if row is not None and before.country != after.country:
        # It may have been set aside since it was read.
        found = read_row(row)
        moved = replace(found, country=before.country)
        await counters.shift(tx, counters.of_signature(moved), counters.of_signature(found))
        await subscriptions.note_country(tx, before.supporter_id, after.country)
    if row is not None and before.name != after.name:
        await name_hashes.forget(tx, before.name)
    return row is not None


async def take_back(tx: Transaction, supporter_id: int) -> Signature | None:
    """Withdraw and erase a person's signature; None if there is none. Its number is not used again."""
    row = await tx.one(
        "DELETE FROM signatures WHERE supporter_id = :supporter_id RETURNING *", supporter_id=supporter_id
    )
    if row is None:
        return None
    signature = read_row(row)
    await sources.lock_link(tx, signature.counted_as)
    await counters.change(tx, counters.of_signature(signature), -1)
    await sources.drop_if_unused(tx, signature.counted_as)
    await subscriptions.note_country(tx, supporter_id, None)
    await name_hashes.forget(tx, signature.name)
    await name_hashes.forget_number(tx, signature.number)
    return signature


async def merge_source(tx: Transaction, supporter_id: int) -> None:
    """Count a signature for the other links if its own brought few people: it may have been made for one person."""
    found = await find(tx, supporter_id)
    if found is None or found.counted_as.startswith("+") or await sources.is_common(tx, found.counted_as):
        return
    await tx.run(
        "UPDATE signatures SET source = :other, counted_as = :other WHERE supporter_id = :supporter_id",
        supporter_id=supporter_id,
        other=sources.OTHER,
    )
    after = replace(found, counted_as=sources.OTHER)
    await counters.shift(tx, counters.of_signature(found), counters.of_signature(after))
    await sources.drop_if_unused(tx, found.counted_as)


async def find(tx: Transaction, supporter_id: int) -> Signature | None:
    """Return the supporter's signature; None if they have not signed."""
    row = await tx.one("SELECT * FROM signatures WHERE supporter_id = :supporter_id", supporter_id=supporter_id)
    return read_row(row) if row else None


async def find_with_subscription(tx: Transaction, supporter_id: int) -> tuple[Signature | None, Language | None]:
    """Return the supporter's signature and subscription language in one statement: every turn needs both."""
    row = await tx.one(
        "SELECT signatures.*, subscriptions.language AS subscribed_in FROM (SELECT 1 AS one) AS here "
        "LEFT JOIN signatures ON signatures.supporter_id = :supporter_id "
        "LEFT JOIN subscriptions ON subscriptions.supporter_id = :supporter_id AND subscriptions.ended_at IS NULL",
        supporter_id=supporter_id,
    )
    assert row is not None  # one row, even if it joins nothing
    return (None if row["number"] is None else read_row(row)), row["subscribed_in"]


async def find_by_number(tx: Transaction, number: int) -> Signature | None:
    """Return the signature with this number; None if it was never given, or was withdrawn."""
    row = await tx.one("SELECT * FROM signatures WHERE number = :number", number=number)
    return read_row(row) if row else None


async def list_after(tx: Transaction, number: int, last: int, limit: int) -> tuple[list[Signature], int]:
    """List the next signatures after `number` up to `last`, and the last number read: `last` if there are no more."""
    rows = await tx.all(
        "SELECT * FROM signatures WHERE number > :number AND number <= :last ORDER BY number LIMIT :limit",
        number=number,
        last=last,
        limit=limit,
    )
    return [read_row(row) for row in rows], rows[-1]["number"] if len(rows) == limit else last


async def count(tx: Transaction) -> int:
    """Return the number of signatures that are not set aside, from its counter."""
    return await counters.read(tx, counters.SIGNATURES)


async def count_by_country(tx: Transaction) -> dict[str, int]:
    """Count the signatures by country (ISO 3166-1 alpha-2), without zeros."""
    return await counters.read_signatures_by_country(tx)

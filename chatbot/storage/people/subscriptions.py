"""Subscriptions to campaign broadcasts, and their language."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chatbot.petition.languages import Language
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import StoredTable, Transaction
from chatbot.storage.people import counters

TABLE: Final = StoredTable(
    name="subscriptions",
    key=("supporter_id",),
    parents=("supporters",),
    person=("supporter_id",),
    grows=True,
    recount=(
        "SELECT 'subscriptions' AS what, count(*) AS value FROM subscriptions WHERE ended_at IS NULL "
        "UNION ALL SELECT 'subscriptions:' || language || ':' || coalesce(country, ''), count(*) "
        "FROM subscriptions WHERE ended_at IS NULL GROUP BY language, country"
    ),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A supporter's subscription."""

    supporter_id: int
    language: Language
    country: str | None
    """Country of their signature, ISO 3166-1 alpha-2; None if they have not signed."""
    subscribed_at: datetime


async def subscribe(tx: Transaction, supporter_id: int, language: Language, now: datetime) -> bool:
    """Subscribe the supporter in `language`; False if they were subscribed and only the language changed.

    Raises `ConflictError` for an unknown supporter.
    """
    began = await tx.one(
        "INSERT INTO subscriptions (supporter_id, language, country, subscribed_at) VALUES (:supporter_id, :language, "
        "(SELECT country FROM signatures WHERE supporter_id = :supporter_id), :now) "
        "ON CONFLICT (supporter_id) DO UPDATE SET language = excluded.language, country = excluded.country, "
        "subscribed_at = excluded.subscribed_at, ended_at = NULL, ended_because = NULL "
        "WHERE subscriptions.ended_at IS NOT NULL RETURNING country",
        supporter_id=supporter_id,
        language=language,
        now=timestamps.to_text(now),
    )
    if began is not None:
        counted = counters.SUBSCRIPTIONS, counters.subscriptions_in(language, began["country"])
        await counters.change(tx, counted, 1)
        return True
    found = await find(tx, supporter_id)
    if found is not None and found.language != language:
        await _move(tx, found, replace(found, language=language))
    return False


async def note_country(tx: Transaction, supporter_id: int, country: str | None) -> None:
    """Note the country of the supporter's signature (ISO 3166-1 alpha-2), for broadcasts to that country.

    None: the signature is withdrawn.
    """
    found = await find(tx, supporter_id)
    if found is not None and found.country != country:
        await _move(tx, found, replace(found, country=country))
    elif found is None and country is None:
        # An ended subscription is in no counter, but its row has the country too.
        await tx.run(
            "UPDATE subscriptions SET country = NULL WHERE supporter_id = :supporter_id AND country IS NOT NULL",
            supporter_id=supporter_id,
        )


async def _move(tx: Transaction, before: Subscription, after: Subscription) -> None:
    await tx.run(
        "UPDATE subscriptions SET language = :language, country = :country WHERE supporter_id = :supporter_id",
        supporter_id=after.supporter_id,
        language=after.language,
        country=after.country,
    )
    await counters.decrease(tx, counters.subscriptions_in(before.language, before.country))
    await counters.increase(tx, counters.subscriptions_in(after.language, after.country))


async def end(tx: Transaction, supporter_id: int, because: str, now: datetime) -> bool:
    """End the subscription; True if there was one. `because` is stored as the reason."""
    ended = await tx.one(
        "UPDATE subscriptions SET ended_at = :now, ended_because = :because "
        "WHERE supporter_id = :supporter_id AND ended_at IS NULL RETURNING language, country",
        supporter_id=supporter_id,
        because=because,
        now=timestamps.to_text(now),
    )
    if ended is None:
        return False
    await counters.decrease(tx, counters.SUBSCRIPTIONS)
    await counters.decrease(tx, counters.subscriptions_in(ended["language"], ended["country"]))
    return True


async def find(tx: Transaction, supporter_id: int) -> Subscription | None:
    """Return the supporter's subscription; None if there is none or it has ended."""
    row = await tx.one(
        "SELECT * FROM subscriptions WHERE supporter_id = :supporter_id AND ended_at IS NULL",
        supporter_id=supporter_id,
    )
    if row is None:
        return None
    return Subscription(
        row["supporter_id"], row["language"], row["country"], timestamps.from_text(row["subscribed_at"])
    )


async def count(tx: Transaction) -> int:
    """Return the number of subscribers, from its counter."""
    return await counters.read(tx, counters.SUBSCRIPTIONS)


async def count_by_language(tx: Transaction, countries: Collection[str] = ()) -> dict[Language, int]:
    """Count the subscribers, or those from some countries, by language; from counters, at the same cost at any size."""
    counts: Counter[Language] = Counter()
    for (language, country), count in (await counters.read_subscriptions(tx)).items():
        if not countries or country in countries:
            counts[language] += count
    return dict(counts)


async def count_countries(tx: Transaction) -> dict[str, int]:
    """Count the subscribers by the country of their signature (ISO 3166-1 alpha-2), without zeros."""
    counts: Counter[str] = Counter()
    for (_, country), count in (await counters.read_subscriptions(tx)).items():
        if country is not None:
            counts[country] += count
    return dict(counts)

"""Deliveries that wait in the ledger for their reader's morning, because it is night where the reader is.

The ledger has no country: only the moment from which a waiting delivery may be sent, until it is sent. It is shared by
all countries whose morning begins at the same moment. A claim checks the reader's country again, so nobody is written
to at night after a pause, late in a long broadcast, or by another try.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast, MorningForecast
from chatbot.petition.broadcasts.quiet_hours import FARTHEST, NIGHT
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import round_all, round_down
from chatbot.storage.broadcasts import broadcasts, delivery_counts
from chatbot.storage.engine import timestamps
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people import counters

Home = tuple[Language, str | None]
"""Where somebody reads: the language, and the country of the signature, if there is one."""

COUNTED: Final = 5_000
"""Deliveries of a stopped broadcast up to which a turn looks where their readers are."""
AT_ONCE: Final = 200
"""Deliveries that are put off in one step, once one of the next is to wait."""
_ROUND: Final = timedelta(hours=25)
"""The longest day: after it, morning has come to every country."""
_WAITING: Final = "broadcast_id = :id AND state = 'waiting' AND state <> 'sent'"


@dataclass(frozen=True, slots=True)
class ReadersClock:
    """Tells who can be written to at the moment `now`."""

    campaign: Campaign
    now: datetime

    def find_due_at(self, broadcast: Broadcast, language: Language, country: str | None) -> str:
        """Return the `due_at` of a delivery to a reader of `language` from `country`; empty: at once."""
        if not broadcast.keeps_quiet_hours:
            return ""
        morning = self.campaign.find_morning(language, country, self.now)
        return "" if morning is None else timestamps.to_text(morning)


async def find_due(tx: Transaction, broadcast: Broadcast, now: datetime | None) -> str | None:
    """Return the `due_at` of the deliveries to send next; None if nobody can be written to now. Without `now`: any."""
    due = await tx.one(
        f"SELECT due_at FROM deliveries WHERE {_WAITING} AND due_at <= :now ORDER BY due_at LIMIT 1",  # noqa: S608
        id=broadcast.id,
        now="9999" if now is None or not broadcast.keeps_quiet_hours else timestamps.to_text(now),
    )
    if due is None and now is not None:  # by a clock that was wrong
        due = await tx.one(
            f"SELECT due_at FROM deliveries WHERE {_WAITING} AND due_at > :farthest ORDER BY due_at LIMIT 1",  # noqa: S608
            id=broadcast.id,
            farthest=timestamps.to_text(now + FARTHEST),
        )
    return due["due_at"] if due else None


async def is_resting(tx: Transaction, broadcast: Broadcast, now: datetime, campaign: Campaign | None = None) -> bool:
    """Whether everybody who is left waits for their morning, and nothing is in flight.

    One to chosen countries rests until it has been day in all of them, also without a recipient: its end would tell
    that no one there signed.
    """
    row = await tx.one(
        f"SELECT 1 AS found FROM deliveries WHERE {_WAITING} AND due_at > :now LIMIT 1",  # noqa: S608 - our own text
        id=broadcast.id,
        now=timestamps.to_text(now),
    )
    if row is None and not (campaign and _may_wait(broadcast, campaign, now)):
        return False
    if await find_due(tx, broadcast, now) is not None:
        return False
    in_flight = await tx.one(
        "SELECT 1 AS found FROM deliveries WHERE broadcast_id = :id AND state = 'sending' AND state <> 'sent' LIMIT 1",
        id=broadcast.id,
    )
    return in_flight is None


def _may_wait(broadcast: Broadcast, campaign: Campaign, now: datetime) -> bool:
    """Whether recipients in its countries, if there are any, may still wait for their morning.

    Around the globe it is always night in one of them. Within a day of its last start, morning comes to each.
    """
    if campaign.quiet_hours is None or not broadcast.keeps_quiet_hours:
        return False
    steered_at = broadcast.steered.at if broadcast.steered else None
    starts = [each for each in (broadcast.started_at, broadcast.gathered_at, steered_at) if each]
    return bool(starts) and abs(now - max(starts)) <= _ROUND and bool(_list_mornings(broadcast, campaign, now))


async def put_off(tx: Transaction, broadcast: Broadcast, clock: ReadersClock, due_at: str, limit: int) -> bool:
    """Let those of the next `limit` deliveries wait for whose readers it is night; False if there are none."""
    if not broadcast.keeps_quiet_hours or clock.campaign.quiet_hours is None:
        return False
    if not await _list_nights(tx, broadcast, clock, due_at, limit):
        return False
    counted: Counter[tuple[str, str]] = Counter()
    for (supporter_id, language), later in (await _list_nights(tx, broadcast, clock, due_at, AT_ONCE)).items():
        await tx.run(
            "UPDATE deliveries SET due_at = :later "
            "WHERE broadcast_id = :id AND supporter_id = :supporter_id AND state = 'waiting'",
            id=broadcast.id,
            supporter_id=supporter_id,
            later=later,
        )
        counted[language, later] += 1
        counted[language, due_at] -= 1
    await count(tx, broadcast.id, counted)
    return True


async def _list_nights(
    tx: Transaction, broadcast: Broadcast, clock: ReadersClock, due_at: str, limit: int
) -> dict[tuple[int, Language], str]:
    """Return the later `due_at` of those among the next deliveries that are to wait, by supporter and post."""
    table = "subscriptions" if broadcast.renews is None else "signatures"
    reader = f"(SELECT {{}} FROM {table} WHERE {table}.supporter_id = next.supporter_id)"  # noqa: S608 - our own names
    rows = await tx.all(
        # No join: without statistics of a new ledger, PostgreSQL would join all of it.
        f"SELECT supporter_id, language, {reader.format('language')} AS spoken, {reader.format('country')} AS country "  # noqa: S608
        f"FROM (SELECT supporter_id, language FROM deliveries WHERE {_WAITING} AND due_at = :due_at "
        "ORDER BY supporter_id LIMIT :limit) AS next",
        id=broadcast.id,
        due_at=due_at,
        limit=limit,
    )
    found = {
        (row["supporter_id"], row["language"]): clock.find_due_at(
            broadcast, row["spoken"] or row["language"], row["country"]
        )
        for row in rows
    }
    return {each: later for each, later in found.items() if later}


async def count(tx: Transaction, broadcast_id: int, changes: Mapping[tuple[Language, str], int]) -> None:
    """Count those who wait for their morning, by language and `due_at`; an empty one is not counted."""
    waiting = {(language, delivery_counts.LATER, due): change for (language, due), change in changes.items() if due}
    await delivery_counts.count(tx, broadcast_id, waiting)
    if any(change < 0 for change in waiting.values()):
        await tx.run(
            "DELETE FROM delivery_counts WHERE broadcast_id = :id AND outcome = :later AND value = 0",
            id=broadcast_id,
            later=delivery_counts.LATER,
        )


async def count_asleep(tx: Transaction, broadcast_id: int, language: Language) -> int:
    """Count those who wait for their morning, of one post."""
    row = await tx.one(
        "SELECT coalesce(sum(value), 0) AS n FROM delivery_counts "
        "WHERE broadcast_id = :id AND language = :language AND outcome = :later",
        id=broadcast_id,
        language=language,
        later=delivery_counts.LATER,
    )
    return int(row["n"]) if row else 0


async def forget(tx: Transaction, now: datetime, limit: int) -> int:
    """Forget the mornings of at most `limit` deliveries that ended broadcasts left; return how many."""
    row = await tx.one(
        "SELECT broadcast_id FROM delivery_counts WHERE outcome = :later AND value > 0 AND EXISTS (SELECT 1 FROM "
        "broadcasts WHERE broadcasts.id = delivery_counts.broadcast_id AND broadcasts.ended_at IS NOT NULL) LIMIT 1",
        later=delivery_counts.LATER,
    )
    if row is None:
        return 0
    rows = await tx.all(
        f"SELECT supporter_id, language, due_at FROM deliveries WHERE {_WAITING} AND due_at > '' "  # noqa: S608
        "ORDER BY due_at LIMIT :limit",
        id=row["broadcast_id"],
        limit=limit,
    )
    for each in rows:
        await tx.run(
            "UPDATE deliveries SET due_at = '' WHERE broadcast_id = :id AND supporter_id = :supporter_id",
            id=row["broadcast_id"],
            supporter_id=each["supporter_id"],
        )
    fewer: Counter[tuple[str, str]] = Counter()
    fewer.subtract((each["language"], each["due_at"]) for each in rows)
    await count(tx, row["broadcast_id"], fewer)
    return limit if rows else 0  # there may be more, of this broadcast or of others


async def foresee(tx: Transaction, broadcast: Broadcast, campaign: Campaign, at: datetime) -> MorningForecast | None:
    """Count who would be written to at the moment `at`, and who in their morning; None if nobody would wait.

    For a correction these are the recipients who wait for what it corrects: they get the corrected posts. In a campaign
    without quiet hours it counts those whom it would wake.
    """
    if broadcast.kind == "correction" and broadcast.of_id is not None:
        return await _foresee_correction(tx, broadcast.of_id)
    if not broadcast.would_keep_quiet_hours:
        return None
    if broadcast.renews is not None:
        return await _foresee_notice(tx, campaign, at)
    homes: Counter[Home] = Counter()
    if broadcast.audience.countries and not _list_mornings(broadcast, campaign, at):
        return None
    for (language, country), people in (await counters.read_subscriptions(tx)).items():
        countries = broadcast.audience.countries
        if (not countries or country in countries) and broadcast.choose_language(language, campaign) is not None:
            homes[language, country] += people
    return _hide_few(broadcast, campaign, _forecast(homes, campaign, at), at)


async def foresee_rest(
    tx: Transaction, broadcast: Broadcast, campaign: Campaign, now: datetime, states: Sequence[str]
) -> MorningForecast | None:
    """Count who would be written to now, and who in their morning, of the deliveries of an ended broadcast in `states`.

    None if nobody would wait. If there are too many for a turn, it only says that some may.
    """
    if broadcast.kind != "update":
        return None
    table = "subscriptions" if broadcast.renews is None else "signatures"
    reader = f"(SELECT {{}} FROM {table} WHERE {table}.supporter_id = rest.supporter_id)"  # noqa: S608 - our own names
    homes: Counter[Home] = Counter()
    for state in states:
        rows = await tx.all(
            f"SELECT language, {reader.format('language')} AS spoken, {reader.format('country')} AS country "  # noqa: S608
            "FROM (SELECT supporter_id, language FROM deliveries WHERE broadcast_id = :id AND state = :state "
            "AND state <> 'sent' LIMIT :limit) AS rest",
            id=broadcast.id,
            state=state,
            limit=COUNTED,
        )
        if len(rows) == COUNTED:
            return MorningForecast(0, 0, now, 0.0, waits=campaign.quiet_hours is not None)
        homes += Counter((row["spoken"] or row["language"], row["country"]) for row in rows)
    return _hide_few(broadcast, campaign, _forecast(homes, campaign, now), now)


def _hide_few(
    broadcast: Broadcast, campaign: Campaign, forecast: MorningForecast | None, at: datetime
) -> MorningForecast | None:
    """Hide whether anybody at all is asleep where few are and it would tell who signed."""
    nights = _list_mornings(broadcast, campaign, at) if broadcast.audience.countries else []
    if not nights:
        return forecast
    if forecast and round_down(forecast.later):
        return replace(forecast, last=max(nights))
    return MorningForecast(0, 0, max(nights), 0.0, waits=campaign.quiet_hours is not None)


def _list_mornings(broadcast: Broadcast, campaign: Campaign, at: datetime) -> list[datetime]:
    """List when it is morning in those of the chosen countries in which it is night. It tells nothing of who signed."""
    quiet = campaign.quiet_hours or NIGHT
    found = (campaign.find_morning(campaign.fallback, each, at, quiet) for each in broadcast.audience.countries)
    return [morning for morning in found if morning]


def _forecast(homes: Mapping[Home, int], campaign: Campaign, at: datetime) -> MorningForecast | None:
    now = later = 0
    last = at
    for (language, country), people in homes.items():
        morning = campaign.find_morning(language, country, at, campaign.quiet_hours or NIGHT)
        if morning is None:
            now += people
        else:
            later, last = later + people, max(last, morning)
    return MorningForecast(now, later, last, waits=campaign.quiet_hours is not None) if later else None


async def _foresee_notice(tx: Transaction, campaign: Campaign, at: datetime) -> MorningForecast | None:
    """Estimate the share of signers who are asleep, by the rounded numbers that the team knows of countries."""
    signers = round_all(await counters.read_signatures_by_country(tx))
    homes: dict[Home, int] = {(campaign.fallback, country): count for country, count in signers.items()}
    found = _forecast(homes, campaign, at)
    if found is None:
        return MorningForecast(0, 0, at, 0.0) if campaign.quiet_hours else None
    return MorningForecast(0, 0, found.last, found.later / (found.now + found.later), waits=found.waits)


async def _foresee_correction(tx: Transaction, of_id: int) -> MorningForecast | None:
    corrected = await broadcasts.get(tx, of_id)
    tally = await delivery_counts.read(tx, of_id)
    if corrected.ended_at is not None or not tally.mornings:
        return None
    return MorningForecast(tally.count("sent"), tally.asleep, max(tally.mornings))

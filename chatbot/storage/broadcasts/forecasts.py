"""Forecasts of who gets a broadcast at once, and who in their morning, without telling where single people are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.quiet_hours import NIGHT, MorningForecast
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import FEW, STEP, round_all, round_down
from chatbot.storage.broadcasts import broadcasts, delivery_counts, mornings
from chatbot.storage.engine.database import Transaction
from chatbot.storage.people import counters

Home = tuple[Language, str | None]
"""Where somebody reads: the language, and the country of the signature, if there is one."""

COUNTED: Final = 5_000
"""Deliveries of a stopped broadcast up to which a turn looks where their readers are."""


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
    if broadcast.audience.countries and not mornings.list_mornings(broadcast, campaign, at):
        return None
    for (language, country), people in (await counters.read_subscriptions(tx)).items():
        countries = broadcast.audience.countries
        if (not countries or country in countries) and broadcast.choose_language(language, campaign) is not None:
            homes[language, country] += people
    return _hide_few(broadcast, homes, campaign, at)


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
    return _hide_few(broadcast, homes, campaign, now)


def _hide_few(
    broadcast: Broadcast, homes: Mapping[Home, int], campaign: Campaign, at: datetime
) -> MorningForecast | None:
    """Forecast what tells nothing of a single reader: asked for one hour after another, it would tell countries."""
    waits = campaign.quiet_hours is not None
    found = _forecast(homes, campaign, at)
    if nights := mornings.list_mornings(broadcast, campaign, at) if broadcast.audience.countries else []:
        if found and round_down(found.later):
            return replace(found, last=max(nights))
        return MorningForecast(0, 0, max(nights), 0.0, waits=waits)
    if found and round_down(found.later):
        return _round(found, round_down(found.later), found.last)
    # Too few are asleep to be told of. The clocks of the languages say nothing about single readers.
    languages = {language for (language, _country), people in homes.items() if people}
    clocks = [campaign.find_morning(each, None, at, campaign.quiet_hours or NIGHT) for each in languages]
    lasts = [morning for morning in clocks if morning]
    if not lasts:
        return MorningForecast(0, 0, at, 0.0) if homes and waits else None
    return _round(found or MorningForecast(sum(homes.values()), 0, at, waits=waits), 0, max(lasts))


def _round(found: MorningForecast, later: int, last: datetime) -> MorningForecast:
    """Round the numbers: `now` is the least that fits the exact total and the rounded number of those asleep."""
    most = later + STEP - 1 if later else FEW - 1
    return replace(found, now=round_down(found.now + found.later - most), later=later, last=last)


def _forecast(homes: Mapping[Home, int], campaign: Campaign, at: datetime) -> MorningForecast | None:
    now = 0
    waiting: Counter[datetime] = Counter()
    for (language, country), people in homes.items():
        morning = campaign.find_morning(language, country, at, campaign.quiet_hours or NIGHT)
        if morning is None:
            now += people
        else:
            waiting[morning] += people
    later = left = waiting.total()
    for last, people in sorted(waiting.items()):
        left -= people
        if not round_down(left):
            return MorningForecast(now, later, last, waits=campaign.quiet_hours is not None) if later else None
    return None


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

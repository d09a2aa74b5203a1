"""Drives a broadcast through the nights of its readers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from chatbot.petition.broadcasts.outcome import Delivery, NotSent, Result, Sent
from chatbot.petition.broadcasts.quiet_hours import QuietHours, find_zones
from chatbot.storage import Database
from chatbot.storage.broadcasts import deliveries
from tests.support.broadcasts import BroadcastDriver
from tests.support.broadcasts import recount as recount_ledger
from tests.support.campaigns import BUNDLED

NIGHT: Final = QuietHours(time(21), time(8))
COUNTRIES: Final = ("KR", "JP", "DE", "GB", "US", "CA", "NZ", "RU")
"""In eight zones, or groups of zones."""
EVENING: Final = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
"""Half past nine in the evening in Seoul."""
STEP: Final = timedelta(minutes=15)


class NightDriver(BroadcastDriver):
    """A broadcast driver whose readers sleep at night. It records what arrived when."""

    def __init__(self, database: Database, now: datetime = EVENING) -> None:
        super().__init__(database)
        self.campaign = replace(BUNDLED, quiet_hours=NIGHT)
        self.now = now
        self.country: dict[int, str] = {}
        self.arrived: list[tuple[int, datetime]] = []

    async def settle(self, each_country: int, countries: tuple[str, ...] = COUNTRIES) -> None:
        """Subscribe this many people in each country, one country after the other."""
        for number, country in enumerate(countries):
            ids = range(number + 1, each_country * len(countries) + 1, len(countries))
            self.country |= dict.fromkeys(ids, country)
            await self.subscribe(ids, "ko" if country == "KR" else "en", country)

    def note(self, to: Delivery) -> Sent:
        self.arrived.append((to.supporter_id, self.now))
        return Sent(to.supporter_id)

    async def send_all_who_are_awake(
        self, result: Callable[[Delivery], Result | NotSent] | None = None, limit: int = 50
    ) -> None:
        """Do what the worker does until it has nothing to do."""
        while await self.database.transact(deliveries.find_running, self.now):
            now = self.now
            await self.deliver(result or self.note, limit=limit)
            self.now = now

    async def pass_time(self, hours: int, limit: int = 50) -> None:
        """Do what the worker does during these hours."""
        end = self.now + timedelta(hours=hours)
        while self.now < end:
            await self.send_all_who_are_awake(limit=limit)
            self.now += STEP

    def list_woken(self) -> Iterator[tuple[int, datetime]]:
        """List those who got something at night."""
        for each, at in self.arrived:
            zones = find_zones(self.country[each], "UTC")
            if any(NIGHT.count_nights([ZoneInfo(zone)], at) for zone in zones):
                yield each, at

    async def is_consistent(self, broadcast_id: int) -> bool:
        tally = await self.tally(broadcast_id)
        return tally == await self.database.transact(recount_ledger, broadcast_id)

"""A walk of three organizers who write to a crowd."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Final

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import ContentRefused, Delivery, DeliveryOutcome, Failed, Gone, NotSent
from chatbot.petition.broadcasts.post import Media, Post
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.storage import Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import audience, deliveries, drafts, lifecycle
from chatbot.storage.broadcasts.mornings import ReadersClock
from chatbot.storage.organizer import team
from tests.broadcasting.crowd import Crowd
from tests.broadcasting.crowd_truth import CrowdTruth
from tests.broadcasting.test_truth import Walk
from tests.support.cast import SAM
from tests.support.chat import Chat

LIKED: Final = {
    **dict.fromkeys(("start", "ask", "accept", "again", "add", "more", "resume", "write"), 8),
    **dict.fromkeys(("correct", "takeback", "approve", "rest", "unknown", "rouse", "wake", "schedule", "goon"), 5),
    **dict.fromkeys(("urgent", "sleepers", "recall", "later", "reach", "to", "edit", "takeover"), 2),
}
"""How much rather than others an organizer taps some buttons."""
MOST: Final = 7
"""Broadcasts of one walk, without corrections, deletions and additions."""


@dataclass
class Flight:
    """Claimed deliveries, and the outcomes of those that Telegram has answered."""

    broadcast: Broadcast
    deliveries: list[Delivery]
    results: list[tuple[Delivery, DeliveryOutcome]] = field(default_factory=list)


class CrowdWalk(Walk):
    """The organizers use the settings, wait for approval and tap at once; people live meanwhile."""

    flight: Flight | None = None
    threshold: int | None = None

    async def begin(self) -> None:
        quiet = QuietHours(time(21), time(8)) if self.chance.random() < 0.8 else None
        campaign = replace(self.driver.campaign, quiet_hours=quiet)
        self.driver.campaign, self.chats.campaign = campaign, replace(campaign, is_open=True)
        self.team = [await self.chats.open_owner(), await self.chats.open_organizer()]
        self.team.append(await self.chats.add_member(self.chats.chat(SAM, "Sam"), "organizer"))
        self.crowd = Crowd(self.driver, self.chance)
        await self.crowd.settle()
        if self.chance.random() < 0.4:
            self.threshold = self.chance.choice((4, 9))
            await self.driver.database.transact(team.set_threshold, self.threshold, None)
        self.counted = 0

    # Telegram and the worker

    async def work(self) -> None:
        for _step in range(self.chance.randint(1, 6)):
            await self.work_once()

    async def work_once(self) -> None:
        """Land what is in flight, or gather, or claim some more, or let people live."""
        if self.flight is not None:
            await self.land()
        elif self.chance.random() < 0.3:
            await self.crowd.live()
        else:
            await self.driver.database.transact(self._step)
        if self.flight is not None:
            self.look_at_claimed(self.flight)
            for delivery in self.flight.deliveries:
                if self.chance.random() < 0.6:
                    self.flight.results.append((delivery, self.crowd.answer(self.flight.broadcast, delivery)))

    async def _step(self, tx: Transaction) -> None:
        campaign, now = self.driver.campaign, self.driver.now
        await deliveries.start_due(tx, campaign, now)
        found = await deliveries.find_running(tx, now, campaign)
        if found is None:
            return
        if found.gathered_at is None:
            await audience.gather(tx, found, campaign, self.chance.randint(3, 9), now)
            return
        if not await audience.put_back(tx, found, 4):
            return
        claim = await deliveries.claim(tx, found, self.chance.randint(1, 6), ReadersClock(campaign, now))
        if claim.deliveries:
            self.flight = Flight(found, list(claim.deliveries))
        elif not claim.skipped and not claim.put_off:
            await self.conclude(tx, found.id)

    async def conclude(self, tx: Transaction, broadcast_id: int) -> None:
        """End it if nobody is left, as the worker does."""
        if not (await deliveries.tally(tx, broadcast_id)).left:
            await lifecycle.end(tx, broadcast_id, "done", self.driver.now)

    def look_at_claimed(self, flight: Flight) -> None:
        """Nobody is written to in their night, or after they left."""
        for delivery in flight.deliveries:
            phone = self.crowd.people[delivery.supporter_id]
            if flight.broadcast.kind == "update":
                assert phone.is_subscribed, "only subscribers get it"
            if flight.broadcast.keeps_quiet_hours:
                morning = self.driver.campaign.find_morning(phone.language, phone.country, self.driver.now)
                assert morning is None, "nobody gets it in their night"

    async def land(self) -> None:
        """Make the rest of the calls and write the outcomes, unless the bot is killed before."""
        flight, self.flight = self.flight, None
        assert flight is not None
        done = {each for each, _ in flight.results}
        for delivery in flight.deliveries:
            if delivery not in done and not self.crowd.people[delivery.supporter_id].is_erased:
                flight.results.append((delivery, self.crowd.answer(flight.broadcast, delivery)))
            if self.chance.random() < 0.03:
                await self.driver.database.transact(deliveries.recover)
                return

        async def write(tx: Transaction) -> None:
            known = [(to, found) for to, found in flight.results if not isinstance(found, NotSent | ContentRefused)]
            refused = [to for to, found in flight.results if isinstance(found, ContentRefused)]
            known += [(to, Failed("content")) for to in refused]
            await deliveries.record(tx, flight.broadcast.id, known, self.driver.now)  # type: ignore[arg-type]
            await deliveries.give_back(tx, flight.broadcast.id, flight.deliveries)
            if refused:
                await lifecycle.end(tx, flight.broadcast.id, "content", self.driver.now, "file is empty")

        await self.driver.database.transact(write)
        for delivery, found in flight.results:
            if found == Gone("blocked") and not self.crowd.people[delivery.supporter_id].is_erased:
                self.crowd.people[delivery.supporter_id].is_subscribed = False

    # Organizers

    async def press(self) -> None:
        chat, chance = self.chance.choice(self.team), self.chance.random()
        known = await self.driver.list_all()
        started = [each for each in known if each.started_at]
        drafted = [each for each in known if not each.started_at and not each.ended_at]
        if self.counted < MOST and (chance < 0.1 or not known):
            self.counted += 1
            await self.write(chat)
        elif drafted and chance < 0.4:
            await self.tap(chat, f"broadcast:{self.chance.choice(('open', 'look'))}:{self.chance.choice(drafted).id}")
        elif started:
            await self.tap(chat, f"broadcast:open:{self.chance.choice(started).id}")
        for _tap in range(self.chance.randint(1, 5)):
            offered = [each for each in chat.actions if each.startswith("broadcast:")]
            self.old = [*self.old, *offered][-200:]
            if not offered:
                break
            [action] = self.chance.choices(offered, [LIKED.get(each.split(":")[1], 0.5) for each in offered])
            if self.chance.random() < 0.1:
                action = self.chance.choice(self.old)
            other = self.chance.choice(self.team)
            if self.chance.random() < 0.15 and other is not chat:
                await asyncio.gather(self.tap(chat, action), self.tap(other, action))
                await self.types(other)
            else:
                await self.tap(chat, action)
            await self.types(chat)
        self.driver.now += timedelta(seconds=1)

    async def write(self, chat: Chat) -> None:
        """Write a draft with settings of all kinds."""
        now, chance = self.driver.now, self.chance

        async def make(tx: Transaction) -> None:
            draft = await drafts.create(tx, chat.person.id, now)
            media = Media("photo", f"picture {self.counted}") if chance.random() < 0.3 else None
            languages = chance.choice((["ko"], ["ko", "en"], ["ko", "en"], ["en"]))
            for language in languages:
                await drafts.write_post(tx, draft.id, language, Post(Markup(f"{language} {self.counted}"), media))
            countries = chance.choice(((), (), ("KR",), ("DE", "NZ")))
            await drafts.set_audience(tx, draft.id, Audience(chance.choice((None, None, "ko", "en")), countries))
            await drafts.set_reach(tx, draft.id, chance.choice(("readers", "everyone")))

        await self.driver.database.transact(make)
        await chat.presses(f"broadcast:open:{(await self.driver.newest()).id}")

    async def tap(self, chat: Chat, action: str) -> None:
        """Tap, and remember who may get something twice by that, and what was copied."""
        verb = action.split(":")[1]
        unknown = []
        if ":unknown:" in action:
            unknown = [
                each
                for each, (state, _) in (await self.driver.outcomes(int(action.split(":")[2]))).items()
                if state == "unknown"
            ]
        known = {each.id for each in await self.driver.list_all()}
        await chat.presses(action)
        assert "Sorry" not in chat.text, action
        if unknown and "again" in action:
            self.crowd.risked.update((int(action.split(":")[2]), each) for each in unknown)
        if verb == "copy":
            of = int(action.split(":")[2])
            new = {each.id for each in await self.driver.list_all()} - known
            self.copied.update(dict.fromkeys(new, self.copied.get(of, of)))

    async def types(self, chat: Chat) -> None:
        """Type the text, the country or the hour that is asked for."""
        rows = await self.driver.database.transact(
            lambda tx: tx.all("SELECT step FROM supporters WHERE id = :id", id=chat.person.id)
        )
        self.begun += 1
        match rows[0]["step"]:
            case "post":
                if self.chance.random() < 0.2:
                    await chat.sends("photo", f"picture {self.begun}", f"new words {self.begun}")
                else:
                    await chat.says(f"words {self.begun}")
            case "countries":
                await chat.says(self.chance.choice(("Germany", "Korea", "New Zealand")))
            case "hour":
                await chat.says(self.chance.choice(("in 2 hours", "in 10 minutes", "tomorrow 9:00")))
            case "approval_reason":
                await chat.says("Not today.")

    # What must agree

    async def check(self) -> None:
        await CrowdTruth(self.crowd, self.driver.translators["en"], self.copied).compare()
        if self.chance.random() < 0.1:
            assert await find_problems(self.driver.database) == []

    async def finish(self) -> None:
        """Carry everything to its end, days later if need be, then compare once more."""
        if self.flight is not None:
            await self.land()
        for _round in range(40):
            for broadcast in await self.driver.list_all():
                if broadcast.state is BroadcastState.PAUSED:
                    await self.team[0].presses(f"broadcast:resume:{broadcast.id}")
            for _turn in range(30):
                await self.driver.database.transact(self._step)
                while self.flight is not None:
                    self.look_at_claimed(self.flight)
                    await self.land()
            if not any(each.state is BroadcastState.RUNNING for each in await self.driver.list_all()):
                break
            self.driver.now += timedelta(hours=1)
        else:
            raise AssertionError("it never ends")
        await self.check()
        assert await find_problems(self.driver.database) == []

"""After random taps of organizers and kills of the bot, the chats, the ledger and the reports agree."""

import os
import random
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, DeliveryOutcome, Gone, Sent
from chatbot.petition.broadcasts.rest import has_rest
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import ending
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import audience, deliveries, lifecycle, recalls
from tests.support.broadcast_worker import WorkerDriver
from tests.support.broadcasts import gather_all
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.team_chats import TeamChats

PEOPLE = range(1, 13)
STEPS = 60


class Walk:
    """A random walk: two organizers tap buttons that they see or have seen, and a worker sends and is killed."""

    def __init__(self, chats: TeamChats, driver: WorkerDriver, seed: int) -> None:
        self.chats, self.driver, self.chance = chats, driver, random.Random(seed)
        self.phones: dict[int, dict[int, str]] = {each: {} for each in PEOPLE}
        self.ever: dict[int, Counter[int]] = {each: Counter() for each in PEOPLE}
        """How often each person got each broadcast, deleted messages included."""
        self.origins: dict[int, int] = {}
        """The broadcast of each message that was ever sent."""
        self.copied: dict[int, int] = {}
        """For each copy, the first of its chain."""
        self.old: list[str] = []
        self.team: list[Chat] = []
        self.next_id = 1000
        self.begun = 0

    async def begin(self) -> None:
        self.team = [await self.chats.open_owner(), await self.chats.open_organizer()]
        await self.driver.subscribe(PEOPLE)

    def call(self, broadcast: Broadcast, delivery: Delivery, odds: float) -> DeliveryOutcome | None:
        """Play Telegram in one call. Return None if the call or its answer is lost."""
        phone = self.phones[delivery.supporter_id]
        if self.chance.random() < odds / 2:
            return None  # lost on the way there
        if broadcast.kind == "update":
            self.next_id += 1
            phone[self.next_id] = str(broadcast.posts["ko"].text)
            self.origins[self.next_id] = broadcast.id
            self.ever[delivery.supporter_id][broadcast.id] += 1
            result: DeliveryOutcome = Sent(self.next_id)
        elif delivery.message_id not in phone:
            result = Gone("message_gone")
        elif broadcast.kind == "recall":
            del phone[delivery.message_id]
            result = Sent()
        else:
            phone[delivery.message_id] = str(broadcast.posts["ko"].text)
            result = Sent()
        return None if self.chance.random() < odds / 2 else result

    async def work(self) -> None:
        """Claim and send some deliveries as the worker, which may be killed at any moment."""
        limit, killed = self.chance.randint(1, 6), self.chance.random() < 0.25

        async def claim(tx: Transaction) -> tuple[Broadcast, list[Delivery]] | None:
            broadcast = await deliveries.find_running(tx, self.driver.now)
            if broadcast is None:
                return None
            broadcast = await gather_all(tx, broadcast, self.driver.now, campaign=self.driver.campaign)
            while not await audience.put_back(tx, broadcast, 5):
                pass
            return broadcast, list((await deliveries.claim(tx, broadcast, limit)).deliveries)

        found = await self.driver.database.transact(claim)
        if found is None:
            return
        broadcast, claimed = found
        sent = []
        for delivery in claimed:
            if killed and self.chance.random() < 0.3:
                break
            outcome = self.call(broadcast, delivery, 0.1)
            if outcome is not None:
                sent.append((delivery, outcome))
        done = [] if killed else sent
        await self.driver.database.transact(deliveries.record, broadcast.id, done, self.driver.now)  # type: ignore[arg-type]
        await self.driver.database.transact(deliveries.recover)
        if (
            not (await self.driver.tally(broadcast.id)).left
            and not (await self.driver.get(broadcast.id)).has_open_places
        ):
            await self.driver.database.transact(lifecycle.end, broadcast.id, "done", self.driver.now)

    async def press(self) -> None:
        """An organizer opens a broadcast and taps, or taps an old button; sometimes the other one taps it as well."""
        chat, known = self.chance.choice(self.team), await self.driver.list_all()
        sent = [each for each in known if each.started_at]
        if not sent or (len(known) < 12 and self.chance.random() < 0.05):
            self.begun += 1  # counts deleted ones too, so that no two have the same text
            await self.begin_broadcast(f"소식 {self.begun}")
            return
        await chat.presses(f"broadcast:open:{self.chance.choice(sent).id}")
        for _tap in range(self.chance.randint(1, 4)):
            # Unknown deliveries are not sent again here: the question about it warns that some people may get it twice.
            offered = [each for each in chat.actions if each.startswith("broadcast:") and ":unknown" not in each]
            self.old += offered
            if not offered:
                break
            old = self.chance.random() < 0.1
            action = self.chance.choice(
                self.old if old else self.prefer([each for each in offered if "open" not in each] or offered)
            )
            await self.tap(chat, action)
            if (
                "the corrected text" in chat.text
                or "corrected words" in chat.text
                or "version do you want" in chat.text
            ):
                await chat.presses(next((each for each in chat.actions if ":write:" in each), action))
                await chat.says(f"고침 {self.chance.random()}")
            if self.chance.random() < 0.2:
                await self.tap(self.chance.choice(self.team), action)
        self.driver.now += timedelta(seconds=1)

    def prefer(self, offered: list[str]) -> list[str]:
        """Return the buttons to choose from."""
        return offered

    async def tap(self, chat: Chat, action: str) -> None:
        """Tap a button. If it makes a copy, remember of which broadcast."""
        is_copy = action.startswith("broadcast:copy:")
        known = {each.id for each in await self.driver.list_all()} if is_copy else set()
        await chat.presses(action)
        if is_copy:
            of = int(action.split(":")[2])
            new = {each.id for each in await self.driver.list_all()} - known
            self.copied.update(dict.fromkeys(new, self.copied.get(of, of)))

    async def begin_broadcast(self, words: str) -> None:
        await self.driver.start(ko=words)

    async def check(self) -> None:
        """Compare the chats with the ledger and the reports."""
        known = await self.driver.list_all()
        for broadcast in known:
            if broadcast.kind != "update" or broadcast.started_at is None:
                continue
            await self.check_one(broadcast)
        # Only a copy whose review warned that people have the original may reach them.
        warned = {each.id for each in known if each.had_already}
        for phone in self.phones.values():
            held: dict[int, list[int]] = {}
            for origin in sorted(self.origins[message_id] for message_id in phone):
                held.setdefault(self.copied.get(origin, origin), []).append(origin)
            assert all(warned.issuperset(each[1:]) for each in held.values()), "no copy came without a warning"

    async def check_one(self, broadcast: Broadcast) -> None:
        outcomes = await self.driver.outcomes(broadcast.id)
        tally = await self.driver.tally(broadcast.id)
        rows = await self.driver.database.transact(
            lambda tx: tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id", id=broadcast.id)
        )
        recall = await self.driver.database.transact(recalls.find, broadcast)
        holders = {row["supporter_id"] for row in rows if row["message_id"] in self.phones.get(row["supporter_id"], {})}
        got = {person for person, times in self.ever.items() if times[broadcast.id]}
        sent = {person for person, (state, _) in outcomes.items() if state == "sent"}
        unsure = {person for person, (state, _) in outcomes.items() if state == "unknown"}
        assert sent <= got <= sent | unsure, "the ledger knows who got it"
        assert all(times[broadcast.id] <= 1 for times in self.ever.values()), "nobody got it twice"
        assert tally.count("sent") == len(sent)
        if recall is None:
            assert holders == sent
        elif recall.broadcast.state is BroadcastState.ENDED and recall.broadcast.ending == "done":
            assert len(holders) <= recall.left, "the report counts everybody who still has it"
            _ = self.driver.translators["en"]
            head = str(ending.ended_head(_, broadcast, tally, recall))
            is_told = "Deleted for everyone" in head or "Deleted for people" in head
            assert is_told == (not recall.left)
            if is_told:
                assert not holders
        else:
            assert holders <= sent
            assert len(holders) <= recall.left

    async def finish(self) -> None:
        """Carry everything to its end with the buttons that the reports offer, then compare once more."""
        for _round in range(60):
            known = await self.driver.list_all()
            for broadcast in known:
                state = broadcast.state
                if state is BroadcastState.PAUSED:
                    await self.team[0].presses(f"broadcast:resume:{broadcast.id}")
                elif state is BroadcastState.ENDED and has_rest(broadcast, await self.driver.tally(broadcast.id)):
                    await self.team[0].presses(f"broadcast:open:{broadcast.id}")
                    rest = next(each for each in self.team[0].actions if ":rest" in each)
                    await self.team[0].presses(rest)
                    if rest.startswith("broadcast:rest"):
                        await self.team[0].taps("Yes, send it")
            # `find_running` would leave out broadcasts that only places wait for.
            if not any(each.state is BroadcastState.RUNNING for each in await self.driver.list_all()):
                break
            for _turn in range(20):
                await self.work()
        await self.check()


async def walk_through(
    kind: type[Walk],
    url: str,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    folder: Path,
    seed: int,
    steps: int,
) -> None:
    """Walk, and compare after each step."""
    database = await open_migrated(url)
    driver = WorkerDriver(database, translators)
    walk = kind(TeamChats(database, driver, campaign, translators, folder), driver, seed)
    try:
        await walk.begin()
        for _step in range(steps):
            await (walk.work() if walk.chance.random() < 0.4 else walk.press())
            await walk.check()
        await walk.finish()
    finally:
        await database.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_chats_ledger_and_reports_agree_after_a_walk(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(Walk, sqlite_url, campaign, translators, tmp_path, seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("WALKS", "4"))))
async def test_chats_ledger_and_reports_agree_after_long_walks(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(Walk, url, campaign, translators, tmp_path, 1000 + seed, 5 * STEPS)

"""After random taps of organizers and kills of the bot, the channels, the ledger and the reports agree."""

import os
import secrets
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.broadcasting.places import PlaceClaim, claim_next, recover, settle
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import DeliveryOutcome, Gone, NotSent, Sent, Unknown
from chatbot.petition.broadcasts.place import Place
from chatbot.petition.broadcasts.rest import list_keeping_places
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import ending
from chatbot.screens.organizer.places import post_lines
from chatbot.storage.broadcasts import recalls
from chatbot.storage.places import places
from tests.broadcasting.test_truth import STEPS, Walk, walk_through
from tests.support import linked_places

CHATS = (-101, -102, -103)
SIGNS = {"sent": "✅", "unknown": "❓", "waiting": "⏳✖", "sending": "⏳✖"}


class PlaceWalk(Walk):
    """A walk with places. They are chosen and paused, refuse calls and lose answers."""

    async def begin(self) -> None:
        await super().begin()
        self.linked: list[Place] = [
            await linked_places.link(self.driver, chat_id, f"Place {-chat_id}") for chat_id in CHATS
        ]
        self.channels: dict[int, dict[int, str]] = {each: {} for each in CHATS}
        self.posted: dict[int, Counter[int]] = {each: Counter() for each in CHATS}
        """How often each place got each broadcast, deleted messages included."""

    async def begin_broadcast(self, words: str) -> None:
        chosen = [each for each in self.linked if self.chance.random() < 0.7]
        await linked_places.start(self.driver, chosen, ko=words)

    async def work(self) -> None:
        await super().work()
        for _call in range(self.chance.randint(0, 3)):
            await self.post()

    async def press(self) -> None:
        await super().press()
        if self.chance.random() < 0.1:
            code = self.chance.choice(self.linked).code
            change = self.chance.choice((places.pause, places.resume))
            more = () if change is places.resume else (self.driver.now,)
            await self.driver.database.transact(change, code, *more)

    async def post(self) -> None:
        """Send to one place as the worker, which may be killed at any moment."""
        token, killed = secrets.token_hex(8), self.chance.random() < 0.2
        transact, now = self.driver.database.transact, self.driver.now
        claim = await transact(claim_next, token, self.driver.campaign, self.driver.translators, (), now)
        if claim is None:
            return
        if killed and self.chance.random() < 0.5:
            await transact(recover)
            return
        outcome = self.post_once(claim)
        if killed:
            await transact(recover)
        else:
            await transact(settle, claim, token, outcome, now)

    def post_once(self, claim: PlaceClaim) -> DeliveryOutcome:
        """Play Telegram in one call."""
        chat, message_id, chance = self.channels[claim.chat_id], claim.delivery.message_id, self.chance.random()
        if chance < 0.1:
            refusals: list[DeliveryOutcome] = [NotSent(), NotSent(1, flood=True), Gone("rights")]
            return self.chance.choice(refusals)
        if chance < 0.15:
            return Unknown("timeout")
        if claim.broadcast.kind == "update":
            assert claim.screen is not None
            self.next_id += 1
            chat[self.next_id] = str(claim.screen.text)
            self.posted[claim.chat_id][claim.broadcast.id] += 1
            result: DeliveryOutcome = Sent(self.next_id)
        elif message_id not in chat:
            result = Gone("message_gone")
        elif claim.broadcast.kind == "recall":
            del chat[message_id]
            result = Sent()
        else:
            assert claim.screen is not None
            chat[message_id] = str(claim.screen.text)
            result = Sent()
        return Unknown("cut") if chance < 0.2 else result

    async def check_one(self, broadcast: Broadcast) -> None:
        await super().check_one(broadcast)
        sent = {each.chat_id for each in broadcast.places if each.state == "sent"}
        unsure = {each.chat_id for each in broadcast.places if each.state == "unknown"}
        got = {chat_id for chat_id, times in self.posted.items() if times[broadcast.id]}
        assert sent <= got <= sent | unsure, "the ledger knows which place got it"
        assert all(times[broadcast.id] <= 1 for times in self.posted.values()), "no place got it twice"
        there = {each.code for each in broadcast.places if each.message_id in self.channels.get(each.chat_id or 0, {})}
        recall = await self.driver.database.transact(recalls.find, broadcast)
        if recall is None:
            assert there == {each.code for each in broadcast.places if each.state == "sent"}
        else:
            assert there <= {each.code for each in list_keeping_places(broadcast, recall.broadcast)}, (
                "the report names every place that still has it"
            )
            head = str(ending.ended_head(self.driver.translators["en"], recall.broadcast, recall.tally))
            assert not (there and "Deleted for everyone" in head)
        self.check_report(broadcast)

    def check_report(self, broadcast: Broadcast) -> None:
        shown = str(post_lines.became(self.driver.translators["en"], broadcast) or "").splitlines()[1:]
        assert len(shown) == len(broadcast.places)
        for place in broadcast.places:
            (line,) = [each for each in shown if place.title in each]
            assert line[0] in SIGNS.get(place.state, "⏸🚪⚠"), line

    async def finish(self) -> None:
        for each in self.linked:
            await self.driver.database.transact(places.resume, each.code)
        await super().finish()
        for broadcast in await self.driver.list_all():
            if broadcast.kind == "correction" and broadcast.ending == "done":
                corrected = await self.driver.get(broadcast.of_id or 0)
                for place in broadcast.places:
                    if place.state == "sent" and corrected.recalled_at is None:
                        words = self.channels[place.chat_id or 0][place.message_id or 0]
                        assert words == str(corrected.posts["ko"].text), "the channel shows the corrected text"
            assert broadcast.state in (BroadcastState.ENDED, BroadcastState.DRAFT, BroadcastState.SCHEDULED)


@pytest.mark.parametrize("seed", [1, 2])
async def test_places_ledger_and_reports_agree_after_a_walk(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(PlaceWalk, sqlite_url, campaign, translators, tmp_path, seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("WALKS", "4"))))
async def test_places_ledger_and_reports_agree_after_long_walks(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(PlaceWalk, url, campaign, translators, tmp_path, 2000 + seed, 5 * STEPS)

"""The keeper edits the number on live cards: rarely, newest first, and without a storm of calls after refusals."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chatbot.broadcasting.card_keeper import IN_A_ROW, LOCK, PAUSES, CardKeeper, PostedCards
from chatbot.broadcasting.pace import Pacer
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import CardEdit, LiveCard
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.screens.screen import Screen
from chatbot.storage import Database
from chatbot.storage.places import cards
from tests.support.campaigns import BUNDLED
from tests.support.counting_database import CountingDatabase
from tests.support.databases import open_migrated
from tests.support.limits import GIVE_UP
from tests.support.paced_log import Log, SleepersClock
from tests.support.signers import add_signer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SEAL = MessageIdSeal("1:token")
SHOWN = CardEdit("shown")


class JumpingClock:
    """A clock that jumps to the end of each sleep."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


class Cards:
    """A keeper of posted cards on a jumping clock, and the text that each card shows."""

    def __init__(self, database: Database | CountingDatabase, translators: Mapping[str, Translator]) -> None:
        self.database, self.translators = database, translators
        self.clock = JumpingClock()
        self.texts: dict[str, str] = {}
        self.signed = 0
        self.calls: list[tuple[float, str]] = []
        self.answer: Callable[[str], CardEdit] = lambda _: SHOWN
        self.keeper = self.start()

    def start(self) -> CardKeeper:
        """Start a process whose memory is empty."""
        pace = Pacer(clock=self.clock, sleep=self.clock.sleep)
        source = PostedCards(self.database, SEAL)
        self.keeper = CardKeeper(
            self.database,
            BUNDLED,
            self.translators,
            pace,
            self.edit,
            (source,),
            clock=lambda: NOW + timedelta(seconds=self.clock.now - 1_000),
            seconds=self.clock,
        )
        self.keeper.bot_link = "https://t.me/petition_bot"
        return self.keeper

    async def edit(self, live: LiveCard, screen: Screen) -> CardEdit:
        assert live.inline_message_id is not None
        self.calls.append((self.clock.now, live.inline_message_id))
        answer = self.answer(live.inline_message_id)
        if answer == SHOWN:
            self.texts[live.inline_message_id] = str(screen.text)
        return answer

    async def post(self, count: int, language: str = "en", *, at: datetime = NOW) -> list[str]:
        names = [f"card-{len(self.texts) + n}" for n in range(count)]
        for name in names:
            self.texts[name] = "as posted"
            await self.database.transact(cards.add, SEAL.close(name), language, at)
        return names

    async def sign(self, count: int = 10) -> None:
        """Add this many signatures. Ten change the number on the cards."""
        self.signed += count
        for n in range(self.signed - count, self.signed):
            await self.database.transact(add_signer, 5_000 + n)

    async def pass_seconds(self, seconds: float, every: float = 5.0) -> None:
        end = self.clock.now + seconds
        while self.clock.now < end:
            await self.keeper.refresh()
            self.clock.now += every

    async def count_stored(self) -> int:
        return len(await self.database.transact(cards.list_newest, NOW, 10_000))


@pytest.fixture
async def posted(database: Database, translators: Mapping[str, Translator]) -> Cards:
    """A keeper that has seen that there are no cards yet."""
    posted = Cards(database, translators)
    await posted.keeper.refresh()
    return posted


async def test_keeper_edits_a_card_only_when_its_number_changes(posted: Cards) -> None:
    [name] = await posted.post(1)
    await posted.pass_seconds(300)
    assert posted.calls == [], "a new card shows the number already"
    await posted.sign(8)
    await posted.pass_seconds(300)
    assert posted.calls == [], "178,920+ stays 178,920+"
    await posted.sign(2)
    await posted.pass_seconds(300)
    assert [each for _, each in posted.calls] == [name]
    assert "178,930+" in posted.texts[name]
    assert "(Korean time)" in posted.texts[name]


async def test_keeper_edits_the_newest_cards_first_and_each_once_in_a_pause(posted: Cards) -> None:
    names = await posted.post(60)
    await posted.keeper.refresh()
    for _ in range(40):
        await posted.sign(10)
        await posted.pass_seconds(15)
    calls = posted.calls
    assert [name for _, name in calls[:IN_A_ROW]] == names[::-1][:IN_A_ROW]
    for name in names:
        at = [at for at, each in calls if each == name]
        assert at, name
        assert all(b - a >= PAUSES[0] for a, b in pairwise(at)), name
    assert len(calls) <= 2 * (calls[-1][0] - calls[0][0]) + 1


async def test_refusals_of_every_tenth_edit_lose_no_card(posted: Cards) -> None:
    names = await posted.post(80)
    await posted.keeper.refresh()
    await posted.sign(10)
    refusals = [CardEdit("failed", 3.0), CardEdit("failed"), CardEdit("failed", 30.0)]
    posted.answer = lambda _: refusals[len(posted.calls) % 3] if len(posted.calls) % 10 == 0 else SHOWN
    await posted.pass_seconds(900)
    assert all("178,930+" in posted.texts[name] for name in names)
    assert len(posted.calls) < 100
    assert await posted.count_stored() == 80


@pytest.mark.parametrize("refusal", [CardEdit("failed"), CardEdit("failed", 1.0), CardEdit("failed", 40_000.0)])
async def test_refusals_for_hours_cause_no_storm(posted: Cards, refusal: CardEdit) -> None:
    names = await posted.post(50)
    await posted.keeper.refresh()
    await posted.sign(10)
    posted.answer = lambda _: refusal
    await posted.pass_seconds(6 * 3600, every=60)
    assert len(posted.calls) <= 20
    posted.answer = lambda _: SHOWN
    await posted.pass_seconds(2 * 3600, every=60)
    assert all("178,930+" in posted.texts[name] for name in names)


@pytest.mark.parametrize("outcome", ["lost", "gone", "moved"])
async def test_keeper_forgets_a_lost_card_for_good(posted: Cards, outcome) -> None:
    await posted.post(3)
    await posted.keeper.refresh()
    await posted.sign(10)
    posted.answer = lambda name: CardEdit(outcome) if name == "card-1" else SHOWN
    await posted.pass_seconds(150)
    assert await posted.count_stored() == 2
    posted.start()
    await posted.sign(10)
    await posted.pass_seconds(300)
    assert [name for _, name in posted.calls].count("card-1") == 1


async def test_killed_keeper_edits_each_card_once_more_and_doubles_none(posted: Cards) -> None:
    names = await posted.post(5)
    await posted.keeper.refresh()
    await posted.sign(10)

    def kill(name: str) -> CardEdit:
        if name == names[2]:
            raise asyncio.CancelledError
        return SHOWN

    posted.answer = kill
    with pytest.raises(asyncio.CancelledError):
        await posted.pass_seconds(120)
    posted.answer = lambda _: SHOWN
    posted.start()
    before = len(posted.calls)
    await posted.pass_seconds(120)
    assert sorted(name for _, name in posted.calls[before:]) == names
    assert all("178,930+" in posted.texts[name] for name in names)
    assert not await posted.database.transact(cards.add, SEAL.close(names[0]), "en", NOW)
    assert await posted.count_stored() == 5


async def test_keeper_edits_no_card_after_a_week(posted: Cards) -> None:
    await posted.post(1, at=NOW - timedelta(days=8))
    await posted.keeper.refresh()
    [kept] = await posted.post(1, at=NOW - timedelta(days=6))
    await posted.sign(10)
    await posted.pass_seconds(300)
    assert {name for _, name in posted.calls} == {kept}
    posted.clock.now += 86_400
    await posted.keeper.refresh()
    posted.clock.now += 86_400
    await posted.keeper.refresh()
    assert await posted.count_stored() == 0


@pytest.mark.parametrize(("replies", "rate"), [(0, 25), (2, 25), (4, 25), (10, 25)])
async def test_cards_slow_down_neither_broadcast_nor_replies(replies: int, rate: float) -> None:
    sent: dict[bool, list[int]] = {}
    for has_cards in (False, True):
        clock = SleepersClock()
        log = Log(Pacer(rate, clock=clock, sleep=clock.sleep), clock)
        edits: list[float] = []

        async def edit_cards(pace: Pacer = log.pace, edits: list[float] = edits, clock: SleepersClock = clock) -> None:
            while True:
                await pace.admit_card()
                edits.append(clock.now)
                pace.land(pace.depart(None, edit=True))

        tasks = [asyncio.create_task(edit_cards())] if has_cards else []
        log.broadcast()
        for second in range(20):
            for _ in range(replies):
                log.reply()
            await clock.pass_until(second + 1)
        await log.end()
        for task in tasks:
            task.cancel()
        sent[has_cards] = [len(log.broadcasts), len(log.people)]
        assert len(edits) <= 2 * 20 + 1
        if has_cards and replies == 0:
            assert len(edits) >= 2 * 20 - 2
    assert sent[True][1] == sent[False][1]
    assert sent[True][0] == pytest.approx(sent[False][0], rel=0.02)


async def test_keeper_edits_nothing_while_another_process_has_the_lock(
    sqlite_url: str, translators: Mapping[str, Translator], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.EVERY", 0.01)
    first, second = await open_migrated(sqlite_url), await open_migrated(sqlite_url)
    assert await first.try_lock(LOCK)
    counting = CountingDatabase(second)
    other, edited = Cards(counting, translators), asyncio.Event()
    await other.post(1)

    def show(_name: str) -> CardEdit:
        edited.set()
        return SHOWN

    other.answer = show
    run = asyncio.create_task(other.keeper.run())
    await counting.until_done("try_lock")
    assert other.calls == []
    await first.close()
    await asyncio.wait_for(edited.wait(), GIVE_UP)
    other.keeper.stop()
    await run
    await second.close()


async def test_keeper_that_loses_its_lock_while_it_waits_edits_nothing_more(
    posted: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server drops the lock with the connection, and then another process may edit the same cards."""
    await posted.post(10)
    await posted.keeper.refresh()
    await posted.sign(10)
    posted.clock.now += PAUSES[1]

    async def lose(_name: str) -> bool:
        return len(posted.calls) < 3

    monkeypatch.setattr(posted.database, "try_lock", lose)
    await posted.keeper.refresh()
    assert len(posted.calls) == 3


async def test_cancelled_keeper_leaves_no_task_behind(posted: Cards) -> None:
    before = asyncio.all_tasks()
    run = asyncio.create_task(posted.keeper.run())
    await asyncio.sleep(0)
    run.cancel()
    await asyncio.wait([run])
    assert asyncio.all_tasks() == before

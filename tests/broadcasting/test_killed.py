"""kill -9 at any moment, and lost connections: nobody gets a broadcast twice, and every loss is recorded as unknown."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.i18n import Translator
from chatbot.storage import Database, open_database
from tests.support.bot_process import BotProcess
from tests.support.broadcast_worker import WorkerDriver
from tests.support.cast import YUNA
from tests.support.database_reader import DatabaseReader
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

SUBSCRIBERS = range(10_001, 15_001)
BLOCKED = set(SUBSCRIBERS[::33])  # 3 %
DEACTIVATED = set(SUBSCRIBERS[1::100]) - BLOCKED  # 1 %
REACHABLE = set(SUBSCRIBERS) - BLOCKED - DEACTIVATED
KILLS = 10
WINDOW = 200
SETTINGS = {"BROADCAST_PAID": "true", "BROADCAST_RATE": "1000", "ORGANIZERS": str(YUNA)}


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


@pytest.fixture
async def emulator(wire: Wire) -> AsyncIterator[Emulator]:
    """A Telegram in which everybody has met the bot; some have blocked it since, or deleted their account."""
    async with Emulator(
        history=1, keep_deliveries=None, on_request=wire.on_request, on_answer=wire.on_answer
    ) as running:
        for each in (YUNA, *SUBSCRIBERS):
            person = running.world.add_person("Sam", person_id=each)
            person.started, person.blocked, person.deactivated = True, each in BLOCKED, each in DEACTIVATED
        yield running


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(f"sqlite:///{tmp_path}/chatbot.db")
    yield opened
    await opened.close()


def received(emulator: Emulator) -> Counter[int]:
    """Count the messages that reached each subscriber, by the log of the emulated Telegram."""
    sent = (delivery for delivery in emulator.deliveries if delivery.method == "sendmessage")
    return Counter(delivery.chat_id for delivery in sent if delivery.chat_id != YUNA)


def list_doubled(emulator: Emulator) -> list[int]:
    return [supporter_id for supporter_id, times in received(emulator).items() if times > 1]


class Killer:
    """Kills the sending worker after a number of its calls: before the call, or after its answer."""

    def __init__(self, wire: Wire, seed: int) -> None:
        self.chance = random.Random(seed)
        self.victim: BotProcess | None = None
        self._kind, self._left = "", -1
        wire.at_call = lambda method: self._count("call", method)
        wire.at_answer = lambda method: self._count("answer", method)

    def goes_after(self, victim: BotProcess) -> None:
        self.victim = victim
        self._kind, self._left = self.chance.choice(["call", "answer"]), self.chance.randint(1, 600)

    def _count(self, kind: str, method: str) -> None:
        if kind == self._kind and method == "sendMessage" and self.victim is not None:
            self._left -= 1
            if self._left == 0:
                self.victim.kill()


async def test_ten_kills_lose_and_double_no_delivery(
    emulator: Emulator, wire: Wire, database: Database, translators: Mapping[str, Translator], tmp_path: Path
) -> None:
    driver = WorkerDriver(database, translators)
    await driver.subscribe(SUBSCRIBERS)
    emulator.faults.disconnect("sendMessage", delivered=True, probability=0.004)
    emulator.faults.disconnect("sendMessage", probability=0.002)
    emulator.faults.break_down(502, "sendMessage", delivered=True, probability=0.002)
    broadcast = await driver.start(ko="소식")
    ledger = DatabaseReader(tmp_path / "chatbot.db")

    def crashed() -> int:
        return ledger.read("SELECT count(*) AS n FROM deliveries WHERE reason = 'crash'")[0]["n"]

    killer = Killer(wire, seed=7)
    # One sends, and one waits to take over at once.
    async with (
        BotProcess(emulator, tmp_path, "-m", "chatbot", "worker", **SETTINGS) as sending,
        BotProcess(emulator, tmp_path, "-m", "chatbot", "worker", **SETTINGS) as waiting,
    ):
        for _ in range(KILLS):
            before = crashed()
            killer.goes_after(sending)
            assert await sending.ended() == -9
            assert crashed() - before <= WINDOW
            await sending.starts()
            sending, waiting = waiting, sending
        emulator.faults.clear()
        ended = await driver.until(broadcast)
        assert crashed() <= KILLS * WINDOW
    assert ended.ending == "done"
    assert list_doubled(emulator) == []
    tally = await driver.tally(broadcast)
    counts = {outcome: tally.count(outcome) for outcome in ("sent", "gone", "failed", "unknown")}
    assert sum(counts.values()) == len(SUBSCRIBERS)
    assert tally.left == 0
    assert counts["unknown"] > 0
    assert counts["failed"] == 0
    rows = await driver.outcomes(broadcast)
    assert {supporter_id for supporter_id, (state, _) in rows.items() if state == "sent"} <= received(emulator).keys()
    assert {supporter_id for supporter_id, (state, _) in rows.items() if state == "gone"} <= BLOCKED | DEACTIVATED
    missing = REACHABLE - received(emulator).keys()
    unknown = {supporter_id for supporter_id, (state, _) in rows.items() if state == "unknown"}
    assert missing <= unknown, "everybody without it is recorded as unknown"

    await driver.send_again(broadcast, "unknown")
    async with BotProcess(emulator, tmp_path, **SETTINGS) as bot:
        await driver.until(broadcast)
        bot.kill()
        await bot.ended()
    assert received(emulator).keys() == REACHABLE
    assert set(list_doubled(emulator)) <= unknown
    assert (await driver.tally(broadcast)).outcomes == {
        ("ko", "sent", ""): len(REACHABLE),
        ("ko", "gone", "blocked"): len(BLOCKED),
        ("ko", "gone", "deactivated"): len(DEACTIVATED),
    }

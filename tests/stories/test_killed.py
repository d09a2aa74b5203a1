"""kill -9 at any moment while people sign, and a restart: nothing is lost, and no step is repeated."""

import asyncio
import random
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather, numbers
from tests.support.database_reader import DatabaseReader
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

PEOPLE = 120
LIVES = 5


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


class Reaper:
    """Kills the bot after a number of its calls: at the call, at the answer, or during the turns."""

    def __init__(self, wire: Wire, bot: BotProcess, seed: int) -> None:
        self.bot = bot
        self.chance = random.Random(seed)
        self.moments: list[str] = []
        self._left = -1
        self._kind = ""
        wire.at_call = lambda method: self._count("call", method)
        wire.at_answer = lambda method: self._count("answer", method)

    def waits(self) -> None:
        """Choose the moment of the next kill."""
        self._kind = self.chance.choice(["call", "answer", "turn"])
        self._left = self.chance.randint(1, 2 if self._kind == "turn" else 150)

    def stop(self) -> None:
        """Stop killing."""
        self._left = -1

    def _count(self, kind: str, method: str) -> None:
        turn = method == "getUpdates" and kind == "answer"
        if self._left < 0 or not (kind == self._kind or (turn and self._kind == "turn")):
            return
        self._left -= 1
        if self._left == 0:
            self._left = -1
            self.moments.append(f"{self._kind} {method}")
            # The turns of the batch take some milliseconds from here on.
            wait = self.chance.uniform(0, 0.03) if self._kind == "turn" else 0.0
            asyncio.get_running_loop().call_later(wait, self._kill, self.bot.lives)

    def _kill(self, life: int) -> None:
        if life == self.bot.lives:
            self.bot.kill()


@pytest.mark.parametrize("seed", [1])
async def test_kill_9_while_people_sign_loses_nothing(
    emulator: Emulator, wire: Wire, tmp_path: Path, seed: int
) -> None:
    crowd = gather(emulator.world, PEOPLE)
    async with BotProcess(emulator, tmp_path) as bot:
        reaper = Reaper(wire, bot, seed)
        signing = asyncio.gather(
            *(supporter.signs(patience=20, fingers=1 + n % 2) for n, supporter in enumerate(crowd))
        )
        while bot.lives < LIVES and not signing.done():
            reaper.waits()
            dying = asyncio.create_task(bot.ended())
            await asyncio.wait({dying, signing}, return_when=asyncio.FIRST_COMPLETED)
            if signing.done():
                reaper.stop()
                bot.kill()
            assert await dying == -9
            await bot.starts()
        await signing
        await wire.until_heard(emulator.world)
        assert emulator.world.queries == {}, "a button spins for ever"
        assert bot.troubles == []
    assert len(reaper.moments) == LIVES - 1
    ledger = DatabaseReader(bot.file)
    assert ledger.numbers() == numbers(crowd)
    ledger.assert_consistent(signatures=PEOPLE)

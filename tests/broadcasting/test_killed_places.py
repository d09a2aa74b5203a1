"""kill -9 while channels get a broadcast: none gets it twice, and one without it is recorded as unknown."""

from collections import Counter
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.emulator.world.people import POSTING
from chatbot.emulator.world.places.gatherings import gather
from tests.broadcasting.test_killed import Killer
from tests.support import linked_places
from tests.support.bot_process import BotProcess
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA
from tests.support.databases import open_migrated
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

CHANNELS = 30
PEOPLE = range(10_001, 10_061)
KILLS = 6


class ChannelKiller(Killer):
    """Kills the worker soon, before or after one of its calls."""

    def goes_after(self, victim: BotProcess) -> None:
        super().goes_after(victim)
        self._left = self.chance.randint(1, 12)


@pytest.mark.parametrize("seed", [1, 2])
async def test_kills_lose_and_double_no_post(url: str, tmp_path: Path, seed: int) -> None:
    wire = Wire(checked=False)
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer, history=1000) as emulator:
        yuna = emulator.world.add_person("유나", person_id=YUNA)
        yuna.started = True
        for each in PEOPLE:
            emulator.world.add_person("Sam", person_id=each).started = True
        database = await open_migrated(url)
        driver = BroadcastDriver(database)
        await driver.subscribe(PEOPLE)
        linked = []
        for nth in range(CHANNELS):
            place = gather(emulator.world, f"Choir {nth}", [yuna], kind="channel", bot=False)
            place.bot_status, place.bot_rights = "administrator", list(POSTING)
            linked.append(await linked_places.link(driver, place.id, place.title))
        broadcast = await linked_places.start(driver, linked, ko="소식")
        killer = ChannelKiller(wire, seed)
        settings = {"ORGANIZERS": str(YUNA), "DATABASE_URL": url, "BROADCAST_RATE": "30"}
        async with BotProcess(emulator, tmp_path, "-m", "chatbot", "worker", **settings) as bot:
            for _kill in range(KILLS):
                killer.goes_after(bot)
                assert await bot.ended() == -9
                await bot.starts()
            await driver.until(broadcast)
        chats = {place.chat_id: place.title for place in linked}
        posted = Counter(each.chat_id for each in emulator.deliveries if each.method == "sendmessage")
        outcomes = await linked_places.outcomes(driver, broadcast)
        assert all(posted[chat_id] <= 1 for chat_id in [*chats, *PEOPLE])
        for chat_id, title in chats.items():
            state, _reason = outcomes[title]
            assert state == "sent" if posted[chat_id] and state != "unknown" else state == "unknown", (title, state)
        assert sum(state == "unknown" for state, _ in outcomes.values()) <= KILLS
        tally = await driver.tally(broadcast)
        assert tally.total == len(PEOPLE)
        await database.close()

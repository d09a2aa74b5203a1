"""A bot and two workers see the same broadcast at once, on one database: nobody gets it twice, whichever is killed."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.i18n import Translator
from tests.support.bot_process import BotProcess
from tests.support.broadcast_worker import WorkerDriver
from tests.support.cast import YUNA
from tests.support.databases import open_migrated
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

SUBSCRIBERS = range(10_001, 10_601)
SETTINGS = {"BROADCAST_PAID": "true", "BROADCAST_RATE": "200", "ORGANIZERS": str(YUNA)}


async def test_bot_and_two_workers_send_each_message_once(
    url: str, translators: Mapping[str, Translator], tmp_path: Path
) -> None:
    database, wire = await open_migrated(url), Wire(checked=False)
    driver = WorkerDriver(database, translators)
    await driver.subscribe(SUBSCRIBERS)
    sent = await driver.start(ko="소식")
    async with Emulator(history=1, keep_deliveries=None, on_request=wire.on_request) as emulator:
        for each in (YUNA, *SUBSCRIBERS):
            emulator.world.add_person("Sam", person_id=each).started = True
        processes = [
            BotProcess(emulator, tmp_path, "-m", "chatbot", program, DATABASE_URL=url, **SETTINGS)
            for program in ("run", "worker", "worker")
        ]
        try:
            await asyncio.gather(*(each.starts() for each in processes))
            for nth, each in enumerate(processes[:2], 1):  # at least one of them is not the one that sends
                await wire.until(lambda nth=nth: wire.calls["sendMessage"] >= 150 * nth)  # type: ignore[misc]
                each.kill()
                assert await each.ended() == -9
            ended = await driver.until(sent)
        finally:
            for each in processes:
                each.kill()
                await each.ended()
        deliveries = [each for each in emulator.deliveries if each.method == "sendmessage"]
        received = Counter(each.chat_id for each in deliveries if each.chat_id != YUNA)
    states = {person: state for person, (state, _) in (await driver.outcomes(sent)).items()}
    await database.close()
    assert ended.ending == "done"
    assert set(received.values()) == {1}, "nobody gets it twice"
    assert {each for each, state in states.items() if state == "sent"} <= received.keys()
    assert set(SUBSCRIBERS) - received.keys() <= {each for each, state in states.items() if state == "unknown"}
    assert states.keys() == set(SUBSCRIBERS)

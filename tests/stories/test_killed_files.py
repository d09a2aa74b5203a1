"""kill -9 while the bot sends a picture or a poster that an organizer asked for: it comes after the restart."""

import signal
from pathlib import Path
from typing import Final

import pytest

from chatbot.emulator import Emulator
from tests.stories.test_exporting import list_left_behind
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.cast import YUNA
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

ASKED: Final = {
    "link:qr:flyer": "sendPhoto",
    "link:print:en:flyer": "sendDocument",
    "stats:card:square.en": "sendPhoto",
    "stats:growth:all": "sendPhoto",
    "stats:ranks:all": "sendPhoto",
}
"""How what is asked for by each button is sent."""


@pytest.mark.parametrize("action", ASKED)
async def test_killed_bot_sends_what_was_asked_for_after_its_restart(
    emulator: Emulator, wire: Wire, tmp_path: Path, action: str
) -> None:
    method = ASKED[action]
    yuna = Actor(emulator.world, wire, emulator.world.add_person("유나", person_id=YUNA, language_code="en"))
    async with BotProcess(emulator, tmp_path, ORGANIZERS=str(YUNA)) as bot:
        await yuna.says("/start")
        wire.at_call = lambda called: bot.kill() if called == method else None
        emulator.world.presses(yuna.person, yuna.message["message_id"], action, stale=True)
        assert await bot.ended() == -9
        wire.at_call = None
        before = wire.answered[method]
        await bot.starts()
        await wire.until(lambda: wire.answered[method] > before)
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
        await bot.starts()
        emulator.world.says(yuna.person, "/stats")
        await wire.until_heard(emulator.world)
        assert wire.answered[method] == before + 1, "once it has come, it does not come again"
        assert list_left_behind(tmp_path) == []
        assert bot.troubles == []

"""Changes at Telegram while the bot runs: a removed webhook, a revoked token, a new username."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from chatbot.emulator import Emulator
from chatbot.emulator.world.places.gatherings import gather
from chatbot.storage import open_database
from chatbot.storage.organizer import jobs
from chatbot.transport import application as transport
from tests.support.bot_process import BotProcess
from tests.support.cast import YUNA
from tests.support.crowd import Supporter, actions
from tests.support.stage import Stage

pytestmark = pytest.mark.slow


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_pause=0.02) as emulator:
        yield emulator


def web(telegram: Emulator, folder: Path, port: int, **settings: str) -> BotProcess:
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram", "PORT": str(port)}
    return BotProcess(telegram, folder, "-m", "chatbot", "web", **(hook | settings))


async def sign(telegram: Emulator) -> int:
    """Let somebody new sign. Give their number."""
    person = telegram.world.add_person("Sam", language_code="en")
    return await Supporter(telegram.world, person, "CA").signs()


async def readiness(port: int) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as response:
        return response.status


async def test_web_restores_a_removed_webhook(telegram: Emulator, tmp_path: Path, unused_tcp_port: int) -> None:
    yuna = telegram.world.add_person("유나", language_code="ko", person_id=YUNA)
    telegram.world.starts(yuna)
    settings = {"ORGANIZERS": str(YUNA)}
    async with web(telegram, tmp_path, unused_tcp_port, **settings) as bot:
        await bot.says("listening as")
        assert await sign(telegram) == 178_922
        with telegram.world.watch(yuna) as watch:
            async with BotProcess(telegram, tmp_path, **settings) as other:
                await other.says("the webhook set for this bot is removed")
            await bot.says("the webhook was removed: another program used this token. It is set again")
            message = await watch.next_screen()
            assert "다른 프로그램" in message["text"]
        assert await sign(telegram) == 178_923
        assert await readiness(unused_tcp_port) == 200
        assert len(bot.troubles) == 1


async def test_refused_webhook_address_is_told_and_keeps_it_unready(
    telegram: Emulator, tmp_path: Path, unused_tcp_port: int
) -> None:
    words = "bad webhook: Failed to resolve host: Name or service not known"
    refusal = telegram.faults.refuse(400, f"Bad Request: {words}", "setWebhook")
    async with web(telegram, tmp_path, unused_tcp_port) as bot:
        await bot.says(f"WEBHOOK_URL: Telegram refuses it ({words.lower().capitalize()})")
        assert await readiness(unused_tcp_port) == 503
        telegram.faults.remove(refusal)
        await bot.says("listening as")
        assert await readiness(unused_tcp_port) == 200
        assert len(bot.troubles) == 1


@pytest.mark.parametrize("command", ["web", "worker", "run"])
async def test_revoked_token_ends_the_process(
    telegram: Emulator, tmp_path: Path, unused_tcp_port: int, command: str
) -> None:
    yuna = telegram.world.add_person("유나", language_code="ko", person_id=YUNA)
    telegram.world.starts(yuna)
    hook = {"WEBHOOK_URL": f"http://127.0.0.1:{unused_tcp_port}/telegram", "PORT": str(unused_tcp_port)}
    async with BotProcess(telegram, tmp_path, "-m", "chatbot", command, **hook, ORGANIZERS=str(YUNA)) as bot:
        await bot.says("sending broadcasts" if command == "worker" else "listening as")
        if command == "web":
            sam = telegram.world.add_person("Sam", language_code="en")
            with telegram.world.watch(sam) as watch:
                telegram.world.starts(sam)
                message = await watch.next_screen()
            telegram.faults.refuse(401, "Unauthorized", "*")
            telegram.world.presses(sam, message["message_id"], actions(message)[0])
        else:
            telegram.faults.refuse(401, "Unauthorized", "*")
            database = await open_database(bot.settings["DATABASE_URL"])
            await database.transact(jobs.tell_one, YUNA, "human_off", {"rate": 1}, datetime.now(UTC))
            await database.close()
        assert await bot.ended() == 1
    assert re.search("TELEGRAM_TOKEN: Telegram does not accept it", bot.log[-1])


async def test_renamed_bot_uses_its_new_name(empty_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "NAME_CHECK_PAUSE", 0.05)
    stage, wire = empty_stage, empty_stage.wire
    await stage.opens()
    sam = await stage.tell("Sam: /share\nBot: https://t.me/petition_bot?start=")
    stage.world.bot.username = "new_petition_bot"
    asked = wire.answered["getMe"]
    await wire.until(lambda: wire.answered["getMe"] > asked + 1)  # the second process knows the first one's answer
    await stage.tell("Sam: /share\nBot: https://t.me/new_petition_bot?start=\nBot: (not) /petition_bot")
    group = gather(stage.world, "Friends", [sam.person])
    stage.world.says(sam.person, "/sign@new_petition_bot", group)
    await wire.until_heard(stage.world)
    *_, answer = [message for message in stage.world.said_in(group) if message["from"]["is_bot"]]
    assert answer["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/new_petition_bot"

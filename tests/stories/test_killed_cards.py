"""kill -9 while cards are offered, posted and edited, and a restart: no card is lost or stored twice."""

import asyncio
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.emulator.world.inline import asks_inline, calls_guest, chooses_result, find_inline_message
from chatbot.emulator.world.places.gatherings import gather
from tests.support.bot_process import BotProcess
from tests.support.databases import open_migrated
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow

MOMENTS = (
    ("answerInlineQuery", "call"),
    ("answerInlineQuery", "answer"),
    ("answerGuestQuery", "call"),
    ("getUpdates", "answer"),
    ("editMessageText", "call"),
    ("editMessageText", "answer"),
)


class Killer:
    """Kills the bot once, at the next call of a method or at its answer."""

    def __init__(self, wire: Wire, bot: BotProcess) -> None:
        self.bot = bot
        self.aim: tuple[str, str] | None = None
        wire.at_call = lambda method: self._strike(method, "call")
        wire.at_answer = lambda method: self._strike(method, "answer")

    def _strike(self, method: str, when: str) -> None:
        # A slow emulator hears the last call of a process only after its end: that one does not count.
        if (method, when) == self.aim and self.bot.is_alive:
            self.aim = None
            self.bot.kill()


async def test_kill_9_around_cards_loses_and_doubles_none(
    emulator: Emulator, wire: Wire, tmp_path: Path, url: str
) -> None:
    world = emulator.world
    world.bot.has_inline = world.bot.is_guest = True
    hana = world.add_person("하나", language_code="ko")
    posted = 0
    async with BotProcess(emulator, tmp_path, DATABASE_URL=url) as bot:
        killer = Killer(wire, bot)
        for moment in MOMENTS:
            if moment[0] == "editMessageText":
                # Only a restart brings edits for sure: the number does not change, and a slow machine may aim too late
                # for those of the last start.
                bot.kill()
                await bot.ended()
                killer.aim = moment
                await bot.starts()
            else:
                killer.aim = moment
            place = gather(world, "친구들", [hana], bot=False)
            query_id, guest_id = asks_inline(world, hana, place), calls_guest(world, hana, place)
            assert await bot.ended() == -9
            await bot.starts()
            await wire.until(lambda q=query_id, g=guest_id: _is_answered(emulator, q, g), GIVE_UP)
            chooses_result(world, query_id, "ko")
            posted += 1
        await wire.until_heard(world)
        assert bot.troubles == []
        bot.kill()
        await bot.ended()
        edited = {key for key in world.inline_messages if "edit_date" in (find_inline_message(world, key) or {})}
        await bot.starts()
        await wire.until(lambda: len(_find_edited(emulator)) >= posted, GIVE_UP)
        assert edited <= _find_edited(emulator)
    database = await open_migrated(url)
    stored = [row["sealed_id"] for row in await database.transact(lambda tx: tx.all("SELECT sealed_id FROM cards"))]
    await database.close()
    assert len(stored) == len(set(stored))
    assert posted <= len(stored) <= len(world.inline_messages), "of a guest's card only the following may be lost"


def _is_answered(emulator: Emulator, *query_ids: str) -> bool:
    queries = emulator.world.inline_queries
    return all(queries[each].results is not None for each in query_ids)


def _find_edited(emulator: Emulator) -> set[str]:
    world = emulator.world
    return {key for key in world.inline_messages if "edit_date" in (find_inline_message(world, key) or {})}


async def test_two_processes_edit_a_card_once(emulator: Emulator, wire: Wire, tmp_path: Path, url: str) -> None:
    world = emulator.world
    world.bot.has_inline = True
    hana = world.add_person("하나", language_code="ko")
    place = gather(world, "친구들", [hana], bot=False)
    async with BotProcess(emulator, tmp_path, DATABASE_URL=url):
        for _ in range(3):
            query_id = asks_inline(world, hana, place)
            await wire.until(lambda q=query_id: _is_answered(emulator, q), GIVE_UP)
            chooses_result(world, query_id, "ko")
        await wire.until_heard(world)
    before = wire.calls["editMessageText"]
    worker = BotProcess(emulator, tmp_path, "-m", "chatbot", "worker", DATABASE_URL=url)
    async with BotProcess(emulator, tmp_path, DATABASE_URL=url), worker:
        await wire.until(lambda: wire.calls["editMessageText"] == before + 3, GIVE_UP)
        await asyncio.sleep(2)  # there is no event for what does not happen
    assert wire.calls["editMessageText"] == before + 3
    assert len(_find_edited(emulator)) == 3

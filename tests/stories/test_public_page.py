"""The public page from outside: somebody finds it, opens the bot by it, and is counted as having come from the web."""

import asyncio
import re
import shutil
import socket
from pathlib import Path

import aiohttp
import pytest

from chatbot.emulator import Emulator
from chatbot.settings import BUNDLED_LOCALES
from tests.attacks.raw_requests import web_process
from tests.support.bot_process import BotProcess
from tests.support.database_reader import DatabaseReader
from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP
from tests.support.more_languages import add_language
from tests.support.recorded_calls import Wire

pytestmark = pytest.mark.slow


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


async def until_there(file: Path) -> str:
    """Return the text of a file once another process has written it."""
    async with asyncio.timeout(GIVE_UP):
        while not await asyncio.to_thread(file.exists):
            pass
    return await asyncio.to_thread(file.read_text, "utf-8", "replace")


async def ask(address: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as response:
        return response.status, await response.text("utf-8", "replace")


async def test_sam_comes_by_the_page_in_a_folder(emulator: Emulator, tmp_path: Path) -> None:
    sam = emulator.world.add_person("Sam", language_code="en")
    watch = emulator.world.watch(sam)
    folder = tmp_path / "page"
    settings = {"PAGE_DIR": str(folder), "PAGE_URL": "https://petition.example.org"}
    async with BotProcess(emulator, tmp_path, **settings) as bot:
        await until_there(folder / "card.png")
        page = await until_there(folder / "en.html")
        found = re.search(r'class="button" href="https://t\.me/(\w+)\?start=(\w+)"', page)
        assert found is not None
        assert found[1] == "petition_bot"
        emulator.world.starts(sam, found[2])
        assert "Save North Korean Refugees" in (await watch.next_message(GIVE_UP))["text"]
        assert bot.troubles == []
    assert DatabaseReader(bot.file).supporter(sam.id)["source"] == "web"


async def test_page_of_a_language_that_left_the_campaign_leaves_the_folder(emulator: Emulator, tmp_path: Path) -> None:
    folder, locales = tmp_path / "page", tmp_path / "locales"
    await asyncio.to_thread(shutil.copytree, BUNDLED_LOCALES, locales)
    await asyncio.to_thread(add_language, locales, "zh_Hant")
    async with BotProcess(emulator, tmp_path, PAGE_DIR=str(folder), LOCALES_DIR=str(locales)):
        await until_there(folder / "card.zh-Hant.png")
        assert 'hreflang="zh-Hant"' in await until_there(folder / "en.html")
        assert 'lang="zh-Hant"' in await until_there(folder / "zh-Hant.html")
    (folder / "fr.html").write_text("<h1>Notre chorale</h1>", "utf-8")
    async with BotProcess(emulator, tmp_path, PAGE_DIR=str(folder)) as bot:
        async with asyncio.timeout(GIVE_UP):
            while list(folder.glob("*zh-Hant*")):  # noqa: ASYNC110 - another process removes them
                await asyncio.sleep(0.1)
        assert "zh-Hant" not in await until_there(folder / "en.html")
        assert bot.troubles == []
    own = {
        f"{name}.{language}.{kind}" for name, kind in (("card", "png"), ("badge", "svg")) for language in ("ko", "en")
    }
    own |= {"ko.html", "en.html", "index.html", "card.png", "badge.svg", "count.json", ".petition-page.json"}
    assert await asyncio.to_thread(lambda: {file.name for file in folder.iterdir()}) == {*own, "fr.html"}


async def test_web_shows_the_page_and_hides_its_health(tmp_path: Path) -> None:
    port, health = find_free_port(), find_free_port()
    async with web_process(tmp_path, port, PUBLIC_PAGE="true", HEALTH_PORT=str(health)) as (bot, _secret):
        public, own = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{health}"
        async with asyncio.timeout(GIVE_UP):
            while (found := await ask(f"{public}/", **{"Accept-Language": "ko"}))[0] != 200:
                pass
        assert 'lang="ko"' in found[1]
        assert f'href="{public}/ko.html"' in found[1], "by the address of the webhook"
        assert (await ask(f"{public}/count.json"))[1] == '{"count":178921,"goal":180000,"state":"open"}\n'
        assert [(await ask(f"{each}/healthz"))[0] for each in (public, own)] == [404, 200]
        assert (await ask(f"{own}/"))[0] == 404
        assert bot.troubles == []


async def test_web_has_no_page_unless_it_is_asked_for(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port):
        for path in ("/", "/ko.html", "/count.json", "/card.png"):
            assert (await ask(f"http://127.0.0.1:{unused_tcp_port}{path}"))[0] == 404


async def test_taken_health_port_ends_the_start_with_its_name(tmp_path: Path, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}/telegram"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        health = str(taken.getsockname()[1])
        ports = {"PORT": str(unused_tcp_port), "HEALTH_PORT": health, "HOST": "127.0.0.1"}
        async with (
            Emulator() as emulator,
            BotProcess(emulator, tmp_path, "-m", "chatbot", "web", WEBHOOK_URL=url, **ports) as bot,
        ):
            assert await bot.ended() == 1
    assert f"HEALTH_PORT: {health} cannot be used" in bot.log[-1]

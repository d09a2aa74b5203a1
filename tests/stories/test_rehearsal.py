"""The demo as a process: a rehearsal with the page's requests, a restart in between, and a fresh start."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from tests.support.bot_process import environment
from tests.support.cast import HANA
from tests.support.crowd import actions
from tests.support.limits import GIVE_UP

pytestmark = pytest.mark.slow


class Page:
    """Sends the requests that the web page sends."""

    def __init__(self, url: str, http: aiohttp.ClientSession, events: aiohttp.StreamReader) -> None:
        self.port = url.rpartition(":")[2]
        self.http = http
        self.events = events
        self.message: dict[str, Any] = {}

    async def chat(self) -> list[dict[str, Any]]:
        """List the messages in 하나's chat."""
        async with self.http.get(f"/emulator/chats/{HANA}") as answer:
            return list((await answer.json())["messages"])

    async def act(self, act: str, **what: Any) -> str:
        """Let 하나 act. Give the text of the next screen."""
        async with self.http.post(f"/emulator/chats/{HANA}/{act}", json=what) as answer:
            assert answer.status == 200, await answer.text()
        return await self.next_screen()

    async def next_screen(self) -> str:
        """Give the text of the next screen."""
        async with asyncio.timeout(GIVE_UP):
            while True:
                kind, _, event = (await self.events.readline()).partition(b": ")
                if kind == b"data":
                    happened = orjson.loads(event)
                    if happened["type"] in ("message", "edited") and happened["message"]["from"]["is_bot"]:
                        self.message = happened["message"]
                        return str(self.message["text"])

    async def press(self, beginning: str) -> str:
        """Let 하나 tap a button of the newest screen by its label."""
        self.message = (await self.chat())[-1]
        [data] = [action for action in actions(self.message) if action.startswith(beginning)]
        return await self.act("press", message_id=self.message["message_id"], data=data)


async def start_demo(folder: Path, *options: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chatbot", "demo", *options, cwd=folder, env=environment(), stdout=PIPE, stderr=PIPE
    )


@asynccontextmanager
async def rehearsal(folder: Path, *options: str, end: signal.Signals) -> AsyncIterator[Page]:
    """Run a demo with 하나's chat open, and end it by a signal."""
    demo = await start_demo(folder, "--port", "0", *options)
    assert demo.stdout is not None
    try:
        said = (await demo.stdout.readline()).decode()
        [url] = re.findall(r"http://\S+", said)
        async with aiohttp.ClientSession(url) as http, http.get(f"/emulator/chats/{HANA}/events") as events:
            yield Page(url, http, events.content)
            demo.send_signal(end)  # while the page is open
            async with asyncio.timeout(GIVE_UP):
                _, log = await demo.communicate()
        assert demo.returncode == 0
        assert [line for line in log.splitlines() if b" INFO " not in line] == []
    finally:
        if demo.returncode is None:
            demo.kill()
            await demo.wait()


async def test_rehearsal_continues_after_a_restart_until_fresh(tmp_path: Path) -> None:
    async with rehearsal(tmp_path, end=signal.SIGTERM) as page:
        assert "탈북 난민" in await page.act("start", payload="rehearsal")
        assert "👤 하나" in await page.press("sign")
        assert "왜 서명" in await page.press("check.reason")
        assert "친구를 위해" in await page.act("say", text="친구를 위해")
        said = len(await page.chat())
    open_to_others = [
        file.name for file in (tmp_path / "demo", *(tmp_path / "demo").iterdir()) if file.stat().st_mode & 0o077
    ]
    assert open_to_others == [], "what people say and sign is for whoever runs it"
    async with rehearsal(tmp_path, end=signal.SIGINT) as page:
        assert len(await page.chat()) == said
        assert "179,962" in await page.press("check.sign")
        assert "🔔" in str(await page.next_screen() and page.message)

        refused = await start_demo(tmp_path, "--fresh", "--port", page.port)
        _, told = await refused.communicate()
        assert refused.returncode == 1
        assert re.fullmatch(rb"--port: \d+ cannot be used .*; choose another\n", told)
        assert "179,962" in await page.act("start"), "the demo that runs has lost nothing"
    async with rehearsal(tmp_path, "--fresh", end=signal.SIGINT) as page:
        assert await page.chat() == []
        await page.act("start")
        assert "sign" in actions(page.message), "nobody has signed"

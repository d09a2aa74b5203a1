"""Crowds of readers of the public page delay no update: every answer comes from memory, and large ones are few."""

import asyncio
import statistics
from pathlib import Path

import pytest

from tests.attacks.raw_requests import Telegram, ask, hold, let_go, log_bytes, web_process
from tests.support.limits import GIVE_UP, SOON

pytestmark = pytest.mark.slow

PAGE = b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: ko\r\nConnection: close\r\n\r\n"
PICTURE = b"GET /card.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_readers_delay_no_update(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port, PUBLIC_PAGE="true") as (bot, secret):
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        async with asyncio.timeout(GIVE_UP):
            # The picture is drawn in another process, which has no event here.
            while not (await ask(unused_tcp_port, PICTURE)).startswith(b"HTTP/1.1 200 "):
                pass
        written = log_bytes(bot)
        # They never read what they asked for.
        held = await asyncio.to_thread(hold, unused_tcp_port, 150, PICTURE.replace(b"close", b"keep-alive"))
        told: list[bytes] = []

        async def read_on() -> None:
            while True:
                told.append((await ask(unused_tcp_port, PAGE))[:12])

        crowd = [asyncio.create_task(read_on()) for _ in range(20)]
        try:
            for nth in range(60):
                await asyncio.wait_for(telegram.brings(anew=nth % 2 == 1), SOON)
        finally:
            for each in crowd:
                each.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
            let_go(held)
            telegram.leaves()
        # The machine may run other tests; tests.benchmarks.http_server measures exactly.
        assert statistics.median(telegram.waits) < 0.2
        assert max(telegram.waits) < 2
        assert b"HTTP/1.1 200" in told
        assert log_bytes(bot) == written
        assert bot.troubles == []

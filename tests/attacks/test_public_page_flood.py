"""Many readers of the public page delay no update, even if they never read the response."""

import asyncio
from pathlib import Path

import pytest

from tests.attacks.raw_requests import (
    Telegram,
    ask,
    close_connections,
    hold_connections,
    measure_log,
    no_delay,
    web_process,
)
from tests.support.limits import GIVE_UP, SOON

pytestmark = pytest.mark.slow

PAGE = b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: ko\r\nConnection: close\r\n\r\n"
PICTURE = b"GET /card.png HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def test_readers_delay_no_update(tmp_path: Path, unused_tcp_port: int) -> None:
    async with web_process(tmp_path, unused_tcp_port, PUBLIC_PAGE="true") as (bot, secret):
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        async with asyncio.timeout(GIVE_UP):
            # Another process draws the picture, and nothing tells this one when it is done.
            while not (await ask(unused_tcp_port, PICTURE)).startswith(b"HTTP/1.1 200 "):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        written = measure_log(bot)
        held = await asyncio.to_thread(hold_connections, unused_tcp_port, 150, PICTURE.replace(b"close", b"keep-alive"))
        told: list[bytes] = []

        async def read_repeatedly() -> None:
            while True:
                told.append((await ask(unused_tcp_port, PAGE))[:12])

        crowd = [asyncio.create_task(read_repeatedly()) for _ in range(20)]
        try:
            with no_delay(telegram, bot):
                for nth in range(60):
                    await asyncio.wait_for(telegram.brings(anew=nth % 2 == 1), SOON)
        finally:
            for each in crowd:
                each.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)
            close_connections(held)
            telegram.leaves()
        assert b"HTTP/1.1 200" in told
        assert measure_log(bot) == written
        assert bot.troubles == []

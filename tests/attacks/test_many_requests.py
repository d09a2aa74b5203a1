"""A stranger who sends thousands of requests over each of sixty connections does not delay Telegram."""

import asyncio
from pathlib import Path

import pytest

from chatbot.transport.incoming.connections import HEADS
from tests.attacks.raw_requests import Telegram, ask, measure_log, no_delay, web_process, write_post
from tests.support.limits import SOON

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
FLOOD = HEALTH * 7_000
CONNECTIONS = 60


@pytest.mark.slow
async def test_server_answers_one_request_of_a_stranger_and_all_of_telegram(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    async with web_process(tmp_path, unused_tcp_port) as (bot, secret):
        telegram = Telegram(unused_tcp_port, secret)
        for first in (HEALTH, write_post(b"{}"), write_post(b"{}", path="/nothing")):
            answer = await ask(unused_tcp_port, first + HEALTH * (HEADS - 1))
            assert answer.count(b"HTTP/1.1 ") == 1
        assert await ask(unused_tcp_port, HEALTH * (HEADS + 1)) == b""
        over = asyncio.Event()

        async def flood() -> int:
            answers = 0
            while not over.is_set():
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
                    try:
                        writer.write(FLOOD)
                        while some := await reader.read(1 << 20):
                            answers += some.count(b"HTTP/1.1 ")
                    finally:
                        writer.close()
                except ConnectionError:
                    pass
                await asyncio.sleep(0.1)
            return answers

        await telegram.brings()
        floods = [asyncio.create_task(flood()) for _ in range(CONNECTIONS)]
        with no_delay(telegram, bot):
            for _ in range(40):
                await asyncio.wait_for(telegram.brings(), SOON)
                await asyncio.sleep(0.02)
        over.set()
        assert sum(await asyncio.gather(*floods)) < 200 * CONNECTIONS
        telegram.leaves()
        assert measure_log(bot) < 5_000
        assert bot.troubles == []

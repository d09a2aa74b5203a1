"""Compressed bodies that would inflate to tens of megabytes are not inflated, and delay no update."""

import asyncio
import gzip
import zlib
from pathlib import Path

import pytest

from tests.attacks.raw_requests import SECRET_HEADER, Telegram, ask, measure_log, no_delay, web_process, write_post
from tests.benchmarks.measuring import processor_seconds

INFLATED = 60_000_000
TIMES = 24
PACK = {"gzip": gzip.compress, "deflate": zlib.compress}


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_server_inflates_no_body(tmp_path: Path, unused_tcp_port: int, packing: str) -> None:
    async with web_process(tmp_path, unused_tcp_port) as (bot, secret):
        assert bot.process is not None
        telegram = Telegram(unused_tcp_port, secret)
        await telegram.brings()
        packed = f"Content-Encoding: {packing}"
        bomb = PACK[packing](b"A" * INFLATED)
        bombs = (
            (write_post(bomb, packed), b"404"),
            (write_post(bomb, packed, path="/nothing"), b"404"),
            (write_post(bomb, packed, f"{SECRET_HEADER}: {secret}"), b"415"),
        )
        used = processor_seconds(bot.process.pid)

        async def send_bombs(nth: int) -> None:
            for _ in range(TIMES // 4):
                bomb, status = bombs[nth % len(bombs)]
                answer = await ask(unused_tcp_port, bomb.replace(b"Host: x", b"Host: x\r\nConnection: close"))
                assert answer.split()[1:2] == [status]

        sending = asyncio.gather(*(send_bombs(nth) for nth in range(4)))
        with no_delay(telegram, bot):
            while not sending.done():
                await telegram.brings()
                await asyncio.sleep(0.01)
        await sending
        telegram.leaves()
        # To inflate one body takes a tenth of a second.
        assert processor_seconds(bot.process.pid) - used < TIMES * 0.03
        assert measure_log(bot) < 5_000
        assert bot.troubles == []

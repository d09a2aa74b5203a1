"""Stopping the emulator closes every connection."""

import asyncio
import gc
import socket
import warnings
from contextlib import ExitStack

import pytest

from chatbot.emulator import Emulator

VISITORS = 48
SIZE = 20_000_000
"""Bytes, more than the kernel keeps for a client that does not read."""


async def test_stop_closes_the_connection_of_a_client_that_does_not_read() -> None:
    async with Emulator() as emulator:
        stored = emulator.world.files.keep("document", bytes(SIZE))
        with socket.create_connection((emulator.host, emulator.port)) as client:
            client.setblocking(False)
            path = f"/file/bot{emulator.token}/{stored.as_file(path=True)['file_path']}"
            client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert (await asyncio.get_running_loop().sock_recv(client, 15)).startswith(b"HTTP/1.1 200")
            await emulator.stop()
            received = 0
            try:
                while more := client.recv(1_000_000):
                    received += len(more)
            except ConnectionResetError:
                pass
            assert received < SIZE


@pytest.mark.parametrize("turns", range(6))
async def test_stop_closes_connections_that_were_just_accepted(turns: int) -> None:
    with warnings.catch_warnings(record=True) as told, ExitStack() as clients:
        warnings.simplefilter("always", ResourceWarning)
        async with Emulator() as emulator:
            for _ in range(VISITORS):
                clients.enter_context(socket.create_connection((emulator.host, emulator.port)))
            for _ in range(turns):
                await asyncio.sleep(0)
        gc.collect()
    assert [str(warning.message) for warning in told] == []

"""Stopping the emulator closes every connection."""

import asyncio
import socket

from chatbot.emulator import Emulator

SIZE = 20_000_000
"""Bytes, more than the kernel keeps for a client that does not read."""


async def test_stopped_emulator_has_closed_also_who_does_not_read() -> None:
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

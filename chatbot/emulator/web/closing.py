"""Closes an asyncio server without losing the connections that it is accepting."""

import asyncio

_ACCEPTING = 5
"""Turns of the event loop until an accepted connection has its protocol."""


async def stop_accepting(server: asyncio.Server) -> None:
    """Close the listening sockets, after the connections accepted so far have reached their protocols.

    `Server.close` alone loses the connections accepted in the same turn of the event loop. They stay open without a
    protocol that closes them (https://github.com/python/cpython/issues/109564).
    """
    loop = asyncio.get_running_loop()
    for listening in server.sockets:
        loop.remove_reader(listening)
    for _ in range(_ACCEPTING):
        await asyncio.sleep(0)
    server.close()

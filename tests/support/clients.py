"""Clients of the Bot API that are closed at the end of a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatbot.transport.outgoing.client import BotApi


@asynccontextmanager
async def open_client(token: str, url: str, proxy: str | None = None) -> AsyncIterator[BotApi]:
    api = BotApi(token, url, proxy)
    await api.open()
    try:
        yield api
    finally:
        await api.close_session()

"""A process that ends in the middle of a job."""

import asyncio
from datetime import timedelta

import pytest

from tests.support.team_chats import TeamChats


async def cut_off(chats: TeamChats, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the jobs that are due until one shows something, and end the process there."""
    chat_sender, reached = chats.jobs.chat_sender, asyncio.Event()
    show = chat_sender.show

    async def hang(*_: object) -> int | None:
        reached.set()
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(chat_sender, "show", hang)
    monkeypatch.setattr("chatbot.jobs.runner.GRACE", 0)
    chats.jobs.now = chats.driver.now + timedelta(seconds=1)
    dying = asyncio.create_task(chats.jobs.runner().run())
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    monkeypatch.setattr(chat_sender, "show", show)

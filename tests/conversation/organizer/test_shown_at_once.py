"""Two organizers tap a button that only shows or asks, at once: both are answered, and nothing is changed."""

import asyncio
from typing import Any, Final

import pytest

from chatbot.storage import Transaction
from chatbot.storage.privacy.tables import TABLES
from tests.support.live_buttons import BESIDE, read_kind
from tests.support.shown_buttons import SHOWN
from tests.support.team_desk import Desk

_ENGINES: Final = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


async def read_all(tx: Transaction) -> dict[str, list[Any]]:
    """Read every table but those that any turn writes."""
    return {
        each: sorted(map(repr, map(dict, await tx.all(f"SELECT * FROM {each}"))))
        for each in TABLES
        if not each.startswith(BESIDE)
    }


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
@pytest.mark.parametrize("name", SHOWN)
async def test_two_organizers_look_at_once(desk: Desk, name: str) -> None:
    action = await SHOWN[name](desk)
    assert read_kind(action) == name
    phones = [desk.open(name, process) for name, process in zip(("유나", "하나"), desk.processes, strict=True)]
    before = await desk.chats.database.transact(read_all)
    await asyncio.gather(*(phone.presses(action) for phone in phones))
    for phone in phones:
        assert phone.answer is not None
        assert phone.answer.screen is not None or phone.notice, "everybody gets an answer"
        assert "Sorry" not in phone.text
    assert await desk.chats.database.transact(read_all) == before

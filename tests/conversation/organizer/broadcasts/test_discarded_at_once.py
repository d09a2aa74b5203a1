"""If a draft is discarded while its writer types, they are told."""

from typing import Any

import pytest

from chatbot.storage import Transaction
from chatbot.storage.broadcasts import drafts
from tests.support.chat import Chat


async def test_writer_is_told_that_the_draft_was_discarded_meanwhile(
    yuna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def come_late(tx: Transaction, broadcast_id: int, *_values: Any) -> bool:
        assert await drafts.discard(tx, broadcast_id)
        return False

    await yuna.says("/broadcast")
    monkeypatch.setattr(drafts, "write_post", come_late)
    await yuna.says("Our friend is free.")
    assert "was discarded" in yuna.text

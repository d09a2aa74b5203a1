"""Steps as they are stored."""

import pytest

from tests.support.team_chats import YUNA, TeamChats


@pytest.mark.parametrize(
    ("old", "asked"), [("suspicion", "I could not read that"), ("because", "That question is not open any more")]
)
async def test_step_stored_under_an_old_name_is_still_open(chats: TeamChats, old: str, asked: str) -> None:
    yuna = chats.chat(YUNA, "유나")
    await yuna.says("/start")
    await chats.database.transact(
        lambda tx: tx.run("UPDATE supporters SET step = :step WHERE id = :id", step=old, id=YUNA)
    )
    await yuna.says("nonsense")
    assert asked in yuna.text

"""유나 is an organizer as long as the settings say so."""

import pytest

from tests.emulator.conftest import until
from tests.support.stage import Stage


@pytest.mark.slow
async def test_organizer_menu_follows_the_settings(empty_stage: Stage) -> None:
    stage = empty_stage
    yuna = stage.actor("유나").person
    commands, own = stage.world.menu.commands, ("chat", yuna.id, 0)
    stage.settings["organizers"] = (yuna.id, 77)  # 77 has never met the bot
    await stage.opens()
    await stage.wire.until(lambda: {(own, ""), (own, "ko"), (own, "en")} <= commands.keys())
    assert commands[own, "ko"] != commands[own, "en"] == commands[own, ""]
    await stage.tell("""
        유나: /start
        봇: 서명하기
    """)
    await until(lambda: [row["chat_id"] for row in stage.ledger.read("SELECT chat_id FROM chat_menus")] == [yuna.id])

    stage.settings["organizers"] = ()
    await stage.reopens()
    await stage.wire.until(lambda: not any(scope == own for scope, _ in commands))
    await until(lambda: not stage.ledger.read("SELECT chat_id FROM chat_menus"))

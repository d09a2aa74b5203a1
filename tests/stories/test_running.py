"""`python -m chatbot run` with as few settings as possible."""

from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.database_reader import DatabaseReader
from tests.support.recorded_calls import Wire


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


async def test_bot_runs_with_a_token_file_and_defaults(emulator: Emulator, tmp_path: Path) -> None:
    """Requests go to {url}/bot{token}/{method}, where alone the emulator answers. The database is in the folder."""
    token = tmp_path / "telegram.token"
    token.write_text(f"{emulator.token}\n")
    token.chmod(0o600)
    settings = {"TELEGRAM_TOKEN": "", "TELEGRAM_TOKEN_FILE": str(token), "TELEGRAM_API_URL": f"{emulator.url}/"}
    hana = emulator.world.add_person("하나", language_code="ko")
    watch = emulator.world.watch(hana)
    async with BotProcess(emulator, tmp_path, DATABASE_URL="", **settings) as bot:
        emulator.world.starts(hana, "friday-vigil")
        assert "탈북 난민" in (await watch.next_message(20))["text"]
        assert bot.troubles == []
    assert DatabaseReader(tmp_path / "chatbot.db").supporter(hana.id)["source"] == "friday-vigil"


async def test_unknown_token_is_told_in_one_line(emulator: Emulator, tmp_path: Path) -> None:
    token = "987654321:AAF-a_token_of_nobody"
    async with BotProcess(emulator, tmp_path, TELEGRAM_TOKEN=token) as bot:
        assert await bot.ended() == 1
    [line] = bot.log
    assert line.startswith("TELEGRAM_TOKEN: Telegram does not accept it")
    assert line.endswith("from @BotFather")
    assert token not in line

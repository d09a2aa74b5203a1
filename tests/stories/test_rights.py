"""하나 signs, gets a broadcast, withdraws, signs again, is erased; then no file contains anything about her."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from chatbot.__main__ import main
from chatbot.emulator import Emulator
from chatbot.petition.sealing.keys import make_pair
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.recorded_calls import Wire
from tests.support.traces import find_traces

HANA, SAM, YUNA = 7_431_990_417, 7_431_990_533, 3003
NAME, REASON = "김하나리", "친구 순이를 돌려보내지 마십시오"


def find_bytes(folder: Path, *words: str) -> list[str]:
    """List the files below `folder` that contain one of these texts, or the id as SQLite or text has it."""
    traces = [word.encode() for word in words]
    traces += [int(word).to_bytes(size, "big") for word in words if word.isdigit() for size in (5, 6, 8)]
    return find_traces(folder, traces)


async def sign(hana: Actor, *, name: str = NAME, reason: str = REASON) -> None:
    """Let 하나 sign."""
    await hana.says("/sign")
    await hana.taps("✏️ 이름")
    await hana.says(name)
    await hana.taps("✏️ 이유")
    await hana.says(reason)
    await hana.taps("✍️ 서명하기")


@pytest.mark.slow
@pytest.mark.parametrize("sealed", [False, True], ids=["in clear", "sealed"])
async def test_erased_person_is_in_no_byte_of_any_file(
    emulator: Emulator, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sealed: bool
) -> None:
    world = emulator.world
    hana = Actor(world, wire, world.add_person("하나", person_id=HANA, language_code="ko"))
    sam = Actor(world, wire, world.add_person("Sam", person_id=SAM, language_code="ko"))
    yuna = Actor(world, wire, world.add_person("유나", person_id=YUNA, language_code="ko"))
    yuna.is_organizer = True
    settings = {"ORGANIZERS": str(YUNA), "LOG_LEVEL": "DEBUG"} | ({"SEALING_KEY": make_pair()[0]} if sealed else {})
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/chatbot.db")
    async with BotProcess(emulator, tmp_path, **settings) as bot:
        await sam.says("/start")
        await sign(sam, name="Sam", reason="Let them stay.")
        await hana.says("/start")
        await sign(hana)
        await hana.taps("소식 받기")
        await yuna.says("/start")
        await yuna.says("/broadcast")
        await yuna.says("친구가 풀려났습니다.")
        await yuna.taps("영어 글은 쓰지 않기")
        await yuna.taps("모두")
        await yuna.taps("📣 보내기")
        await yuna.taps("✅ 네")
        await hana.awaits(lambda screen: "풀려났습니다" in screen)
        assert find_bytes(tmp_path, str(HANA)), "an id is searched for as it is written"
        assert bool(find_bytes(tmp_path, NAME, REASON)) is not sealed

        await hana.says("/me")
        await hana.taps("파일로")
        await hana.awaits(lambda _: hana.message.get("document", {}).get("file_name", "").endswith(".json"))
        stored = world.files.find(hana.message["document"]["file_id"])
        assert stored is not None
        told = json.loads(stored.content)
        assert str(HANA) in json.dumps(told)
        assert (NAME in json.dumps(told, ensure_ascii=False)) is not sealed

        await hana.says("/withdraw")
        await hana.taps("서명 철회하기")
        assert "철회했습니다" in hana.screen
        await sign(hana)
        assert "178,924" in hana.above, "a new number: Sam has the first, and the second is not given again"
        await hana.says("/forget")
        await hana.taps("모두 삭제하기")
        assert "모든 정보를 삭제했습니다" in hana.screen
        assert await asyncio.to_thread(main, ["backup", str(tmp_path / "copy.db")]) == 0
        assert find_bytes(tmp_path, str(HANA), NAME, REASON) == [], "while the bot runs"
        assert find_bytes(tmp_path, str(SAM)), "nobody else is forgotten"
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
        assert find_bytes(tmp_path, str(HANA), NAME, REASON) == [], "when it has ended"
        assert await asyncio.to_thread(main, ["check"]) == 0
        await bot.starts()
        await hana.says("/start")
        assert "178,922" in hana.screen, "one signature is left, and it is Sam's"
    assert [line for line in bot.log if " WARNING " in line or " ERROR " in line] == []

"""Exporting the signatures as a file in the chat, in both languages, for owners alone."""

import asyncio
import csv
import io
import signal
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.in_any_language import in_any_language
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

SIGNS = """
하나: /sign
하나: [✏️ 이유]
하나: =SUM(A1:A9)
하나: [✍️ 서명하기]
"""
KOREAN = """
유나: /export
봇: (below) 내보내기 … 서명, Excel … 전체 기간 … 모든 나라 … 서명 1건 … [CSV] [✓ Excel] … [📤 파일 만들기 …]
유나: [CSV]
봇: (in place) 서명, CSV … [✓ CSV] [Excel]
유나: [📤 파일 만들기 …]
봇: (in place) 파일을 만들어 이 채팅방으로 보낼까요? … 서명 1건 … 위험해질 수 있습니다 … [✅ 네, 만들기] … [‹ 뒤로]
유나: [✅ 네, 만들기]
봇: (in place) 파일을 만들고 있습니다.
봇: (later) 서명, CSV … 서명 1건 … 만든 시각
"""
ENGLISH = """
Sam: /export {christmas} norway
Bot: (below) Export … Norway … Signatures: 19 at most
Sam: /export
Bot: (below) 1 signature … [✓ All time] … [✓ All countries]
"""
DELIVERY = """
Sam: /deliver
Bot: (below) The document to deliver … Names in it: … Signatures it stands for: 178,922 … [Korean] … [English]
Sam: [English]
Bot: (in place) Make it and send it here? … agreed to be named
Sam: [✅ Yes, make it]
Bot: (in place) I'm making it.
Bot: (later) Document to deliver, PDF … English … Made on
"""
NOBODY = """
하나: /export
봇: (below) 그 말은 알아듣지 못했어요
하나: /deliver
봇: (below) 그 말은 알아듣지 못했어요
"""


@pytest.mark.slow
@in_any_language
async def test_owners_export_files_from_the_chat(empty_stage: Stage) -> None:
    stage = empty_stage
    stage.settings["organizers"] = (stage.actor("유나").id, stage.actor("Sam").id)
    await stage.opens()
    await stage.tell(SIGNS)
    yuna = await stage.tell(KOREAN)
    document = yuna.message["document"]
    assert document["file_name"].startswith("signatures-")
    stored = stage.world.files.find(document["file_id"])
    assert stored is not None
    [_, row] = csv.reader(io.StringIO(stored.content.decode("utf-8-sig"), newline=""))
    assert row[:5] == ["178922", "하나", "KR", "대한민국", "'=SUM(A1:A9)"]
    await stage.tell(ENGLISH.format(christmas="2025-12-25" if stage.english else "12/25"))
    sam = await stage.tell(DELIVERY)
    document = stage.world.files.find(sam.message["document"]["file_id"])
    assert document is not None
    assert document.name.endswith(".pdf")
    assert document.content.startswith(b"%PDF-")
    await stage.tell(NOBODY)


@pytest.mark.slow
async def test_export_survives_a_stop_and_a_crash(emulator: Emulator, wire: Wire, tmp_path: Path) -> None:
    yuna = Actor(emulator.world, wire, emulator.world.add_person("유나", person_id=3003, language_code="ko"))
    hanging = emulator.faults.slow(60, "sendDocument", times=1)
    async with BotProcess(emulator, tmp_path, ORGANIZERS="3003") as bot:
        for words in ("/start", "/sign"):
            await yuna.says(words)
        await yuna.taps("✍️ 서명하기")
        await yuna.says("/export")
        await yuna.taps("파일 만들기")
        await yuna.taps("네, 만들기")
        await asyncio.wait_for(hanging.hit.wait(), GIVE_UP)
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
        assert list_left_behind(tmp_path) == []
        wire.at_call = lambda method: bot.kill() if method == "sendDocument" else None
        await bot.starts()
        assert await bot.ended() == -9
        wire.at_call = None
        assert [file.suffix for file in list_left_behind(tmp_path)] == [".xlsx"]
        await bot.starts()
        # Telegram had accepted the file, which the killed bot cannot know, so the file comes again.
        await wire.until(lambda: wire.answered["sendDocument"] == 2)
        await yuna.awaits(lambda screen: "서명 1건" in screen and "만든 시각" in screen)
        assert yuna.message["document"]["file_name"].endswith(".xlsx")
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
        assert list_left_behind(tmp_path) == []
        assert bot.troubles == []


def list_left_behind(folder: Path) -> list[Path]:
    return [file for file in (folder / "chatbot.db-files").rglob("*") if file.is_file()]

"""With sealed names no byte that the bot writes has a name or reason in clear. Only the private key opens them."""

import asyncio
import csv
import io
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

NAME, REASON = "김하나리", "친구 순이를 돌려보내지 마십시오"
PUBLIC, PRIVATE = make_pair()


def find_in_clear(folder: Path, *words: str) -> list[str]:
    """List the files below `folder` that contain one of these texts, in any encoding."""
    shapes = [(word.encode(), word.encode("utf-16-le"), ascii(word)[1:-1].encode()) for word in words]
    return find_traces(folder, [shape for each in shapes for shape in each])


async def command(*words: str) -> int:
    """Run a command as in a terminal."""
    return await asyncio.to_thread(main, words)


async def export(folder: Path, name: str, *options: str) -> list[list[str]]:
    """Read the signatures that the command line exports."""
    file = folder / name
    assert await command("export", str(file), *options) == 0
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


async def sign(hana: Actor, *, up_to: str = "서명하기") -> None:
    """Let 하나 sign, or stop before she taps `up_to`."""
    await hana.says("/start")
    await hana.taps("서명하기")
    await hana.taps("✏️ 이름")
    await hana.says(NAME)
    await hana.taps("✏️ 이유")
    await hana.says(REASON)
    assert NAME in hana.screen
    assert REASON in hana.screen
    if up_to:
        await hana.taps(up_to)


@pytest.mark.slow
async def test_sealing_from_the_start_leaves_no_clear_text(
    emulator: Emulator, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots, elsewhere = tmp_path / "bot", tmp_path / "elsewhere"
    bots.mkdir()
    elsewhere.mkdir()
    key = elsewhere / "petition.key"
    key.write_text(PRIVATE)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{bots}/chatbot.db")
    hana = Actor(emulator.world, wire, emulator.world.add_person("하나", language_code="ko"))
    yuna = Actor(emulator.world, wire, emulator.world.add_person("유나", person_id=3003, language_code="ko"))
    async with BotProcess(emulator, bots, ORGANIZERS="3003", SEALING_KEY=PUBLIC, LOG_LEVEL="DEBUG") as bot:
        await sign(hana, up_to="")
        assert find_in_clear(bots, NAME, REASON) == [], "the draft"
        await hana.taps("서명하기")
        assert NAME in hana.above
        await hana.taps("소식 받기")
        await yuna.says("/start")
        await yuna.says("/export")
        await yuna.taps("파일 만들기")
        await yuna.taps("네, 만들기")
        await yuna.awaits(lambda screen: "서명 1건" in screen and "만든 시각" in screen)
        assert await command("backup", str(bots / "copy.db")) == 0
        assert find_in_clear(bots, NAME, REASON) == [], "while the bot runs"
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
    assert find_in_clear(bots, NAME, REASON) == [], "when it has ended"
    [_, closed] = await export(elsewhere, "closed.csv")
    assert closed[1].startswith("sealed:")
    [_, opened] = await export(elsewhere, "opened.csv", "--private-key", str(key))
    assert NAME in opened
    assert REASON in opened


async def test_sealing_later_leaves_no_clear_text(
    emulator: Emulator, wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "petition.key"
    key.write_text(PRIVATE)
    bots = tmp_path / "bot"
    bots.mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{bots}/chatbot.db")
    hana = Actor(emulator.world, wire, emulator.world.add_person("하나", language_code="ko"))
    draft = Actor(emulator.world, wire, emulator.world.add_person("Sam", language_code="ko"))
    async with BotProcess(emulator, bots) as bot:
        await sign(hana)
        await sign(draft, up_to="")
        bot.kill(signal.SIGTERM)
        assert await bot.ended() == 0
    assert find_in_clear(bots, NAME), "the words are searched for as they would be written"
    assert await command("seal") == 1
    assert capsys.readouterr().err.startswith("SEALING_KEY: missing")
    monkeypatch.setenv("SEALING_KEY", PUBLIC)
    assert await command("seal") == 0
    assert capsys.readouterr().out.startswith("Sealed: 1 signature, 1 draft. All others were sealed already.")
    assert find_in_clear(bots, NAME, REASON) == []
    assert await command("seal") == 0
    assert capsys.readouterr().out.startswith("Sealed: 0 signatures, 0 drafts.")
    assert await command("check") == 0
    [_, opened] = await export(tmp_path, "opened.csv", "--private-key", str(key))
    assert NAME in opened
    assert REASON in opened

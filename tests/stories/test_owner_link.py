"""유나 starts a bot that nobody owns, follows the link in the file beside it, and runs the petition."""

import asyncio
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from chatbot.storage import open_database
from chatbot.storage.organizer import audit_log
from tests.emulator.conftest import until
from tests.support.actor import Actor, draw
from tests.support.bot_process import BotProcess
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

KOREAN = """
유나: /start own_{secret}
봇: (below) 이 청원의 책임자가 됩니다. … 탈북 난민 … [✅ 네, 책임자가 되겠습니다] … [아니요, 괜찮습니다]
유나: [네, 책임자가 되겠습니다]
봇: (above) 이제 이 청원의 책임자입니다
봇: (below) 운영 … [📣 소식 쓰기]
하나: /start own_{secret}
봇: 쓸 수 없거나 이미 쓸 수 없게 된 링크입니다
하나: /team
봇: 알아듣지 못했어요
"""
ENGLISH = """
Sam: /start own_{secret}
Bot: (below) You become an owner of the petition … Save North Korean Refugees … [✅ Yes, I'll be an owner]
Sam: [Yes, I'll be an owner]
Bot: (above) You're an owner of this petition now
Bot: (below) Your desk … [👥 Team]
유나: /start own_{secret}
봇: 쓸 수 없거나 이미 쓸 수 없게 된 링크입니다
"""


def read_secret(place: Path) -> str:
    """Return the secret of the link in the file."""
    return place.read_text().strip().partition("?start=own_")[2]


@pytest.mark.slow
@pytest.mark.parametrize(("story", "name"), [(KOREAN, "유나"), (ENGLISH, "Sam")])
async def test_first_owner_comes_by_the_link(
    empty_stage: Stage, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    empty_stage.settings |= {"database_url": url}
    await empty_stage.opens()
    place = tmp_path / "owner-link.txt"
    link = place.read_text().strip()
    assert link.startswith(f"https://t.me/{empty_stage.world.bot.username}?start=own_")
    await empty_stage.tell(story.format(secret=read_secret(place)))
    owner = empty_stage.actor(name)
    shown = empty_stage.world.menu.commands_shown
    await until(lambda: "desk" in {one["command"] for one in shown(owner.id, owner.person.language_code or "en")})
    await empty_stage.reopens()
    assert not place.exists(), "the link was used"
    owner.is_organizer = True
    assert "/deliver" in await owner.says("/help")


async def test_one_of_two_who_tap_at_once_becomes_the_owner(
    empty_stage: Stage, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    empty_stage.settings |= {"database_url": url}
    await empty_stage.opens()
    yuna, sam = empty_stage.actor("유나"), empty_stage.actor("Sam")
    for each in (yuna, sam):
        await each.says(f"/start own_{read_secret(tmp_path / 'owner-link.txt')}")
    await asyncio.gather(yuna.taps("네, 책임자가 되겠습니다"), sam.taps("Yes, I'll be an owner"))
    owners = ["이제 이 청원의 책임자입니다" in yuna.above, "You're an owner of this petition now" in sam.above]
    others = ["이미 쓸 수 없게 된 링크입니다" in yuna.screen, "This link doesn't work" in sam.screen]
    assert sorted(owners) == [False, True]
    assert others == [not each for each in owners]


@pytest.mark.slow
async def test_kill_9_between_tap_and_answer_makes_her_an_owner_once(url: str, tmp_path: Path) -> None:
    wire = Wire(checked=False)
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as emulator:
        world = emulator.world
        person = world.add_person("유나", language_code="ko")
        yuna = Actor(world, wire, person)
        async with BotProcess(emulator, tmp_path, DATABASE_URL=url) as bot:
            await bot.says("owner-link.txt makes an owner")
            await yuna.says(f"/start own_{read_secret(tmp_path / 'owner-link.txt')}")
            # At this call the turn is committed, and its answer is not carried out.
            wire.at_call = lambda method: bot.kill() if method == "answerCallbackQuery" else None
            with world.watch(person) as watch:
                world.presses(person, yuna.message["message_id"], yuna.find("네, 책임자가")["callback_data"])
                assert await bot.ended() == -9
                wire.at_call = lambda _method: None
                await bot.starts()
                async with asyncio.timeout(GIVE_UP):
                    while "🧭 운영" not in draw(await watch.next_screen()):
                        pass
            assert bot.troubles == []
    database = await open_database(url)
    try:
        entries = await database.transact(audit_log.read, 0, 10)
    finally:
        await database.close()
    assert [entry.action for entry in entries] == ["team.owned"]

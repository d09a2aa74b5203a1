"""Second thoughts: people edit an answer, come back, or have an old keyboard on their phone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.actor import Actor
from tests.support.in_any_language import in_any_language
from tests.support.stage import Stage


async def edit(stage: Stage, actor: Actor, text: str, nth_last: int = 1) -> str:
    """Edit the last text they typed, or an earlier one."""
    typed = [each for each in stage.world.said_in(actor.person) if not each["from"]["is_bot"] and "text" in each]
    stage.world.edits(actor.person, typed[-nth_last]["message_id"], text)
    return await actor.waits()


MENDING = {
    "하나": (["/start", "/sing", "김하라"], "/sign", "이대로 서명", "김하나", "고쳐 쓰신 대로 … 이대로 서명"),
    "Sam": (["/start", "/sing", "Jhon"], "/sign", "Ready to sign?", "John", "match your edit … Ready to sign?"),
}


@in_any_language
@pytest.mark.parametrize("speaker", MENDING)
async def test_edit_corrects_a_typo(stage: Stage, speaker: str) -> None:
    (start, command, name), mended, asked, right, told = MENDING[speaker]
    actor = stage.actor(speaker)
    await actor.says(start)
    await actor.says(command)
    assert asked in await edit(stage, actor, mended), "an edit that makes a command counts as one"
    await actor.presses("check.name")
    await actor.says(name)
    screen = await edit(stage, actor, right)
    for piece in told.split(" … "):
        assert piece in screen
    assert f"👤 {right}" in actor.screen
    sign = next(button["callback_data"] for button in actor.buttons if "check.sign" in button["callback_data"])
    await actor.presses(sign)
    await edit(stage, actor, "Mallory", 2)
    assert "me" in [button["callback_data"] for button in actor.buttons], "the signature is changed by other means"
    signature = stage.ledger.signature(actor.id)
    assert signature is not None
    assert signature["name"] == right


@pytest.mark.parametrize("speaker", ["하나", "Sam"])
async def test_first_tap_removes_the_keyboard_of_a_former_bot(stage: Stage, speaker: str) -> None:
    actor = stage.actor(speaker)
    actor.person.keyboard = [[{"text": "🛒 Buy"}]]
    await actor.says("🛒 Buy")
    assert actor.person.keyboard is None
    assert "/sign – " in actor.screen
    await actor.says("/sign")
    assert ("이대로 서명" if speaker == "하나" else "Ready to sign?") in actor.screen


COMING_BACK = """
Sam: /start
Sam: /sign
Bot: [✍️ Sign]
Sam: [✍️ Sign]
Sam: /start s-of-a-friend
Bot: You've signed · supporter no. 178,922 … [📣 Share the petition] … [🔔 Get updates]
Sam: /sign
Bot: You signed on … 178,922 … [🔔 Get updates] … [📣 Share the petition] … [✏️ Change my signature]
Bot: (not) ended
Sam: [✏️ Change my signature]
Bot: (in place) 👤 Sam … [✏️ Name]
Sam: /sign
Sam: [🔔 Get updates]
Bot: (in place) in English
Sam: /sign
Bot: You signed on
Bot: (not) 🔔
"""
COMING_BACK_KO = """
하나: /start
하나: /sign
하나: [✍️ 서명하기]
하나: /start s-of-a-friend
봇: 서명 번호 178,922 … [📣 청원 공유하기] … [🔔 소식 받기]
하나: /sign
봇: 서명 번호 178,922 … [🔔 소식 받기] … [📣 청원 공유하기] … [✏️ 서명 내용 고치기]
봇: (not) 마감
하나: [✏️ 서명 내용 고치기]
봇: (in place) 👤 하나 … [✏️ 이름]
"""


@in_any_language
@pytest.mark.parametrize(
    ("story", "ended"),
    [
        (COMING_BACK, "Signing has "),
        (COMING_BACK_KO, "서명을 마감했습니다. "),
    ],
)
async def test_signer_comes_back_and_sees_the_signature(
    empty_stage: Stage, locales: Callable[..., Path], story: str, ended: str
) -> None:
    await empty_stage.opens()
    actor = await empty_stage.tell(story)
    await empty_stage.closes()
    empty_stage.settings["locales_dir"] = locales(("is_open = true", "is_open = false"))
    await empty_stage.opens()
    for command in ("/start", "/start s-of-a-friend", "/sign"):
        assert ended in await actor.says(command)
        assert "178,922" in actor.screen
    assert ended in await actor.presses("sign", 1, stale=True), "an old button says the same"

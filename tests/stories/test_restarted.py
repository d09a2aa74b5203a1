"""The bot's process is ended and started again between the questions of signing, while old buttons stay in the chat.

Everything that was said is there, nothing is signed that was not on the screen, no screen contradicts another, and an
answered question has no buttons.
"""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatbot.emulator import Emulator, Fault
from chatbot.screens import callbacks
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

KOREAN = """
하나: /start
하나: [서명하기]
하나: [✏️ 이름]
봇: (in place) 새 이름을 입력
봇: (restarts)
하나: 김하나
봇: (below) 이대로 서명 … 👤 김하나 … 🇰🇷 대한민국
봇: (restarts)
하나: (old) check.sign
봇: (in place) 이대로 서명 … 👤 김하나 … 🇰🇷 대한민국
하나: [✏️ 나라]
봇: 어느 나라
봇: (restarts)
하나: (old) name.keep
봇: (notice) 이미 지난 단계
하나: 콩고
봇: [🇨🇩 콩고민주공화국] … [🇨🇬 콩고공화국]
봇: (restarts)
하나: [🇨🇬 콩고공화국]
봇: 👤 김하나 … 🇨🇬 콩고공화국 … 💬 이유 없음
하나: [✏️ 이유]
봇: (restarts)
하나: (old) country.KR
봇: (notice) 이미 지난 단계
봇: 왜 서명
하나: 친구를 구하고 싶습니다.
봇: 👤 김하나 … 🇨🇬 콩고공화국 … 💬 친구를 구하고 싶습니다.
하나: [☐ 전달 명단에 내 이름 공개]
봇: (restarts)
하나: [✍️ 서명하기]
봇: (above) 김하나 님, 고맙습니다. … 서명 번호 178,922
봇: (below) 새 소식
봇: (restarts)
하나: (old) check.sign
봇: 김하나 님, 고맙습니다. … 서명 번호 178,922
하나: (old) country.KR
봇: ✅ 서명하셨습니다 · 서명 번호 178,922
하나: (old) join:ko
봇: 소식을 한국어로
하나: /me
봇: 서명 번호 178,922 … 👤 김하나 … 🇨🇬 콩고공화국 … 💬 친구를 구하고 싶습니다. … 공개
하나: [✏️ 이름]
봇: (restarts)
하나: 하나
봇: 김하나 → 하나 … [↩ 되돌리기]
봇: (restarts)
하나: (old) own_name.keep
봇: 👤 하나
하나: (old) me:undo
봇: 👤 김하나 … 🇨🇬 콩고공화국
봇: (restarts)
하나: 감사합니다
봇: /share
하나: /start
봇: 178,922명이 함께합니다 … 서명 번호 178,922
"""

ENGLISH = """
Sam: /start
Sam: [Sign]
Sam: [✏️ Name]
Bot: (in place) Type the new name.
Bot: (restarts)
Sam: Samuel Taylor
Bot: (below) Ready to sign? … 👤 Samuel Taylor … 🇨🇦 Canada
Bot: (restarts)
Sam: (old) check.sign
Bot: (in place) Ready to sign? … 👤 Samuel Taylor … 🇨🇦 Canada
Sam: [✏️ Country]
Bot: Which country
Bot: (restarts)
Sam: (old) name.keep
Bot: (notice) already done that step
Sam: Georgia
Bot: [🇬🇪 Georgia] … [🇺🇸 United States]
Bot: (restarts)
Sam: [🇬🇪 Georgia]
Bot: 👤 Samuel Taylor … 🇬🇪 Georgia … 💬 No reason given
Sam: [✏️ Reason]
Bot: (restarts)
Sam: (old) country.CA
Bot: (notice) already done that step
Bot: Why are you signing?
Sam: No one should be sent back.
Bot: 👤 Samuel Taylor … 🇬🇪 Georgia … 💬 No one should be sent back.
Sam: [☐ Show my name publicly]
Bot: (restarts)
Sam: [✍️ Sign]
Bot: (above) Thank you, Samuel Taylor. … 178,922
Bot: (below) Would you like news
Bot: (restarts)
Sam: (old) check.sign
Bot: Thank you, Samuel Taylor. … 178,922
Sam: (old) country.CA
Bot: ✅ You've signed · supporter no. 178,922
Sam: (old) join:en
Bot: updates in English
Sam: /me
Bot: Signature no. 178,922 … 👤 Samuel Taylor … 🇬🇪 Georgia … 💬 No one should be sent back. … may be shown publicly
Sam: [✏️ Name]
Bot: (restarts)
Sam: Sam
Bot: Samuel Taylor → Sam … [↩ Undo]
Bot: (restarts)
Sam: (old) own_name.keep
Bot: 👤 Sam
Sam: (old) me:undo
Bot: 👤 Samuel Taylor … 🇬🇪 Georgia
Bot: (restarts)
Sam: thank you
Bot: /share
Sam: /start
Bot: 178,922 supporters … supporter no. 178,922
"""
SIGNED = {
    "ko": ("김하나", "CG", "친구를 구하고 싶습니다.", 178_922),
    "en": ("Samuel Taylor", "GE", "No one should be sent back.", 178_922),
}


class RestartedStage(Stage):
    """A stage with the bot in a process of its own, which is asked to end and killed in turn."""

    bot: BotProcess

    async def reopens(self) -> None:
        """Start the process again, after it has ended."""
        self.bot.kill(signal.SIGTERM if self.bot.lives % 2 else signal.SIGKILL)
        await self.bot.ended()
        await self.bot.starts()


@pytest.fixture
async def restarted_stage(emulator: Emulator, wire: Wire, tmp_path: Path) -> AsyncIterator[RestartedStage]:
    stage = RestartedStage(emulator, wire, tmp_path)
    async with BotProcess(emulator, tmp_path) as stage.bot:
        yield stage


@pytest.mark.parametrize(("story", "language"), [(KOREAN, "ko"), (ENGLISH, "en")])
async def test_restarts_while_somebody_signs_lose_and_confuse_nothing(
    restarted_stage: RestartedStage, story: str, language: str
) -> None:
    actor = await restarted_stage.tell(story)
    assert restarted_stage.bot.lives == story.count("(restarts)") + 1
    assert restarted_stage.bot.troubles == []
    signature = restarted_stage.ledger.signature(actor.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["reason"], signature["number"]) == SIGNED[language]
    assert signature["named_at"] is not None
    assert restarted_stage.ledger.updates(actor.id) == language
    restarted_stage.ledger.assert_consistent(signatures=1)
    assert list_questions(restarted_stage, actor) == []


def list_questions(stage: Stage, actor: Actor) -> list[int]:
    """Return the messages that have buttons of a question."""
    return [
        message["message_id"]
        for message in stage.world.said_in(actor.person)
        if any(callbacks.read(data).step for data in list_data(message))
    ]


def list_data(message: dict[str, Any]) -> list[str]:
    """Return the data of the buttons of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


@pytest.mark.parametrize("answer", ["Samuel", "/help"])
@pytest.mark.parametrize("moment", ["sendMessage", "editMessageReplyMarkup"])
async def test_process_killed_before_the_buttons_went_takes_them_off_later(
    restarted_stage: RestartedStage, moment: str, answer: str
) -> None:
    """Killed while it answers in words, or while it removes the buttons, which Telegram never hears of."""
    stage, bot = restarted_stage, restarted_stage.bot
    sam = await stage.tell("Sam: /sign\nSam: [✏️ Name]\nSam: !\nBot: letter")
    [asked] = list_questions(stage, sam)
    stage.emulator.api.faults.add(Fault("disconnect", method="editMessageReplyMarkup", times=1))

    def kill(method: str) -> None:
        if method == moment:
            stage.wire.at_call = None
            bot.kill()

    stage.wire.at_call = kill
    stage.world.says(sam.person, answer)
    await bot.ended()
    stage.emulator.api.faults.clear()
    assert asked in list_questions(stage, sam), "it was killed before"
    await bot.starts()
    await stage.wire.until_heard(stage.world)
    assert asked not in list_questions(stage, sam)
    stage.world.says(sam.person, "/help")
    await stage.wire.until_heard(stage.world)
    assert list_questions(stage, sam) == []
    assert bot.troubles == []

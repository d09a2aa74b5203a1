"""Everything beside signing: changing the language, subscribing, blocking the bot, coming back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.actor import Actor
from tests.support.in_any_language import in_any_language
from tests.support.stage import Stage

LANGUAGE_KO = """
하나: /sign
하나: [✏️ 나라]
봇: 어느 나라 … [🇰🇷 대한민국]
하나: /language
봇: 언어를 골라 주세요. … Choose your language. … [✓ 한국어] … [English]
하나: [English]
봇: (in place) Ready to sign? … 🇰🇷 South Korea
하나: [✏️ Country]
하나: Canada
Bot: Ready to sign?
하나: /language
하나: [한국어]
봇: (in place) 이대로 서명 … 👤 하나 … 🇨🇦 캐나다
하나: /start
봇: (below) 탈북 난민 … [✍️ 이어서 서명하기] … [🌐 English]
하나: [🌐 English]
봇: (in place) Save North Korean Refugees … [✍️ Continue signing] … [🌐 한국어]
하나: [✍️ Continue signing]
봇: (in place) Ready to sign?
"""

LANGUAGE_EN = """
Sam: /start
Bot: Save North Korean Refugees … [🌐 한국어]
Sam: [🌐 한국어]
봇: (in place) 탈북 난민을 구해 주세요 … [🌐 English]
Sam: [✍️ 서명하기]
봇: 이대로 서명
Sam: [✏️ 이름]
봇: 새 이름
Sam: /language
봇: [✓ 한국어] … [English]
Sam: [English]
Bot: (in place) Ready to sign? … 👤 Sam Taylor
Sam: Sam
Bot: Tap Sign if it's right … 👤 Sam Taylor
Sam: [✏️ Country]
Sam: 미국
Bot: 👤 Sam Taylor … 🇺🇸 United States
Sam: /cancel
Bot: Nothing was signed
Sam: /start
Bot: Signing takes about a minute … [✍️ Sign the petition]
"""

UPDATES_KO = """
하나: /updates
봇: (below) 30명 … [🔔
하나: /subscribe
봇: (below) 한국어 … /unsubscribe … [✍️ 서명하기]
하나: /stop
봇: (below) 🔕 … [🔔
하나: [🔔 소식 받기]
봇: (in place) 한국어로 보내 드립니다
하나: [영어]
봇: (in place) 영어로 보내 드립니다
하나: /subscribe
봇: 영어로 보내 드립니다
하나: /unsubscribe
봇: 🔕
하나: /unsubscribe
봇: 소식을 받고 있지 않습니다
하나: /subscribe
"""

UPDATES_EN = """
Sam: /updates
Bot: (below) repatriated … [🔔 Get updates]
Sam: [🔔 Get updates]
Bot: (in place) in English … /unsubscribe … [✍️ Sign the petition]
Sam: [Get updates in Korean]
Bot: (in place) in Korean
Sam: /updates
Bot: [Stop updates]
Sam: [Stop updates]
Bot: (in place) No more updates … [🔔 Get updates again]
Sam: [🔔 Get updates again]
Bot: in English
Sam: /STOP
Bot: No more updates
Sam: /subscribe
Bot: in English
"""

AWAY_KO = """
하나: /start
하나: /subscribe
하나: /sign
봇: 이대로 서명
하나: (blocks)
봇: (silence)
"""
BACK_KO = """
하나: /start
봇: (below) 탈북 난민을 구해 주세요 … [✍️ 이어서 서명하기]
하나: [✍️ 이어서 서명하기]
봇: (in place) 이대로 서명
하나: /updates
봇: (not) 그만
"""

AWAY_EN = """
Sam: /start
Sam: /sign
Sam: [✍️ Sign]
Sam: [🔔 Get updates]
Sam: (blocks)
Bot: (silence)
"""
BACK_EN = """
Sam: (unblocks)
Bot: (silence)
Sam: /start
Bot: (below) You've signed · supporter no. 178,922
Sam: /updates
Bot: [🔔 Get updates]
"""


@in_any_language
async def test_hana_changes_the_language_while_signing(stage: Stage) -> None:
    hana = await stage.tell(LANGUAGE_KO)
    assert stage.ledger.supporter(hana.id)["step"] == "check"
    await stage.reopens()
    await stage.tell("하나: /help\nBot: What this bot can do")


@in_any_language
async def test_sam_changes_the_language_while_signing(stage: Stage) -> None:
    await stage.tell(LANGUAGE_EN)
    await stage.reopens()
    await stage.tell("Sam: /help\nBot: What this bot can do")


async def test_hana_subscribes_and_unsubscribes(stage: Stage) -> None:
    hana = await stage.tell(UPDATES_KO)
    assert stage.ledger.updates(hana.id) == "ko"
    stage.ledger.assert_consistent(signatures=0)


@in_any_language
async def test_sam_subscribes_and_unsubscribes(stage: Stage) -> None:
    sam = await stage.tell(UPDATES_EN)
    assert stage.ledger.updates(sam.id) == stage.english_code
    stage.ledger.assert_consistent(signatures=0)


@in_any_language
@pytest.mark.parametrize(("speaker", "away", "back"), [("하나", AWAY_KO, BACK_KO), ("Sam", AWAY_EN, BACK_EN)])
async def test_blocking_the_bot_ends_the_subscription(stage: Stage, speaker: str, away: str, back: str) -> None:
    await stage.tell(away)
    person = stage.actor(speaker)
    assert stage.ledger.updates(person.id) is None
    assert stage.ledger.supporter(person.id)["blocked_at"] is not None
    await stage.tell(back)
    assert stage.ledger.updates(person.id) is None
    assert stage.ledger.supporter(person.id)["blocked_at"] is None


async def test_block_during_an_answer_ends_the_subscription(hana: Actor, stage: Stage) -> None:
    await stage.tell("하나: /start\n하나: /subscribe")
    # Calls fail before the update about the block reaches the bot.
    stage.world.says(hana.person, "/help")
    hana.person.blocked = True
    await hana.waits()
    assert hana.came == []
    await stage.wire.until(lambda: stage.ledger.supporter(hana.id)["blocked_at"] is not None)
    assert stage.ledger.updates(hana.id) is None


CLOSED = """
하나: /start
봇: 서명을 마감했습니다. 최종 178,921명 … [📖 호소문 읽기]
봇: (not) 서명하기
봇: (not) 목표
하나: [호소문 읽기]
봇: 1 / 4
하나: /sign
봇: (below) 마감 … [📰 소식] … [📖 호소문 읽기]
하나: [📰 소식]
봇: (in place) 30명
하나: /subscribe
봇: 한국어로 보내 드립니다
하나: 안녕하세요
봇: (not) 서명하기
Sam: /start
Bot: Signing has closed. Final count: 178,921. … [📖 Read the appeal]
Bot: (not) Sign the petition
Sam: /sign
Bot: Signing has closed … [📰 Updates]
Sam: /read
Bot: 1 / {pages}
Sam: /share
Bot: [Share on Telegram]
"""


@in_any_language
async def test_closed_petition_can_be_read_but_not_signed(empty_stage: Stage, locales: Callable[..., Path]) -> None:
    await empty_stage.opens()
    await empty_stage.tell("유나: /sign\n봇: [✍️ 서명하기]")
    await empty_stage.tell("Mallory: /start\nBot: [✍️ Sign the petition]")
    await empty_stage.closes()

    empty_stage.settings["locales_dir"] = locales(("is_open = true", "is_open = false"))
    await empty_stage.opens()
    await empty_stage.tell(CLOSED.format(pages=empty_stage.count_pages(5)))
    # People who were signing, or tap an old button, are told as well.
    await empty_stage.tell("유나: [✍️ 서명하기]\n봇: (in place) 마감 … [📖 호소문 읽기]")
    await empty_stage.tell("Mallory: [✍️ Sign the petition]\nBot: (in place) Signing has closed")
    empty_stage.ledger.assert_consistent(signatures=0)

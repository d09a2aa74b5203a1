"""Sharing: a friend signs through the link, the sharer is told the next day, and there is more to do."""

import sqlite3

import pytest

from tests.support.actor import Actor
from tests.support.stage import Stage

SHARE_KO = """
하나: /start
하나: [✍️ 서명하기]
하나: [✍️ 서명하기]
봇: 새 소식이 있으면
하나: [괜찮아요]
봇: t.me … ?start=s- … [➡️ 친구에게 메일로 알리기]
"""
TOLD_KO = """
하나: (waits)
봇: (later) 내 링크로 1명이 서명했습니다 … [📣 청원 공유하기] … [🔕 이 알림 그만 받기]
하나: [🔕 이 알림 그만 받기]
봇: (in place) 더 보내지 않습니다
하나: /me
봇: 내 링크로 1명이 서명했습니다 … 하루에 한 번 … [☐ 친구가 서명하면 알림 받기]
하나: /sign
봇: 지금 할 수 있는 일: 친구에게 메일로 알리기 … [➡️ 친구에게 메일로 알리기]
하나: [➡️ 친구에게 메일로 알리기]
봇: (in place) 제목 … 탈북 난민을 위해 … t.me … ?start=s-
하나: [✅ 했어요]
봇: (notice) 고맙습니다
봇: (in place) 내 이야기로 글 올리기
하나: /start
봇: 내 링크로 1명이 서명했습니다 … [➡️ 내 이야기로 글 올리기]
"""
SHARE_EN = """
Sam: /start
Sam: [✍️ Sign the petition]
Sam: [✍️ Sign]
Sam: [No, thanks]
Bot: t.me … ?start=s- … [➡️ Tell a friend by mail]
"""
TOLD_EN = """
Sam: (waits)
Bot: (later) 1 person has signed through your link … [📣 Share the petition] … [🔕 No more of these messages]
Sam: [📣 Share the petition]
Bot: (below) 1 person has signed through your link … Now pass it on
Sam: /sign
Bot: What you can do now: Tell a friend by mail … [➡️ Tell a friend by mail]
Sam: [➡️ Tell a friend by mail]
Bot: (in place) Subject … Please add your name … [✅ I've done this]
Sam: [Something else]
Bot: (in place) Post it where you write … [Share on Telegram]
Sam: [✅ I've done this]
Bot: (in place) Read what the UN found
"""


def find_code(stage: Stage, sharer: Actor) -> str:
    return str(stage.ledger.supporter(sharer.id)["share_code"])


async def bring_the_next_day(stage: Stage) -> None:
    """Let everybody have signed two days earlier: the clock of a story cannot be put forward."""
    await stage.closes()
    with sqlite3.connect(stage.file) as database:
        database.execute("UPDATE signatures SET signed_at = '2026-01-01T03:00:00.000000Z'")
    database.close()
    await stage.opens()


@pytest.mark.parametrize(
    ("share", "friend", "sign", "told"),
    [
        (SHARE_KO, "Sam", ("[✍️ Sign the petition]", "[✍️ Sign]"), TOLD_KO),
        (SHARE_EN, "하나", ("[✍️ 서명하기]", "[✍️ 서명하기]"), TOLD_EN),
    ],
    ids=["ko", "en"],
)
async def test_sharer_learns_how_many_signed_and_what_else_to_do(
    stage: Stage, share: str, friend: str, sign: tuple[str, str], told: str
) -> None:
    sharer = await stage.tell(share)
    # Two taps after the link is opened.
    await stage.tell(f"{friend}: /start {find_code(stage, sharer)}\n{friend}: {sign[0]}\n{friend}: {sign[1]}")
    assert stage.ledger.supporter(sharer.id)["friends_signed"] == 0, "not at once"
    await bring_the_next_day(stage)
    await stage.tell(told)
    stage.ledger.assert_consistent(signatures=2)

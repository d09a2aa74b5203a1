"""유나 and 하나 write at the same time: an edit, a draft taken over and back, a schedule undone and put back."""

import pytest

from tests.support.stage import Stage

WRITING = """
유나: /broadcast 기자회견은 모래 2시입니다.
봇: (below) 다음은 영어 글입니다.
유나: /stats
유나: The press meets on Friday.
봇: (below) The press meets on Friday. … 이 글을 쓰시던 소식의 영어 글로 할까요? … [✅ 네, 쓰기]
유나: [네, 쓰기]
봇: (above) 모래 2시 … The press meets
"""
TAKING_OVER = """
하나: /broadcast
봇: (below) 초안 … 유나 … 기자회견은 모레 2시
하나: [기자회견]
봇: (above) 모레 2시
봇: (below) 유나 님의 초안 … [✍️ 넘겨받기]
하나: [넘겨받기]
봇: (below) 받는 분께는 위와 같이 보입니다
유나: (waits)
봇: (later) 하나 님이 … 초안을 넘겨받았습니다 … [↩️ 다시 가져오기]
유나: [다시 가져오기]
봇: (below) 받는 분께는 위와 같이 보입니다 … [📣 보내기 …]
하나: (waits)
봇: (later) 유나 님이 … 초안을 다시 가져갔습니다
"""
SCHEDULING = """
유나: [예약하기]
유나: 3일 뒤 20:00
봇: (below) 예약
유나: [네, 예약하기]
하나: (waits)
봇: (later) 유나 … 20:00 (한국 시간)에 예약했습니다
하나: [👀 보기]
하나: [✏️ 고치기]
하나: [네, 고치기]
유나: (waits)
봇: (later) 하나 님이 고치려고 … 예약을 풀었습니다 … [↩️ 다시 예약하기]
유나: [다시 예약하기]
봇: (in place) 예약했습니다
"""


@pytest.fixture
async def team_stage(empty_stage: Stage) -> Stage:
    """A stage with two organizers and a subscriber."""
    organizers = tuple(empty_stage.actor(name).id for name in ("유나", "하나"))
    empty_stage.settings |= {"organizers": organizers, "broadcast_rate": 30.0}
    await empty_stage.opens()
    await empty_stage.tell("Sam: /subscribe\n하나: /start\n유나: /start")
    return empty_stage


async def test_two_organizers_write_and_are_told_of_each_other(team_stage: Stage) -> None:
    yuna = await team_stage.tell(WRITING)
    said = team_stage.world.said_in(yuna.person)
    [typed] = [each for each in said if not each["from"]["is_bot"] and "모래" in each.get("text", "")]
    team_stage.world.edits(yuna.person, typed["message_id"], "/broadcast 기자회견은 모레 2시입니다.")
    assert "초안에 반영했습니다" in await yuna.waits()
    await team_stage.tell(TAKING_OVER)
    await team_stage.reopens()  # whatever was answered is in the database
    await team_stage.tell(SCHEDULING)
    rows = team_stage.ledger.read("SELECT organizer_id, scheduled_for FROM broadcasts")
    assert [row["organizer_id"] for row in rows] == [yuna.id]
    assert rows[0]["scheduled_for"] is not None
    posts = team_stage.ledger.read("SELECT text FROM posts WHERE language = 'ko'")
    assert [row["text"] for row in posts] == ["기자회견은 모레 2시입니다."]

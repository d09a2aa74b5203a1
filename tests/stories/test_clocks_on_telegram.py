"""A night passes on Telegram: the real bot, whose clock the story moves, and phones in Seoul and in the Bahamas."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Self

import pytest

from tests.support.clock import Clock
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

READERS = """
하나: /sign
봇: 🇰🇷 대한민국
하나: [✍️ 서명하기]
하나: [🔔 소식 받기]
Sam: /sign
Sam: [✏️ Country]
Sam: Bahamas
Bot: 🇧🇸 Bahamas
Sam: [✍️ Sign]
Sam: [🔔 Get updates]
"""
EVENING = """
유나: /broadcast
유나: 친구가 풀려났습니다.
유나: Our friend is free.
유나: [📣 보내기 …]
봇: (in place) 지금 보낼까요? … 2명 (한국어 1명, 영어 1명) … 🌙 … [✅ 네, 2명에게 보내기] … [🚨
유나: [✅ 네, 2명에게 보내기]
봇: (later) 보내고 있습니다 … 🌙 아침을 기다리는 분 … [🚨 기다리는 분께 지금 보내기 …]
하나: (waits)
봇: (later) 친구가 풀려났습니다.
"""
SCHEDULED = """
유나: /broadcast
유나: 내일 소식입니다.
유나: News of tomorrow.
유나: [🕘 예약하기 …]
유나: 11월 25일 12:00
봇: (below) 이 시각에 보내도록 예약할까요? … 2026년 11월 25일 수요일
유나: [✅ 네, 예약하기]
유나: /scheduled
봇: (below) 11월 25일 12:00 · 내일 소식입니다.
"""


class MovedDatetime(datetime):
    """The time of the real clock, and what the story adds to it."""

    ahead = Clock(timedelta())

    @classmethod
    def now(cls, tz=None) -> Self:  # type: ignore[no-untyped-def]
        return cls.fromtimestamp(super().now(UTC).timestamp(), tz) + cls.ahead.now


def goes_to(moment: str) -> None:
    """Set the clock of the bot."""
    MovedDatetime.ahead.now = datetime.fromisoformat(moment) - datetime.now(UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("conversation.dialog", "broadcasting.worker", "jobs.context", "app.periodic", "app.run"):
        monkeypatch.setattr(import_module(f"chatbot.{module}"), "datetime", MovedDatetime)


async def test_update_of_an_evening_in_seoul_comes_to_each_in_the_morning(empty_stage: Stage) -> None:
    stage = empty_stage
    yuna = stage.actor("유나")
    stage.settings |= {"organizers": (yuna.id,), "quiet_hours": True}
    goes_to("2026-11-24T10:00:00+00:00")  # 19:00 in Seoul, 5:00 in the Bahamas
    await stage.opens()
    await stage.tell(READERS)
    await stage.tell(EVENING)
    sam = stage.actor("Sam")
    assert "Our friend is free." not in sam.screen, "he sleeps"
    goes_to("2026-11-24T12:59:00+00:00")
    await stage.tell("하나: /updates\n봇: 친구가 풀려났습니다.")
    assert not [each for each in sam.watch.taken_so_far() if each["type"] == "message"], "a minute before his morning"
    goes_to("2026-11-24T13:00:01+00:00")
    await stage.tell("Sam: (waits)\nBot: (later) Our friend is free.\n유나: (waits)\n봇: (later) 발송을 마쳤습니다.")
    await stage.tell(SCHEDULED)
    goes_to("2026-11-25T03:00:01+00:00")
    await stage.tell("하나: (waits)\n봇: (later) 내일 소식입니다.\n")
    assert "News of tomorrow." not in sam.screen, "for Sam it is night"


BERLIN = """
하나: /sign
하나: [✍️ 서명하기]
하나: [🔔 소식 받기]
유나: /team
유나: [🕘 내 시간대: 한국 시간]
유나: 베를린
봇: 시각은 독일(베를린) 시간 기준으로 보입니다.
"""
SKIPPED = """
유나: /broadcast
유나: 봄 소식입니다.
유나: News of spring.
유나: [🕘 예약하기 …]
유나: 3월 28일 2:30
봇: (below) 3월 28일 … 02:30 … 없는 시각 … [시계 변경 전 01:30 GMT+01:00] … [시계 변경 후 03:30 GMT+02:00]
유나: [시계 변경 후 03:30 GMT+02:00]
봇: (in place) 이 시각에 보내도록 예약할까요? … 2027년 3월 28일 일요일 … 3:30 … (독일(베를린)
유나: [✅ 네, 예약하기]
"""
REPEATED = """
유나: /broadcast
유나: 가을 소식입니다.
유나: News of autumn.
유나: [🕘 예약하기 …]
유나: 10월 31일 2:30
봇: (below) 10월 31일 … 두 번 있는 시각 … [시계 변경 전 02:30 GMT+02:00] … [시계 변경 후 02:30 GMT+01:00]
유나: [시계 변경 후 02:30 GMT+01:00]
봇: (in place) 이 시각에 보내도록 예약할까요? … 2:30 … (독일(베를린) … GMT+01:00
유나: [✅ 네, 예약하기]
"""
CLOSED = """
유나: /close
유나: 고맙습니다.
유나: Thank you.
봇: (below) 청원을 마감할까요? … 180일 … 2028년 4월
유나: [네, 마감하기]
봇: (in place) 마감 … 10월 31일 02:10 GMT+02:00
"""
WON = """
유나: /reopen
유나: [네, 다시 열기]
유나: /victory
유나: 이겼습니다.
유나: We won.
유나: [네, 승리로 마감하기]
봇: (in place) 승리로 마감했습니다. 소식은 아직 보내지 않았습니다. … 10월 31일 02:10 GMT+01:00
하나: /sign
봇: 이겼습니다.
"""


async def test_hours_of_a_change_of_clocks_are_kept_and_an_end_in_them_is_dated(empty_stage: Stage) -> None:
    """02:30 in Berlin does not exist in spring, and comes twice in autumn."""
    stage = empty_stage
    stage.settings |= {"organizers": (stage.actor("유나").id,), "quiet_hours": True}
    hana = stage.actor("하나")
    goes_to("2027-03-27T10:00:00+00:00")
    await stage.opens()
    await stage.tell(BERLIN)
    await stage.tell(SKIPPED)
    goes_to("2027-03-28T01:29:00+00:00")
    await stage.tell("하나: /updates")
    assert "봄 소식입니다." not in hana.screen, "a minute before 3:30"
    goes_to("2027-03-28T01:30:01+00:00")
    await stage.tell("하나: (waits)\n봇: (later) 봄 소식입니다.")
    await stage.tell("유나: (waits)\n봇: (later) 발송을 마쳤습니다.")
    goes_to("2027-10-30T10:00:00+00:00")
    await stage.tell(REPEATED)
    goes_to("2027-10-31T00:10:00+00:00")  # 2:10, for the first time
    await stage.tell(CLOSED)
    await stage.reopens()
    goes_to("2027-10-31T01:10:00+00:00")  # 2:10 again
    await stage.tell(WON)
    goes_to("2027-10-31T01:30:01+00:00")
    await stage.tell("하나: (waits)\n봇: (later) 가을 소식입니다.")


NEW_YORK = """
Sam: /sign
Sam: [✏️ Country]
Sam: Bahamas
Sam: [✍️ Sign]
Sam: [🔔 Get updates]
유나: /team
유나: [🕘 내 시간대: 한국 시간]
유나: 뉴욕
봇: 시각은 미국(뉴욕) 시간 기준으로 보입니다.
"""
SPRING = """
유나: /broadcast
유나: 봄 소식입니다.
유나: News of spring.
유나: [🕘 예약하기 …]
유나: 3월 14일 2:30
봇: (below) 3월 14일 … 02:30 … 없는 시각 … [시계 변경 전 01:30 GMT-05:00] … [시계 변경 후 03:30 GMT-04:00]
유나: [시계 변경 전 01:30 GMT-05:00]
봇: (in place) 이 시각에 보내도록 예약할까요? … 2027년 3월 14일 일요일 … 1:30 … (미국(뉴욕)
유나: [✅ 네, 예약하기]
"""
AUTUMN = """
유나: /broadcast
유나: 가을 소식입니다.
유나: News of autumn.
유나: [🕘 예약하기 …]
유나: 11월 7일 1:30
봇: (below) 11월 7일 … 두 번 있는 시각 … [시계 변경 전 01:30 GMT-04:00] … [시계 변경 후 01:30 GMT-05:00]
유나: [시계 변경 전 01:30 GMT-04:00]
봇: (in place) 이 시각에 보내도록 예약할까요? … 1:30 … (미국(뉴욕) … GMT-04:00
유나: [✅ 네, 예약하기]
"""


async def test_hours_of_new_york_are_kept_and_its_readers_wait_for_eight_by_the_new_clocks(empty_stage: Stage) -> None:
    """The Bahamas have New York's clocks: in spring their morning comes an hour sooner, in autumn an hour later."""
    stage = empty_stage
    stage.settings |= {"organizers": (stage.actor("유나").id,), "quiet_hours": True}
    hana, sam = stage.actor("하나"), stage.actor("Sam")
    goes_to("2027-03-13T15:00:00+00:00")
    await stage.opens()
    await stage.tell("하나: /sign\n하나: [✍️ 서명하기]\n하나: [🔔 소식 받기]")
    await stage.tell(NEW_YORK)
    for words, text, korean, (before, hour), morning in (
        (SPRING, "News of spring.", "봄 소식입니다.", ("2027-03-14T06:29", "2027-03-14T06:30"), "2027-03-14T12:00"),
        (AUTUMN, "News of autumn.", "가을 소식입니다.", ("2027-11-07T05:29", "2027-11-07T05:30"), "2027-11-07T13:00"),
    ):
        goes_to(f"{before[:8]}{int(before[8:10]) - 1:02}T15:00:00+00:00")
        await stage.tell(words)
        goes_to(f"{before}:00+00:00")
        await stage.tell("하나: /updates")
        assert korean not in hana.screen, "a minute before the hour that was meant"
        goes_to(f"{hour}:01+00:00")
        await stage.tell(f"하나: (waits)\n봇: (later) {korean}")
        goes_to((datetime.fromisoformat(f"{morning}:00+00:00") - timedelta(minutes=1)).isoformat())
        await stage.tell(f"하나: /updates\n봇: {korean}")
        assert text not in sam.screen, "for Sam it is night by the new clocks"
        goes_to(f"{morning}:01+00:00")
        await stage.tell(f"Sam: (waits)\nBot: (later) {text}\n유나: (waits)\n봇: (later) 발송을 마쳤습니다.")

"""A night passes on Telegram: the real bot, whose clock the story moves, and phones in Seoul and in the Bahamas."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import NamedTuple, Self

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


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def goes_to(moment: datetime) -> None:
    """Set the clock of the bot."""
    MovedDatetime.ahead.now = moment - datetime.now(UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("conversation.dialog", "broadcasting.worker", "jobs.context", "app.periodic", "app.run"):
        monkeypatch.setattr(import_module(f"chatbot.{module}"), "datetime", MovedDatetime)


async def test_update_of_an_evening_in_seoul_comes_to_each_in_the_morning(empty_stage: Stage) -> None:
    stage = empty_stage
    yuna = stage.actor("유나")
    stage.settings |= {"organizers": (yuna.id,), "quiet_hours": True}
    goes_to(utc("2026-11-24T10:00:00"))  # 19:00 in Seoul, 5:00 in the Bahamas
    await stage.opens()
    await stage.tell(READERS)
    await stage.tell(EVENING)
    sam = stage.actor("Sam")
    assert "Our friend is free." not in sam.screen, "he sleeps"
    goes_to(utc("2026-11-24T12:59:00"))
    await stage.tell("하나: /updates\n봇: 친구가 풀려났습니다.")
    assert not [each for each in sam.watch.taken_so_far() if each["type"] == "message"], "a minute before his morning"
    goes_to(utc("2026-11-24T13:00:01"))
    await stage.tell("Sam: (waits)\nBot: (later) Our friend is free.\n유나: (waits)\n봇: (later) 발송을 마쳤습니다.")
    await stage.tell(SCHEDULED)
    goes_to(utc("2026-11-25T03:00:01"))
    await stage.tell("하나: (waits)\n봇: (later) 내일 소식입니다.\n")
    assert "News of tomorrow." not in sam.screen, "for Sam it is night"


class ClockChange(NamedTuple):
    """A night in which clocks are changed. A day before it, 유나 types an hour that does not exist or comes twice."""

    news: tuple[str, str]
    """In Korean and in English."""
    typed: str
    problem: str
    offers: tuple[str, str]
    """Before the change and after it."""
    meant: int
    at: str
    """In UTC."""
    morning: str | None = None
    """When it is 8:00 by the new clocks for Sam, in UTC."""

    def schedule(self, city: str) -> str:
        """Tell how 유나 schedules the news in a city."""
        day, _, hour = self.typed.rpartition(" ")
        before, after = offers = [
            f"[시계 변경 {word} {offer}]" for word, offer in zip("전후", self.offers, strict=True)
        ]
        clock, offset = self.offers[self.meant].lstrip("0").split()
        is_twice = self.offers[0].split()[0] == self.offers[1].split()[0]
        return f"""
유나: /broadcast
유나: {self.news[0]}
유나: {self.news[1]}
유나: [🕘 예약하기 …]
유나: {self.typed}
봇: (below) {day} … {hour.zfill(5)} … {self.problem} … {before} … {after}
유나: {offers[self.meant]}
봇: (in place) 이 시각에 보내도록 예약할까요? … {day} 일요일 … {clock} … ({city}{f" … {offset}" if is_twice else ""}
유나: [✅ 네, 예약하기]
"""


SPRING, AUTUMN = ("봄 소식입니다.", "News of spring."), ("가을 소식입니다.", "News of autumn.")
MISSING, TWICE = "없는 시각", "두 번 있는 시각"
BERLIN = (
    ClockChange(SPRING, "3월 28일 2:30", MISSING, ("01:30 GMT+01:00", "03:30 GMT+02:00"), 1, "2027-03-28T01:30"),
    ClockChange(AUTUMN, "10월 31일 2:30", TWICE, ("02:30 GMT+02:00", "02:30 GMT+01:00"), 1, "2027-10-31T01:30"),
)
NEW_YORK = (
    ClockChange(
        *(SPRING, "3월 14일 2:30", MISSING, ("01:30 GMT-05:00", "03:30 GMT-04:00"), 0, "2027-03-14T06:30"),
        morning="2027-03-14T12:00",
    ),
    ClockChange(
        *(AUTUMN, "11월 7일 1:30", TWICE, ("01:30 GMT-04:00", "01:30 GMT-05:00"), 0, "2027-11-07T05:30"),
        morning="2027-11-07T13:00",
    ),
)
READER_AND_WRITER = """
하나: /sign
하나: [✍️ 서명하기]
하나: [🔔 소식 받기]
유나: /team
유나: [🕘 내 시간대: 한국 시간]
유나: {city}
봇: 시각은 {city} 시간 기준으로 보입니다.
"""
SAM_IN_THE_BAHAMAS = """
Sam: /sign
Sam: [✏️ Country]
Sam: Bahamas
Sam: [✍️ Sign]
Sam: [🔔 Get updates]
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


async def open_in(stage: Stage, city: str, change: ClockChange) -> None:
    """Open the bot the day before a change of clocks, with 유나 in the city and 하나 as a reader."""
    stage.settings |= {"organizers": (stage.actor("유나").id,), "quiet_hours": True}
    goes_to(utc(change.at) - timedelta(hours=15))
    await stage.opens()
    await stage.tell(READER_AND_WRITER.format(city=city))


@pytest.mark.parametrize(
    ("city", "change"),
    [
        pytest.param(city, change, id=f"{name}-{season}")
        for name, city, changes in (("berlin", "베를린", BERLIN), ("new-york", "뉴욕", NEW_YORK))
        for season, change in zip(("spring", "autumn"), changes, strict=True)
    ],
)
async def test_hour_of_a_change_of_clocks_is_kept(empty_stage: Stage, city: str, change: ClockChange) -> None:
    """In the Bahamas, with New York's clocks, morning comes an hour sooner in spring and an hour later in autumn."""
    stage, (korean, english) = empty_stage, change.news
    hana, sam = stage.actor("하나"), stage.actor("Sam")
    await open_in(stage, city, change)
    if change.morning:
        await stage.tell(SAM_IN_THE_BAHAMAS)
    await stage.tell(change.schedule(city))
    goes_to(utc(change.at) - timedelta(minutes=1))
    await stage.tell("하나: /updates")
    assert korean not in hana.screen, "a minute before the hour that was meant"
    goes_to(utc(change.at) + timedelta(seconds=1))
    await stage.tell(f"하나: (waits)\n봇: (later) {korean}")
    if change.morning:
        goes_to(utc(change.morning) - timedelta(minutes=1))
        await stage.tell(f"하나: /updates\n봇: {korean}")
        assert english not in sam.screen, "for Sam it is night by the new clocks"
        goes_to(utc(change.morning) + timedelta(seconds=1))
        await stage.tell(f"Sam: (waits)\nBot: (later) {english}")
    await stage.tell("유나: (waits)\n봇: (later) 발송을 마쳤습니다.")


async def test_end_in_an_hour_that_comes_twice_is_dated(empty_stage: Stage) -> None:
    """In Berlin 02:10 comes twice in autumn. What was scheduled goes out also after the end."""
    stage, autumn = empty_stage, BERLIN[1]
    await open_in(stage, "베를린", autumn)
    await stage.tell(autumn.schedule("베를린"))
    goes_to(utc("2027-10-31T00:10:00"))  # 2:10, for the first time
    await stage.tell(CLOSED)
    await stage.reopens()
    goes_to(utc("2027-10-31T01:10:00"))  # 2:10 again
    await stage.tell(WON)
    goes_to(utc("2027-10-31T01:30:01"))
    await stage.tell("하나: (waits)\n봇: (later) 가을 소식입니다.")

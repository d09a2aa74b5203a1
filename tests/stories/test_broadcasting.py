"""A broadcast from writing to recalling: reviewed, sent, paused, reported, corrected; in each language."""

from datetime import UTC, datetime, timedelta

import pytest

from chatbot.conversation.steps import TEAM_COMMANDS
from tests.emulator.conftest import until
from tests.support.in_any_language import in_any_language
from tests.support.stage import Stage

SUBSCRIBERS = """
하나: /subscribe
Sam: /subscribe
Mallory: /subscribe
"""
KOREAN = """
유나: /broadcast
봇: (below) 새 소식 … 소식을 신청하신 3명께 갑니다. … [한국어 글은 쓰지 않기] … [나중에 쓰기]
유나: (sticker)
봇: (below) 이것은 전할 수 없습니다 … 한국어 글을 보내 주세요.
유나: 친구가 <b>풀려났습니다</b> & 곧 옵니다.
봇: (below) 다음은 {english} 글입니다. … [{english} 글은 쓰지 않기]
유나: Our friend is free.
봇: (above) 친구가 <b>풀려났습니다</b> & 곧 옵니다. … [🔕 소식 그만 받기]
봇: (above) Our friend is free. … [🔕 Stop these updates]
봇: (below) 받는 분께는 위와 같이 보입니다. … 3명 (한국어 1명, {english} 2명) … [📣 보내기 …] … [🧪 시험 발송 …]
유나: [⚙️ 설정 …]
유나: [🔗 추가한 버튼: 없음]
봇: (in place) 소식 아래의 버튼, 두 개까지 … [✍️ 서명하기] … [📣 친구에게 보내기] … [📖 호소문 읽기]
유나: 자세히 보기 https://example.org/news
봇: (below) 버튼 ({english}) … https://example.org/news
유나: Read more
봇: (above) [자세히 보기](https://example.org/news) … [Read more](https://example.org/news)
유나: [🧪 시험 발송 …]
봇: (in place) 누구에게 시험으로 보낼까요?
유나: [🧪 나에게]
봇: (above) 친구가 … Our friend
봇: (below) 시험으로 보낸 글입니다
유나: [📣 보내기 …]
봇: (in place) 지금 보낼까요? … 3명 … [✅ 네, 3명에게 보내기] … [‹ 뒤로]
유나: [✅ 네, 3명에게 보내기]
봇: (in place) 3명에게 보내기 시작했습니다.
봇: (later) 발송을 마쳤습니다. … 3명 가운데 2명에게 도착
봇: “친구가 <b>풀려났습니다</b> & … 닿지 않음: 1명 … [✏️ 고치기 …] … [🗑 모두에게서 삭제 …] … [👀 보기]

하나: (waits)
봇: (later) 친구가 <b>풀려났습니다</b> & 곧 옵니다. … [자세히 보기](https://example.org/news) … [🔕 소식 그만 받기]
Sam: (waits)
Bot: (later) Our friend is free. … [Read more](https://example.org/news) … [🔕 Stop these updates]
Sam: /updates
Bot: (below) Our friend is free. … 1 / 2 … [Read more] … [Older ›]
하나: [🔕 소식 그만 받기]
봇: (below) 이제 소식을 보내지 않습니다. … [🔔 소식 받기]

유나: [✏️ 고치기 …]
봇: (below) 어느 글을 고칠까요? … [✏️ 한국어] [✏️ {english}]
유나: [✏️ {english}]
유나: Our friend is free at last.
봇: (below) 이렇게 바뀝니다. … 2명 … [✏️ 모든 채팅방에서 고치기 …]
유나: [✏️ 모든 채팅방에서 고치기 …]
유나: [✅ 네, 고치기]
봇: (in place) 고치기 시작했습니다.
봇: (later) 고치기를 마쳤습니다. … 2명 가운데 2명에게서 고쳤습니다
Sam: (waits)
Bot: (later) Our friend is free at last.
Sam: /updates
Bot: Our friend is free at last.

유나: /broadcasts
봇: (below) 보낸 소식 … 유나, 👥 3명 … ✏️ 유나 님이 고침 … [✅ … [└ ✏️
유나: [✅]
봇: (in place) 발송을 마쳤습니다.
유나: [🗑 모두에게서 삭제 …]
봇: (in place) 모두에게서 삭제할까요? … 채팅방 2곳 … [🗑 네, 2명에게서 삭제하기]
유나: [🗑 네, 2명에게서 삭제하기]
봇: (in place) 모두에게서 삭제하기 시작했습니다.
봇: (later) 모두에게서 삭제했습니다. … 2명 가운데 2명에게서 삭제했습니다
Sam: /updates
Bot: repatriated
Bot: (not) free at last
"""
ENGLISH = """
Yuna: /broadcast
Bot: (below) A new update … the 3 people who asked for updates … [No English version] … [Write
Yuna: (photo) Our friend is free.
Bot: (below) Now in Korean? … [No Korean version] … [Write later]
Yuna: [No Korean version]
Bot: (in place) It is in English only. Who should get it? … [Readers of English: 2] … [Everyone: 3]
Yuna: [Everyone: 3]
Bot: (above) Our friend is free. … [🔕 소식 그만 받기 · Stop these updates]
Bot: (below) This is what people will get. … 3 people (English 3) … [📣 Send …]
Yuna: [⚙️ Settings …]
Yuna: [🔔 Sound: on]
Bot: (in place) without sound
Yuna: [📣 Send …]
Bot: (in place) Send it now? … [✅ Yes, send it: 3]
Yuna: [✅ Yes, send it: 3]
Bot: (in place) On its way to 3 people.
Bot: (later) Sent. … “🖼 Our friend is free.” … 2 of 3 have it … not reachable: 1 … [✏️ Correct …]

하나: (waits)
봇: (later) Our friend is free. … [🔕 소식 그만 받기 · Stop these updates]
하나: [🔕 소식 그만 받기]
봇: (below) 이제 소식을 보내지 않습니다.
하나: /updates
봇: (below) Our friend is free. … [🖼 사진 보기]
하나: [🖼 사진 보기]
봇: (below) Our friend is free.

Yuna: [✏️ Correct …]
Bot: (below) Send me the corrected text.
Yuna: Our friend is free at last.
Bot: (above) Our friend is free at last.
Yuna: [✏️ Correct it everywhere …]
Yuna: [✅ Yes, correct it]
Bot: (later) Corrected. … 2 of 2 are corrected
Sam: (waits)
Bot: (later) Our friend is free at last. … [🔕 소식 그만 받기 · Stop these updates]
Yuna: /broadcasts
Bot: Sent updates
Yuna: [✅]
Yuna: [🗑 Delete for everyone …]
Bot: (in place) deleted in 2 chats
Yuna: [🗑 Yes, delete it for 2]
Bot: (later) Deleted for everyone. … 2 of 2 are deleted
"""
PAUSED = """
유나: [📣 보내기 …]
유나: [✅ 네, 9명에게 보내기]
하나: (waits)
봇: (later) 친구가 풀려났습니다.
유나: (waits)
봇: (later) 보내고 있습니다 … 👥 9명 … [⏸ 잠시 멈추기]
유나: [⏸ 잠시 멈추기]
봇: (notice) 멈췄습니다.
봇: (later) 멈췄습니다. 다시 시작할 때까지 … [▶ 이어서 하기]
"""
RESUMED = """
유나: [▶ 이어서 하기]
봇: (notice) 이어서 보냅니다.
봇: (later) 보내고 있습니다 … [⏸ 잠시 멈추기] [✖ 그만두기 …]
"""
CANCELLED = """
유나: [✖ 그만두기 …]
봇: (later) 그만둘까요? … [✖ 네, 여기서 멈추기] … [▶ 이어서 하기]
유나: [✖ 네, 여기서 멈추기]
봇: (later) 도중에 그만두었습니다. … [✏️ 고치기 …] … [🗑 모두에게서 삭제 …]
"""
SCHEDULED = """
Yuna: /broadcast
Yuna: Our friend is free.
Yuna: 친구가 풀려났습니다.
Yuna: [🕘 Later …]
Bot: (in place) When should it go out? … Times are in Korean time.
Yuna: {tomorrow} 9:00
Bot: (below) Schedule it for this time? … {hour} … 3 people
Yuna: [✅ Yes, schedule it]
Bot: (in place) Scheduled.
Yuna: /scheduled
Bot: (below) Scheduled, in Korean time … 09:00 · Our friend is free.
Yuna: [09:00]
Bot: (in place) {hour} … 3 people … [📣 Send now …] … [🕘 Change the time]
"""


@pytest.fixture
async def team_stage(empty_stage: Stage) -> Stage:
    """A stage with 유나 as organizer, and subscribers of whom one has left Telegram."""
    stage = empty_stage
    yuna = stage.actor("유나")
    stage.settings |= {"organizers": (yuna.id,)}
    await stage.opens()
    await stage.tell(SUBSCRIBERS)
    await until(lambda: not stage.ledger.read("SELECT 1 FROM jobs"))  # notices of the start would come in between
    stage.actor("Mallory").person.deactivated = True
    return stage


async def speak_english(stage: Stage) -> None:
    """Switch 유나 to English. The story calls her Yuna from then on."""
    yuna = stage.actor("유나")
    await yuna.says("/language")
    await yuna.taps("English")
    stage.known_as("Yuna", yuna)


def delivered(stage: Stage) -> list[tuple[str, int]]:
    """List the state and the subscriber of each delivery."""
    people = {stage.actor(name).id for name in ("하나", "Sam", "Mallory")}
    return [(row["state"], row["supporter_id"]) for row in stage.ledger.read(
        "SELECT * FROM deliveries WHERE broadcast_id = 1 ORDER BY supporter_id"
    ) if row["supporter_id"] in people]  # fmt: skip


@in_any_language
async def test_yuna_sends_corrects_and_recalls_a_broadcast(team_stage: Stage) -> None:
    await team_stage.tell(KOREAN.format(english=team_stage.english_in_korean))
    assert [state for state, _ in delivered(team_stage)] == ["sent", "sent", "gone"]
    assert team_stage.actor("Sam").screen.startswith("2012 · 30 North Korean")
    assert "'leave'" not in str(team_stage.world.said_in(team_stage.actor("Sam").person)), (
        "the message itself is deleted"
    )
    assert team_stage.ledger.updates(team_stage.actor("Mallory").id) is None
    team_stage.ledger.assert_consistent(signatures=0)
    organizers = team_stage.ledger.read("SELECT count(*) AS reports FROM broadcasts WHERE reported_at IS NOT NULL")
    assert organizers == [{"reports": 3}]


@pytest.mark.slow
@in_any_language
async def test_yuna_sends_a_silent_picture_in_one_language(team_stage: Stage) -> None:
    await speak_english(team_stage)
    await team_stage.tell(ENGLISH)
    assert [state for state, _ in delivered(team_stage)] == ["sent", "sent", "gone"]
    assert "'photo'" not in str(team_stage.world.said_in(team_stage.actor("Sam").person))


@pytest.mark.slow
@in_any_language
async def test_restart_continues_the_draft_and_the_running_broadcast(team_stage: Stage) -> None:
    team_stage.settings["broadcast_rate"] = 1.0  # slow enough that it is on its way for as long as a busy machine needs
    await team_stage.reopens()
    for number in range(6):
        await team_stage.tell(f"하나 {number}: /subscribe")
    await team_stage.tell("유나: /broadcast\n유나: 친구가 풀려났습니다.")
    await team_stage.reopens()
    await team_stage.tell("유나: Our friend is free.\n봇: (above) 친구가 풀려났습니다. … Our friend is free.")
    yuna = await team_stage.tell(PAUSED)
    shown = yuna.message["message_id"]
    # The stage may stop the bot at any point, so wait until the deliveries under way are recorded.
    await until(lambda: not team_stage.ledger.read("SELECT 1 FROM deliveries WHERE state = 'sending'"))
    await team_stage.reopens()
    await team_stage.tell(RESUMED)
    assert yuna.message["message_id"] == shown, "it goes on in the same message"
    await team_stage.tell(CANCELLED)
    counts = team_stage.ledger.read("SELECT count(*) AS left_over FROM deliveries WHERE state = 'waiting'")
    assert counts[0]["left_over"] > 0
    assert team_stage.ledger.read("SELECT 1 FROM deliveries WHERE state IN ('sending', 'unknown')") == []


@in_any_language
async def test_yuna_schedules_a_broadcast(team_stage: Stage) -> None:
    await speak_english(team_stage)
    tomorrow, hour = "tomorrow", "9:00\u00a0AM (Korean\u00a0time)"
    if team_stage.english:  # numbers are understood in every language, words in those with a grammar
        tomorrow, hour = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}", "9:00"
    await team_stage.tell(SCHEDULED.format(tomorrow=tomorrow, hour=hour))
    assert team_stage.ledger.read("SELECT count(*) AS started FROM broadcasts WHERE started_at IS NOT NULL") == [
        {"started": 0}
    ]


async def test_supporters_find_no_organizer_commands(team_stage: Stage) -> None:
    await team_stage.tell("하나: /frobnicate\n봇: 알아듣지 못했어요")
    unknown = team_stage.actor("하나").screen
    for command in TEAM_COMMANDS:
        await team_stage.tell(f"하나: /{command}")
        assert team_stage.actor("하나").screen == unknown
    yuna, menu = team_stage.actor("유나"), team_stage.world.menu.commands
    own = menu[("chat", yuna.id, 0), "ko"]
    assert {each["command"] for each in own} & TEAM_COMMANDS.keys() == TEAM_COMMANDS.keys() - {"reopen"}, "it is open"
    assert all("broadcast" not in str(menu[each]) for each in menu if each[0][0] != "chat")

"""유나 invites 하나, who approves a broadcast, is removed, and gets the menu of supporters back."""

import pytest

from tests.emulator.conftest import until
from tests.support.in_any_language import in_any_language
from tests.support.stage import Stage

INVITING = """
유나: /team
봇: 팀 … 유나 · 책임자 (설정에 지정) … [➕ 초대하기]
유나: [초대하기]
봇: (in place) 어떤 역할로 … [운영자로] [보기 전용으로]
유나: [운영자로]
봇: (in place) 운영자 초대 링크 … ?start=join_ … 까지 쓸 수 있습니다 … [📋 링크 복사] … [초대 취소]
"""
JOINING = """
하나: /start {payload}
봇: (below) 유나 님이 … 초대합니다 … 역할: 운영자 … 서명은 하지 않아도 됩니다 … [✅ 네, 함께하기]
하나: [네, 함께하기]
봇: (in place) 팀에 오신 것을 환영합니다 … 역할: 운영자
유나: (waits)
봇: (later) 하나 님이 팀에 들어왔습니다
"""
AGREEING = """
유나: /team
유나: [발송 승인]
유나: [다른 숫자]
봇: (in place) 혼자서 몇 명까지
유나: 1
봇: (below) 1명을 넘으면
유나: [네]
봇: (in place) 현재: 1명 초과
하나: (waits)
봇: (later) 유나 님의 결정으로, 받는 분이 1명을 넘는 소식은
"""
APPROVING = """
유나: /broadcast
유나: 친구가 풀려났습니다.
유나: Our friend is free.
유나: [📣 보내기]
봇: 다른 운영자에게 승인을 요청할까요? … 2명
유나: [네, 승인 요청하기]
봇: (in place) 다른 운영자의 승인이 필요합니다 … 승인을 요청받은 분: 하나
하나: (waits)
봇: (later) 유나 님이 승인을 요청합니다 … [✅ 승인하기 …] … [👀 살펴보기]
하나: [✅ 승인하기 …]
봇: (in place) 승인하고 지금 보낼까요? … 2명 … [✅ 네, 2명에게 보내기]
하나: [네, 2명에게 보내기]
봇: (in place) 승인했습니다
유나: (waits)
봇: (later) 발송을 마쳤습니다 … 2명 가운데 2명에게 도착했습니다
"""
LOOKING_BACK = """
하나: /log
봇: 하나 … 2명에게 보내기 시작했습니다 … 유나 … 승인을 요청했습니다 … 발송 승인: 꺼짐 → 1명 초과 … 확인 번호
"""
PARTING = """
유나: /team
유나: [하나 · 운영자]
유나: [팀에서 내보내기]
봇: (in place) 하나 님을 팀에서 내보낼까요?
유나: [네, 내보내기]
봇: (in place) 이제 팀원이 아닙니다: 하나
하나: (waits)
봇: (later) 이제 이 청원의 팀원이 아니며
"""


@pytest.fixture
async def team_stage(empty_stage: Stage) -> Stage:
    """A stage with 유나 as organizer, and two subscribers."""
    empty_stage.settings |= {"organizers": (empty_stage.actor("유나").id,), "broadcast_rate": 30.0}
    await empty_stage.opens()
    await empty_stage.tell("하나: /subscribe\nSam: /subscribe\n유나: /start")
    return empty_stage


@in_any_language
async def test_yuna_invites_a_member_and_removes_her(team_stage: Stage) -> None:
    hana, menu = team_stage.actor("하나"), team_stage.world.menu

    def has_organizer_menu() -> bool:
        return "broadcast" in {one["command"] for one in menu.commands_shown(hana.id, "ko")}

    yuna = await team_stage.tell(INVITING)
    link, command = [button["copy_text"]["text"] for button in yuna.buttons if "copy_text" in button]
    assert command == f"/start {link.partition('=')[2]}"
    assert not has_organizer_menu()
    team_stage.team.add(hana.id)
    await team_stage.tell(JOINING.format(payload=link.partition("=")[2]))
    await until(has_organizer_menu)
    await team_stage.tell(AGREEING)
    await team_stage.tell(APPROVING)
    await team_stage.tell(LOOKING_BACK)
    old = [button["callback_data"] for button in hana.buttons if "callback_data" in button]
    shown = hana.message["message_id"]
    await team_stage.tell(PARTING)
    await until(lambda: not has_organizer_menu())
    team_stage.team.clear()
    await team_stage.tell("하나: /team\n봇: 알아듣지 못했어요")
    for action in (*old, "team:list", "broadcast:open:1"):
        await hana.presses(action, shown, stale=True)
        assert "알아듣지 못했어요" in hana.screen
    team_stage.ledger.assert_consistent(signatures=0)
    entries = [row["action"] for row in team_stage.ledger.read("SELECT action FROM audit_log ORDER BY number")]
    assert entries == [
        *("team.invited", "team.joined", "team.threshold", "broadcast.asked"),
        *("broadcast.approved_started", "team.removed"),
    ]

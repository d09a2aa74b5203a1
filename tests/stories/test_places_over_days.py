"""Days pass over linked channels and groups: refusals, rights that come and go, an upgrade. The team is told once."""

from datetime import datetime
from importlib import import_module

import pytest

from chatbot.emulator import Fault, Gathering
from chatbot.emulator.world.places.gatherings import admit_bot, expel_bot, gather, give_rights, take_rights, upgrade
from tests.stories.test_clocks_on_telegram import MovedDatetime
from tests.stories.test_clocks_on_telegram import goes_to as set_clock
from tests.stories.test_places import link
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

NOT_THERE = "Forbidden: bot is not a member of the channel chat"
REFUSED, EVERYWHERE, UNLINKED = "올리는 글을 거절합니다", "연결된 모든 채널과 그룹에서", "연결을 끊었습니다"


def goes_to(moment: str) -> None:
    set_clock(datetime.fromisoformat(moment))


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the story move the bot's clock, and cards follow each signature at once."""
    for name in ("conversation.dialog", "broadcasting.card_keeper", "jobs.context", "app.periodic", "app.run"):
        monkeypatch.setattr(import_module(f"chatbot.{name}"), "datetime", MovedDatetime)
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.EVERY", 0.02)
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.PAUSES", (0.05, 0.1))
    monkeypatch.setattr("chatbot.broadcasting.pace.CARDS", 200.0)
    monkeypatch.setattr("chatbot.petition.rounding.EXACT", 10**9)
    monkeypatch.setattr("chatbot.jobs.runner.IDLE", 0.1)


@pytest.fixture
async def days(empty_stage: Stage) -> Stage:
    """A stage on the first day at noon in Seoul, with 유나 as organizer."""
    empty_stage.settings["organizers"] = (empty_stage.actor("유나").id,)
    goes_to("2026-11-24T03:00:00+00:00")
    await empty_stage.opens()
    await empty_stage.tell("유나: /start")
    return empty_stage


async def link_with_card(stage: Stage, title: str, kind: str = "channel") -> Gathering:
    """Link a place by /channels, and pin a card there."""
    yuna = stage.actor("유나")
    place = gather(stage.world, title, [yuna.person], kind=kind, bot=False)
    await stage.tell("유나: /channels\n유나: [➕ 채널이나 그룹 연결하기]")
    await link(stage, yuna, place)
    await pin(stage, place)
    return place


async def pin(stage: Stage, place: Gathering) -> None:
    yuna = stage.actor("유나")
    [row] = stage.ledger.read(f"SELECT code FROM places WHERE chat = {place.id}")
    await yuna.says("/channels")
    await yuna.presses(f"channels:show:{row['code']}")
    await yuna.presses(f"channels:ask:pin:{row['code']}")
    await yuna.presses(yuna.buttons[0]["callback_data"])
    await stage.wire.until(lambda: bool(place.pinned) and not stage.ledger.read("SELECT 1 FROM jobs"))


async def sign(stage: Stage, name: str) -> None:
    await stage.tell(f"{name}: /start\n{name}: [서명하기]\n{name}: [서명하기]\n봇: (above) 고맙습니다")


def read_card(stage: Stage, place: Gathering) -> str:
    """Return the newest card in a place."""
    return str([each["text"] for each in stage.world.said_in(place) if "reply_markup" in each][-1])


def count_told(stage: Stage, words: str) -> int:
    """Count the notices to 유나 with these words."""
    return sum(words in each.get("text", "") for each in stage.world.said_in(stage.actor("유나").person))


async def until_refused(stage: Stage, fault: Fault, times: int) -> None:
    await stage.wire.until(lambda: fault.hits >= times)
    # What follows from the refusal is stored before the next turn begins.
    await stage.tell("유나: /channels")
    assert fault.hits == times, "what is refused is not repeated until the number changes"


async def test_channel_is_unlinked_by_refusals_on_two_days_and_linked_again(days: Stage) -> None:
    stage, yuna = days, days.actor("유나")
    channel, other = [await link_with_card(stage, title) for title in ("광장", "소식")]
    [code] = [row["code"] for row in stage.ledger.read(f"SELECT code FROM places WHERE chat = {channel.id}")]
    fault = stage.emulator.faults.refuse(403, NOT_THERE, "editMessageText", person=channel.id)
    await sign(stage, "하나")
    await until_refused(stage, fault, 1)
    assert count_told(stage, REFUSED) == 0, "it may be over in a minute"
    goes_to("2026-11-24T03:11:00+00:00")
    await yuna.awaits(lambda screen: REFUSED in screen)
    goes_to("2026-11-24T12:00:00+00:00")
    await sign(stage, "지우")
    await until_refused(stage, fault, 2)
    goes_to("2026-11-24T23:59:00+00:00")
    await sign(stage, "민서")
    await until_refused(stage, fault, 3)
    assert count_told(stage, UNLINKED) == 0, "one day of trouble unlinks nothing"
    goes_to("2026-11-25T15:10:00+00:00")
    await sign(stage, "서준")
    await yuna.awaits(lambda screen: UNLINKED in screen)
    assert fault.hits == 4
    await sign(stage, "하준")
    await stage.wire.until(lambda: "178,926" in read_card(stage, other))
    assert fault.hits == 4, "nothing is tried there any more"
    assert (count_told(stage, REFUSED), count_told(stage, UNLINKED)) == (1, 1)

    stage.emulator.faults.clear()
    await stage.tell("유나: /channels\n유나: [➕ 채널이나 그룹 연결하기]")
    await link(stage, yuna, channel)
    assert "광장" in yuna.screen
    rows = stage.ledger.read(f"SELECT code, unlinked_at FROM places WHERE chat = {channel.id}")
    assert rows == [{"code": code, "unlinked_at": None}], "its link is the old one"


async def test_team_is_told_once_while_telegram_refuses_everybody(days: Stage) -> None:
    stage, yuna = days, days.actor("유나")
    linked = [await link_with_card(stage, title) for title in ("광장", "소식")]

    def refuse() -> list[Fault]:
        return [stage.emulator.faults.refuse(403, NOT_THERE, "editMessageText", person=each.id) for each in linked]

    faults = refuse()
    await sign(stage, "하나")
    for fault in faults:
        await until_refused(stage, fault, 1)
    goes_to("2026-11-24T03:11:00+00:00")
    await yuna.awaits(lambda screen: EVERYWHERE in screen)

    # An hour later Telegram takes one edit of each, and then refuses everything again.
    stage.emulator.faults.clear()
    goes_to("2026-11-24T04:00:00+00:00")
    await sign(stage, "지우")
    for place in linked:
        await stage.wire.until(lambda place=place: "178,923" in read_card(stage, place))  # type: ignore[misc]
    faults = refuse()
    await sign(stage, "민서")
    for fault in faults:
        await until_refused(stage, fault, 1)
    goes_to("2026-11-24T04:15:00+00:00")
    await stage.wire.until(lambda: not stage.ledger.read("SELECT 1 FROM jobs WHERE kind = 'place_trouble'"))
    await stage.tell("유나: /channels")
    for moment, name, times in (("2026-11-25T10:00", "서준", 2), ("2026-11-26T10:00", "하준", 3)):
        goes_to(f"{moment}:00+00:00")
        await sign(stage, name)
        for fault in faults:
            await until_refused(stage, fault, times)
    assert (count_told(stage, EVERYWHERE), count_told(stage, REFUSED), count_told(stage, UNLINKED)) == (1, 0, 0)
    stage.emulator.faults.clear()
    await sign(stage, "도윤")
    for place in linked:
        await stage.wire.until(lambda place=place: "178,927" in read_card(stage, place))  # type: ignore[misc]


async def test_rights_come_and_go_over_days_and_a_group_grows(days: Stage) -> None:
    stage, world, yuna = days, days.world, days.actor("유나")
    channel, group = await link_with_card(stage, "광장"), await link_with_card(stage, "동네", "group")
    [code] = [row["code"] for row in stage.ledger.read(f"SELECT code FROM places WHERE chat = {group.id}")]
    take_rights(world, channel)
    await yuna.awaits(lambda screen: "더는 글을 올릴 수 없습니다" in screen)
    before = read_card(stage, channel)
    goes_to("2026-11-25T05:00:00+00:00")
    await sign(stage, "하나")
    await stage.wire.until(lambda: "178,922" in read_card(stage, group))
    assert read_card(stage, channel) == before
    goes_to("2026-11-26T05:00:00+00:00")
    give_rights(world, channel)
    await yuna.awaits(lambda screen: "다시 글을 올릴 수 있습니다" in screen)
    await stage.wire.until(lambda: "178,922" in read_card(stage, channel))

    goes_to("2026-11-27T05:00:00+00:00")
    grown = upgrade(world, group)
    await yuna.awaits(lambda screen: "슈퍼그룹이 되었습니다" in screen)
    await pin(stage, grown)
    await sign(stage, "지우")
    await stage.wire.until(lambda: "178,923" in read_card(stage, grown))
    assert f"?start={code}" in str(stage.world.said_in(grown)), "the link stays the same"

    goes_to("2026-11-28T05:00:00+00:00")
    expel_bot(world, grown)
    await yuna.awaits(lambda screen: "내보내졌습니다" in screen)
    await sign(stage, "민서")
    await stage.wire.until(lambda: "178,924" in read_card(stage, channel))
    assert "178,923" in read_card(stage, grown)
    goes_to("2026-11-30T05:00:00+00:00")
    admit_bot(world, grown)
    await stage.wire.until(lambda: count_told(stage, "다시 글을 올릴 수 있습니다") == 2)
    await stage.wire.until(lambda: sum("178,924" in each.get("text", "") for each in world.said_in(grown)) == 2)
    told = ("더는 글을 올릴 수 없습니다", "슈퍼그룹이 되었습니다", "내보내졌습니다", REFUSED, EVERYWHERE, UNLINKED)
    assert [count_told(stage, each) for each in told] == [1, 1, 1, 0, 0, 0]

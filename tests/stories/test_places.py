"""An organizer links a channel and a group, loses the rights there and gets them back, in both languages."""

import asyncio
from dataclasses import dataclass

import pytest

from chatbot.emulator import Gathering
from chatbot.emulator.world.places.gatherings import expel_bot, gather, give_rights, share, take_rights, upgrade
from tests.support.actor import Actor, draw
from tests.support.limits import GIVE_UP
from tests.support.stage import Stage
from tests.support.traces import find_traces


@dataclass(frozen=True, slots=True)
class Told:
    """One story's organizer, and the words that they read."""

    name: str
    story: str
    pinned: str
    lost: str
    back: str
    gone: str
    grown: str
    sign: str


KOREAN = Told(
    "유나",
    """
    유나: /channels
    봇: 채널과 그룹 … [➕ 채널이나 그룹 연결하기]
    유나: [➕ 채널이나 그룹 연결하기]
    봇: (below) 메시지 입력창 아래의 버튼
    """,
    "카드를 올리는 중",
    "더는 글을 올릴 수 없습니다",
    "다시 글을 올릴 수 있습니다",
    "내보내졌습니다",
    "슈퍼그룹이 되었습니다",
    "서명하기",
)
ENGLISH = Told(
    "Sam",
    """
    Sam: /channels
    Bot: Channels and groups … [➕ Link a channel or group]
    Sam: [➕ Link a channel or group]
    Bot: (below) below the message field
    """,
    "on its way",
    "I may no longer post in",
    "again.",
    "I was removed from",
    "is a supergroup now",
    "Sign the petition",
)


async def find_card(stage: Stage, place: Gathering, word: str) -> str:
    """Wait for the card in a place, and return it as people see it."""
    async with asyncio.timeout(GIVE_UP):
        with stage.world.watch(place) as watch:
            while True:
                cards = [draw(each) for each in stage.world.said_in(place) if word in draw(each)]
                if cards:
                    return cards[-1]
                await watch.next()


async def link(stage: Stage, actor: Actor, place: Gathering) -> None:
    """Choose a place in Telegram's list."""
    await actor._discard_earlier()
    share(stage.world, actor.person, 1 if place.kind == "channel" else 2, place)
    await actor.waits()


@pytest.mark.parametrize("told", [KOREAN, ENGLISH], ids=["ko", "en"])
async def test_rights_are_taken_away_and_given_back(empty_stage: Stage, told: Told) -> None:
    stage, world = empty_stage, empty_stage.world
    organizer = stage.actor(told.name)
    stage.settings["organizers"] = (organizer.id,)
    await stage.opens()
    mallory = stage.actor("Mallory")
    channel = gather(world, "광장 Square", [organizer.person], kind="channel", bot=False)
    group = gather(world, "동네 Town", [organizer.person, mallory.person], kind="group", bot=False)

    await stage.tell(f"{told.name}: /start\n{told.story}")
    await link(stage, organizer, channel)
    assert "광장 Square" in organizer.screen
    assert channel.bot_rights == ["can_post_messages", "can_edit_messages"], "exactly what it needs"
    assert not organizer.person.keyboard, "the buttons below the field are gone"
    await organizer.presses(next(each["callback_data"] for each in organizer.buttons if ":ask:pin:" in str(each)))
    await organizer.presses(organizer.buttons[0]["callback_data"])
    assert told.pinned in organizer.screen
    card = await find_card(stage, channel, told.sign)
    [row] = stage.ledger.read("SELECT code FROM places")
    assert f"?start={row['code']}" in card
    assert organizer.person.first_name not in card

    take_rights(world, channel)
    await organizer.awaits(lambda screen: told.lost in screen)
    take_rights(world, channel)
    give_rights(world, channel)
    await organizer.awaits(lambda screen: told.back in screen)
    expel_bot(world, channel)
    await organizer.awaits(lambda screen: told.gone in screen)
    give_rights(world, channel)
    await organizer.awaits(lambda screen: told.back in screen)

    await stage.tell(told.story)
    await link(stage, organizer, group)
    world.says(mallory.person, "hello, a secret word", group)
    world.says(mallory.person, f"/share@{world.bot.username}", group)
    card = await find_card(stage, group, told.sign)
    assert "Mallory" not in card
    grown = upgrade(world, group)
    await organizer.awaits(lambda screen: told.grown in screen)
    rows = stage.ledger.read("SELECT chat, title FROM places ORDER BY linked_at")
    assert [(row["chat"], row["title"]) for row in rows] == [(channel.id, "광장 Square"), (grown.id, "동네 Town")]
    await stage.closes()
    secrets = [b"a secret word", str(mallory.id).encode(), *(mallory.id.to_bytes(size, "big") for size in (5, 6, 8))]
    assert find_traces(stage.file.parent, secrets) == [], "nothing of a group is kept, nor who spoke there"

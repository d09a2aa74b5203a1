"""In a group that one sees on the page, the bot answers an anonymous admin and a channel, and no copied post."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chatbot.emulator import Gathering
from chatbot.emulator.wire import Json
from chatbot.emulator.world.places.gatherings import gather, give_rights
from tests.stories.in_browser.conftest import Theatre

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a group get a card each time that it asks, and no card change meanwhile."""
    monkeypatch.setattr("chatbot.conversation.places.EVERY", timedelta())
    monkeypatch.setattr("chatbot.broadcasting.card_keeper.EVERY", 3_600.0)
    return


def list_cards(theatre: Theatre, group: Gathering) -> list[Json]:
    """List the cards of the bot in a group or channel: each has a button."""
    return [each for each in theatre.stage.world.said_in(group) if "reply_markup" in each]


async def ask(theatre: Theatre, group: Gathering, text: str, cards: int) -> None:
    """Write a text in the group, and expect so many cards there afterwards."""
    from playwright.async_api import expect

    await theatre.writes(group.id, text)
    await theatre.stage.wire.until_heard(theatre.stage.world)
    shown = theatre.phone(group.id).locator(".message.in.with-keyboard")
    await expect(shown).to_have_count(cards)
    assert len(list_cards(theatre, group)) == cards


async def test_anonymous_admin_and_channel_get_the_card_in_a_group(theatre: Theatre) -> None:
    stage, world = theatre.stage, theatre.stage.world
    yuna = stage.actor("유나")
    group = gather(world, "동네 모임", [yuna.person])
    gather(world, "길동네 소식", [yuna.person], kind="channel")
    give_rights(world, group)
    world.updates.clear()
    await theatre.opens(group.id)
    username = world.bot.username

    await theatre.chooses(group.id, "다른 이름으로 쓰기 …", "동네 모임 (익명 관리자)")
    await ask(theatre, group, f"/start@{username}", 1)
    assert theatre.stage.world.said_in(group)[-2]["from"]["username"] == "GroupAnonymousBot"
    await ask(theatre, group, f"/share@{username}", 2)
    await ask(theatre, group, f"여러분, @{username} 에서 함께해요", 3)
    await ask(theatre, group, "안녕하세요", 3)
    await ask(theatre, group, "/start@another_bot", 3)

    await theatre.chooses(group.id, "다른 이름으로 쓰기 …", "길동네 소식")
    await ask(theatre, group, f"/share@{username}", 4)
    assert theatre.stage.world.said_in(group)[-2]["sender_chat"]["title"] == "길동네 소식"

    assert all("?start=group" in str(each["reply_markup"]) for each in list_cards(theatre, group))
    assert "유나" not in str(list_cards(theatre, group))
    assert stage.ledger.read("SELECT 1 FROM supporters") == [], "nobody is known by what they say there"


async def test_copy_of_a_post_in_the_discussion_group_is_not_answered(theatre: Theatre) -> None:
    stage, world = theatre.stage, theatre.stage.world
    yuna = stage.actor("유나")
    group = gather(world, "토론방", [yuna.person])
    channel = gather(world, "길동네 소식", [yuna.person], kind="channel")
    give_rights(world, group)
    world.updates.clear()
    await theatre.opens(channel.id, group.id)
    username = world.bot.username

    await theatre.chooses(group.id, "채널의 토론 그룹으로 만들기 …", "길동네 소식")
    for text in (f"/start@{username}", f"@{username} 에서 함께해요", "/share"):
        await theatre.writes(channel.id, text)
        await stage.wire.until_heard(world)
        copy = theatre.phone(group.id).locator(".message.in").filter(has_text=text)
        await copy.get_by_text("전달된 메시지 · 길동네 소식").wait_for()
    assert list_cards(theatre, group) == list_cards(theatre, channel) == []
    await ask(theatre, group, f"/share@{username}", 1)

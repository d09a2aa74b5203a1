"""A card in a chat and a pinned one in a channel, seen while others sign: the numbers move, at the promised rate."""

from itertools import pairwise

import pytest

from chatbot.broadcasting.card_keeper import EVERY, PAUSES
from chatbot.emulator import Gathering
from chatbot.emulator.world.places.gatherings import gather, share
from tests.stories.in_browser.conftest import Theatre

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

AT_MOST = PAUSES[1] + 2 * EVERY + 10
"""Seconds within which a signature is seen on a card: a pause, two readings, and room for a busy machine."""
SIGNS = """
{name}: /start
{name}: [서명하기]
{name}: [서명하기]
봇: (above) 고맙습니다
"""


async def pin_card(theatre: Theatre) -> Gathering:
    """Link 유나's channel and pin a card in it."""
    stage, yuna = theatre.stage, theatre.stage.actor("유나")
    channel = gather(stage.world, "길동네 소식", [yuna.person], kind="channel", bot=False)
    await stage.tell(
        "유나: /start\n유나: /channels\n유나: [➕ 채널이나 그룹 연결하기]\n봇: (below) 메시지 입력창 아래의 버튼"
    )
    await yuna._discard_earlier()
    share(stage.world, yuna.person, 1, channel)
    await yuna.waits()
    await yuna.presses(next(each["callback_data"] for each in yuna.buttons if ":ask:pin:" in str(each)))
    await yuna.presses(yuna.buttons[0]["callback_data"])
    await stage.wire.until(lambda: bool(channel.pinned))
    return channel


async def sign(theatre: Theatre, person: int) -> None:
    """Sign with two taps on the page, once the petition is shown there."""
    from playwright.async_api import expect

    phone = theatre.phone(person)
    await phone.get_by_role("button", name="호소문 읽기").last.wait_for()
    await theatre.taps(person, "✍️ 서명하기")
    await expect(phone.get_by_text("이대로 서명")).to_be_visible()
    await theatre.taps(person, "✍️ 서명하기")
    await expect(phone.get_by_text("고맙습니다")).to_be_visible()


async def test_number_moves_on_a_friends_card_and_on_a_pinned_one(theatre: Theatre, small_petition) -> None:
    from playwright.async_api import expect

    stage = theatre.stage
    yuna, hana, jiu = (stage.actor(name) for name in ("유나", "하나", "지우"))
    stage.settings |= {"organizers": (yuna.id,), "locales_dir": small_petition}
    await stage.opens()
    channel = await pin_card(theatre)
    await theatre.shows(hana.id, jiu.id, channel.id)
    pinned = theatre.phone(channel.id).locator(".message.in.with-keyboard")
    await expect(pinned).to_contain_text("0명")

    # 하나 signs, and shares the card in the chat of her friend.
    await theatre.phone(hana.id).locator(".big").click()
    await sign(theatre, hana.id)
    await theatre.writes(hana.id, "/share")
    await theatre.taps(hana.id, "텔레그램")
    await theatre.phone(hana.id).locator(f"dialog button[value='{jiu.id}']").click()
    await theatre.phone(hana.id).locator("dialog button[value='post:ko']").click()
    card = theatre.phone(jiu.id).locator(".message.in.with-keyboard").first
    await expect(card).to_contain_text("1명")
    await expect(pinned).to_contain_text("1명", timeout=AT_MOST * 1_000)

    # Her friend signs by three taps, beginning at the card, and both numbers follow while everybody looks on.
    await card.get_by_role("button", name="서명하기").click()
    await sign(theatre, jiu.id)
    signed_at = await theatre.page.evaluate("performance.now() / 1000")
    for shown in (card, pinned):
        await expect(shown).to_contain_text("2명", timeout=AT_MOST * 1_000)
    await stage.tell(SIGNS.format(name="민서"))
    for shown in (card, pinned):
        await expect(shown).to_contain_text("3명", timeout=AT_MOST * 1_000)
    assert "기준" in await card.inner_text()

    for place, shown in ((jiu.id, card), (channel.id, pinned)):
        seen = await theatre.seen_in(f"{place}/{await shown.get_attribute('data-id')}")
        moments = [moment for moment, text in seen if "명" in text]
        assert len(moments) == len(seen) >= 3, "the page was not loaded anew"
        later = [after - before for before, after in pairwise(moments)]
        assert min(later[1:]) >= PAUSES[0] - 1, "an edit does not tell when somebody signed"
        assert moments[-1] - signed_at < 2 * AT_MOST

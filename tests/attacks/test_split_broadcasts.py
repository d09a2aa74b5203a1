"""Many small audiences count as a large one: the audiences of one organizer within a day are added up.

하나 tries in several ways to send to all sixty subscribers without approval.
"""

import asyncio
from datetime import timedelta

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent, Unknown
from chatbot.petition.broadcasts.post import Post
from chatbot.storage.broadcasts import approvals, deliveries, drafts
from tests.attacks.limited_broadcasts import COUNTRIES, open_limited, send, write
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await open_limited(chats)


async def list_states(chats: TeamChats) -> list[BroadcastState]:
    return [each.state for each in await chats.driver.list_all()]


async def test_one_broadcast_for_each_country_needs_approval(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, "NO"))
    assert "On its way" in hana.text
    second = await write(chats, "CA")
    await hana.presses(f"broadcast:ask:{second.id}:{second.revision}")
    assert "Ask a second organizer to approve it?" in hana.text
    await send(hana, second)
    assert "adds up to 20. One organizer alone may send to 25 at most" in hana.text
    await send(hana, await write(chats, "NO", language="en"))
    assert "must approve" in hana.text, "a second broadcast to the same people counts as well"
    assert await list_states(chats) == [BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT]
    yuna = chats.chat(YUNA, "유나")
    await send(yuna, await write(chats, "KR", member_id=YUNA))
    assert "On its way" in yuna.text, "the broadcasts of another organizer do not count"
    await yuna.presses(f"broadcast:accept:{second.id}:{second.revision}")
    assert "Approved.</b> It is on its way" in yuna.text
    chats.driver.now += approvals.DAY
    await send(hana, await write(chats, "NO"))
    assert "On its way" in hana.text, "neither an approved broadcast nor one that is a day old counts"


async def test_one_broadcast_for_each_language_needs_approval(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, language="ko"))
    assert "On its way" in hana.text
    await send(hana, await write(chats, "NO", language="en"))
    assert "must approve" in hana.text


async def test_correction_needs_approval(chats: TeamChats, hana: Chat) -> None:
    sent = await write(chats, "NO")
    await send(hana, sent)
    await chats.driver.deliver_all()
    await hana.presses(f"broadcast:correct:{sent.id}")
    correction = await chats.driver.newest()
    await chats.database.transact(drafts.write_post, correction.id, "en", Post(Markup("Send money")))
    await send(hana, await chats.driver.newest())
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT


async def test_repeating_a_broadcast_needs_approval(chats: TeamChats, hana: Chat) -> None:
    def half(to: Delivery) -> Result:
        return Sent(to.supporter_id) if to.supporter_id % 2 else Unknown("timeout")

    sent = await write(chats, "NO")
    await send(hana, sent)
    await chats.driver.deliver_all(half)
    await hana.presses(f"broadcast:unknown:{sent.id}")
    [again] = [action for action in hana.actions if ":again:" in action]
    await hana.presses(again)
    assert "One organizer alone may send to 25 people a day" in (hana.notice or "")
    assert (await chats.driver.newest()).state is BroadcastState.ENDED
    yuna = chats.chat(YUNA, "유나")
    await yuna.presses(again)
    assert (await chats.driver.newest()).state is BroadcastState.RUNNING


async def test_scheduled_broadcasts_count_when_they_are_due(chats: TeamChats, hana: Chat) -> None:
    hour = chats.driver.now + timedelta(hours=1)
    for country in COUNTRIES:
        draft = await write(chats, country)
        await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert await list_states(chats) == [BroadcastState.SCHEDULED] * 3
    chats.driver.now = hour
    await chats.database.transact(deliveries.start_due, BUNDLED, hour)
    assert sorted(await list_states(chats)) == sorted(
        [BroadcastState.RUNNING, BroadcastState.LATE, BroadcastState.LATE]
    )


async def test_organizer_who_schedules_a_broadcast_is_its_sender(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, "NO"))
    draft = await write(chats, "CA", member_id=YUNA)
    hour = chats.driver.now + timedelta(hours=1)
    await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    await hana.taps("Take it over")
    draft = await chats.driver.newest()
    await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert "must approve" in hana.text
    await chats.database.transact(deliveries.start_due, BUNDLED, hour)
    assert await list_states(chats) == [BroadcastState.RUNNING, BroadcastState.LATE]


async def test_concurrent_taps_send_one_broadcast(chats: TeamChats, hana: Chat) -> None:
    written = [await write(chats, country) for country in COUNTRIES]
    phones = [chats.chat(HANA, "하나") for _ in written]
    await asyncio.gather(*(send(chat, draft) for chat, draft in zip(phones, written, strict=True)))
    assert sorted(await list_states(chats)) == sorted(
        [BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT]
    )

"""Many small audiences count as a large one: the broadcasts of one organizer within a day are added up.

60 people are subscribed, 20 from each of three countries; audiences above 25 need a second organizer. 하나 tries in
several ways to send to all of them alone.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent, Unknown
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries
from chatbot.storage.broadcasts import drafts as composing
from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.campaigns import BUNDLED
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

COUNTRIES = {"NO": range(1, 21), "CA": range(21, 41), "KR": range(41, 61)}


@pytest.fixture
async def chats(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path
) -> TeamChats:
    chats = TeamChats(database, BroadcastDriver(database), campaign, translators, tmp_path / "files")
    await chats.chat(YUNA, "유나").says("/start")
    for country, people in COUNTRIES.items():
        await chats.driver.subscribe(people, "ko" if country == "KR" else "en", country)
    await database.transact(team.set_threshold, 25, None)
    return chats


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await chats.open_organizer()


async def write(
    chats: TeamChats, *countries: str, language: Language | None = None, member_id: int = HANA
) -> Broadcast:
    """Create a draft for these countries."""

    async def work(tx: Transaction) -> Broadcast:
        draft = await composing.create(tx, member_id, chats.driver.now)
        for each in ("ko", "en"):
            await composing.write_post(tx, draft.id, each, Post(Markup("News")))  # type: ignore[arg-type]
        await composing.set_audience(tx, draft.id, Audience(language, countries))
        return await broadcasts.get(tx, draft.id)

    return await chats.database.transact(work)


async def send(chat: Chat, broadcast: Broadcast) -> None:
    await chat.presses(f"broadcast:start:{broadcast.id}:{broadcast.revision}")


async def states(chats: TeamChats) -> list[BroadcastState]:
    return [each.state for each in await chats.driver.list_all()]


async def test_one_broadcast_for_each_country_needs_approval(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, "NO"))
    assert "On its way" in hana.text
    second = await write(chats, "CA")
    await hana.presses(f"broadcast:ask:{second.id}:{second.revision}")
    assert "Ask a second organizer to approve it?" in hana.text
    await send(hana, second)
    assert "after 20 within 24 hours, and one organizer alone may send to 25 at most" in hana.text
    await send(hana, await write(chats, "NO", language="en"))
    assert "must approve" in hana.text, "to the same people once more counts as well"
    assert await states(chats) == [BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT]
    yuna = chats.chat(YUNA, "유나")
    await send(yuna, await write(chats, "KR", member_id=YUNA))
    assert "On its way" in yuna.text, "everybody has a day of their own"
    await yuna.presses(f"broadcast:accept:{second.id}:{second.revision}")
    assert "Approved.</b> It is on its way" in yuna.text
    chats.driver.now += approvals.DAY
    await send(hana, await write(chats, "NO"))
    assert "On its way" in hana.text, "what was approved, and what is a day old, counts no longer"


async def test_one_broadcast_for_each_language_needs_approval(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, language="ko"))
    assert "On its way" in hana.text
    await send(hana, await write(chats, "NO", language="en"))
    assert "must approve" in hana.text


async def test_correction_counts_towards_approval(chats: TeamChats, hana: Chat) -> None:
    sent = await write(chats, "NO")
    await send(hana, sent)
    await chats.driver.deliver_all()
    await hana.presses(f"broadcast:correct:{sent.id}")
    correction = await chats.driver.newest()
    await chats.database.transact(composing.write_post, correction.id, "en", Post(Markup("Send money")))
    await send(hana, await chats.driver.newest())
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT


async def test_sending_again_counts_towards_approval(chats: TeamChats, hana: Chat) -> None:
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


async def test_scheduled_broadcast_counts_when_it_is_sent(chats: TeamChats, hana: Chat) -> None:
    hour = chats.driver.now + timedelta(hours=1)
    for country in COUNTRIES:
        draft = await write(chats, country)
        await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert await states(chats) == [BroadcastState.SCHEDULED] * 3
    chats.driver.now = hour
    await chats.database.transact(deliveries.start_due, BUNDLED, hour)
    assert sorted(await states(chats)) == sorted([BroadcastState.RUNNING, BroadcastState.LATE, BroadcastState.LATE])


async def test_scheduling_makes_the_organizer_its_sender(chats: TeamChats, hana: Chat) -> None:
    await send(hana, await write(chats, "NO"))
    draft = await write(chats, "CA", member_id=YUNA)
    hour = chats.driver.now + timedelta(hours=1)
    await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    await hana.taps("Take it over")
    draft = await chats.driver.newest()
    await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert "must approve" in hana.text
    await chats.database.transact(deliveries.start_due, BUNDLED, hour)
    assert await states(chats) == [BroadcastState.RUNNING, BroadcastState.LATE]


async def test_concurrent_taps_send_once(chats: TeamChats, hana: Chat) -> None:
    drafts = [await write(chats, country) for country in COUNTRIES]
    phones = [chats.chat(HANA, "하나") for _ in drafts]
    await asyncio.gather(*(send(chat, draft) for chat, draft in zip(phones, drafts, strict=True)))
    assert sorted(await states(chats)) == sorted([BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT])

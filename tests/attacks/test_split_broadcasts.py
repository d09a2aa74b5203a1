"""Many small audiences are one large: what one organizer sends alone within a day counts together.

60 people are subscribed, 20 from each of three countries; more than 25 wait for a second organizer. 하나 tries all ways
to send to everybody alone.
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
from chatbot.petition.model import Campaign, Language
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries
from chatbot.storage.broadcasts import drafts as composing
from chatbot.storage.organizer import team
from tests.support.chat import Chat
from tests.support.subscribers import Mailroom
from tests.support.team_chats import YUNA, House

HANA = 1001
COUNTRIES = {"NO": range(1, 21), "CA": range(21, 41), "KR": range(41, 61)}


@pytest.fixture
async def app(database: Database, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path) -> House:
    app = House(database, Mailroom(database), campaign, translators, tmp_path / "files")
    await app.chat(YUNA, "유나").says("/start")
    for country, people in COUNTRIES.items():
        await app.mailroom.subscribe(people, "ko" if country == "KR" else "en", country)
    await database.transact(team.set_threshold, 25, None)
    return app


@pytest.fixture
async def hana(app: House) -> Chat:
    return await app.put_in(app.chat(HANA, "하나"), "organizer")


async def write(app: House, *countries: str, language: Language | None = None, by: int = HANA) -> Broadcast:
    """A draft to some of them."""

    async def work(tx: Transaction) -> Broadcast:
        draft = await composing.create(tx, by, app.mailroom.now)
        for each in ("ko", "en"):
            await composing.write_post(tx, draft.id, each, Post(Markup("News")))  # type: ignore[arg-type]
        await composing.set_audience(tx, draft.id, Audience(language, countries))
        return await broadcasts.get(tx, draft.id)

    return await app.database.transact(work)


async def send(chat: Chat, broadcast: Broadcast) -> None:
    await chat.presses(f"broadcast:start:{broadcast.id}:{broadcast.revision}")


async def states(app: House) -> list[BroadcastState]:
    return [each.state for each in await app.mailroom.all()]


async def test_one_update_for_each_country_is_one_to_all(app: House, hana: Chat) -> None:
    await send(hana, await write(app, "NO"))
    assert "On its way" in hana.text
    second = await write(app, "CA")
    await hana.presses(f"broadcast:ask:{second.id}:{second.revision}")
    assert "Ask a second organizer to approve it?" in hana.text
    await send(hana, second)
    assert "after 20 within 24 hours, and one alone may send to 25 at most" in hana.text
    await send(hana, await write(app, "NO", language="en"))
    assert "must approve" in hana.text, "to the same people once more counts as well"
    assert await states(app) == [BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT]
    yuna = app.chat(YUNA, "유나")
    await send(yuna, await write(app, "KR", by=YUNA))
    assert "On its way" in yuna.text, "everybody has a day of their own"
    await yuna.presses(f"broadcast:approve:{second.id}:{second.revision}")
    assert "Approved.</b> It is on its way" in yuna.text
    app.mailroom.now += approvals.DAY
    await send(hana, await write(app, "NO"))
    assert "On its way" in hana.text, "what was approved, and what is a day old, counts no longer"


async def test_one_update_for_each_language_is_one_to_all(app: House, hana: Chat) -> None:
    await send(hana, await write(app, language="ko"))
    assert "On its way" in hana.text
    await send(hana, await write(app, "NO", language="en"))
    assert "must approve" in hana.text


async def test_a_correction_counts_and_is_counted(app: House, hana: Chat) -> None:
    sent = await write(app, "NO")
    await send(hana, sent)
    await app.mailroom.deliver_all()
    await hana.presses(f"broadcast:correct:{sent.id}")
    correction = await app.mailroom.newest()
    await app.database.transact(composing.write_post, correction.id, "en", Post(Markup("Send money")))
    await send(hana, await app.mailroom.newest())
    assert "must approve" in hana.text
    assert (await app.mailroom.newest()).state is BroadcastState.DRAFT


async def test_sending_again_counts_and_another_may_do_it(app: House, hana: Chat) -> None:
    def half(to: Delivery) -> Result:
        return Sent(to.supporter_id) if to.supporter_id % 2 else Unknown("timeout")

    sent = await write(app, "NO")
    await send(hana, sent)
    await app.mailroom.deliver_all(half)
    await hana.presses(f"broadcast:unknown:{sent.id}")
    [again] = [action for action in hana.actions if ":again:" in action]
    await hana.presses(again)
    assert "one organizer alone may send to 25 people" in (hana.notice or "")
    assert (await app.mailroom.newest()).state is BroadcastState.ENDED
    yuna = app.chat(YUNA, "유나")
    await yuna.presses(again)
    assert (await app.mailroom.newest()).state is BroadcastState.RUNNING


async def test_what_is_scheduled_counts_when_it_goes_out(app: House, hana: Chat) -> None:
    hour = app.mailroom.now + timedelta(hours=1)
    for country in COUNTRIES:
        draft = await write(app, country)
        await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert await states(app) == [BroadcastState.SCHEDULED] * 3
    app.mailroom.now = hour
    await app.database.transact(deliveries.start_due, hour)
    assert sorted(await states(app)) == sorted([BroadcastState.RUNNING, BroadcastState.LATE, BroadcastState.LATE])


async def test_who_schedules_somebody_elses_draft_sends_it_themselves(app: House, hana: Chat) -> None:
    await send(hana, await write(app, "NO"))
    draft = await write(app, "CA", by=YUNA)
    hour = app.mailroom.now + timedelta(hours=1)
    await hana.presses(f"broadcast:schedule:{draft.id}:{draft.revision}:{int(hour.timestamp())}")
    assert "must approve" in hana.text
    await app.database.transact(deliveries.start_due, hour)
    assert await states(app) == [BroadcastState.RUNNING, BroadcastState.LATE]


async def test_of_two_taps_at_once_one_sends(app: House, hana: Chat) -> None:
    drafts = [await write(app, country) for country in COUNTRIES]
    chats = [app.chat(HANA, "하나") for _ in drafts]
    await asyncio.gather(*(send(chat, draft) for chat, draft in zip(chats, drafts, strict=True)))
    assert sorted(await states(app)) == sorted([BroadcastState.RUNNING, BroadcastState.DRAFT, BroadcastState.DRAFT])

"""While messages of a stopped broadcast are on their way, nothing says that nobody has it."""

from collections.abc import Sequence

import pytest

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Failed, Sent
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import deliveries
from chatbot.storage.places import deliveries as place_deliveries
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver, gather_all
from tests.support.chat import Chat


@pytest.fixture
async def flight(ready: Chat, driver: BroadcastDriver, database: Database) -> Sequence[Delivery]:
    """Send the broadcast, and let five calls to Telegram begin."""
    await send(ready)

    async def claim(tx: Transaction) -> Sequence[Delivery]:
        running = await deliveries.find_running(tx, driver.now)
        assert running is not None
        return (await deliveries.claim(tx, await gather_all(tx, running, driver.now), 5)).deliveries

    return await database.transact(claim)


async def land(driver: BroadcastDriver, flight: Sequence[Delivery], *, arrives: bool) -> None:
    found = [(each, Sent(each.supporter_id) if arrives else Failed("flood")) for each in flight]
    await driver.database.transact(deliveries.record, 1, found, driver.now)


async def test_question_about_deletion_counts_what_is_on_its_way(ready: Chat, flight: Sequence[Delivery]) -> None:
    await ready.presses("broadcast:recall:1")
    assert "Nobody has it yet" not in ready.text
    assert "It's deleted in every chat that has it" in ready.text
    assert "<b>40</b> people at most" in ready.text
    await ready.presses("broadcast:correct:1")
    assert "Nobody has it yet" not in ready.text


@pytest.mark.parametrize("arrives", [True, False])
async def test_cancelled_broadcast_is_not_called_unsent_before_the_last_call_ends(
    ready: Chat, driver: BroadcastDriver, flight: Sequence[Delivery], arrives: bool
) -> None:
    await ready.presses("broadcast:cancel:1")
    await ready.presses("broadcast:open:1")
    assert "Nobody has it" not in ready.text
    assert "30+ were not reached" in ready.text, "five of the forty may have it"
    assert "📝 Use as a new draft" not in ready.labels
    await ready.presses("broadcast:copy:1")
    assert ready.notice == "That's no longer possible. This is how it is now."
    assert len(await driver.list_all()) == 1
    await land(driver, flight, arrives=arrives)
    await ready.presses("broadcast:open:1")
    assert ("Nobody has it" in ready.text) != arrives
    assert ("📝 Use as a new draft" in ready.labels) != arrives


async def test_rest_leaves_out_what_is_on_its_way(ready: Chat, driver: BroadcastDriver, database: Database) -> None:
    await send(ready)

    async def claim(tx: Transaction) -> None:
        running = await deliveries.find_running(tx, driver.now)
        assert running is not None
        await deliveries.claim(tx, await gather_all(tx, running, driver.now), 15)

    await database.transact(claim)
    await ready.presses("broadcast:cancel:1")
    await ready.presses("broadcast:open:1")
    await ready.taps("📣 Send it to the 20+ who don't have it …")
    assert "don't have it: <b>20+</b> (Korean at most 19, English at most 19)" in ready.text


async def test_post_on_its_way_to_a_channel_is_not_called_stopped(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send(ready)

    async def begin(tx: Transaction) -> Broadcast | None:
        await tx.run(
            "INSERT INTO place_deliveries (broadcast_id, code, title, language, state) "
            "VALUES (1, 'c-abc', '길동네', 'ko', 'waiting')"
        )
        await tx.run("UPDATE broadcasts SET places = 'c-abc', places_gathered_at = started_at WHERE id = 1")
        [waiting] = await place_deliveries.read(tx, 1)
        assert await place_deliveries.take(tx, 1, waiting, -100, "ko", "claim")
        return None

    await database.transact(begin)
    await driver.cancel(1)
    await ready.presses("broadcast:open:1")
    assert "⏳ 길동네" in ready.text
    assert "Nobody has it" not in ready.text
    assert "📝 Use as a new draft" not in ready.labels
    await database.transact(place_deliveries.record, 1, "c-abc", "claim", "failed", "content")
    await ready.presses("broadcast:open:1")
    assert "Nobody has it" in ready.text

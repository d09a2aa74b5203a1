"""People who erased themselves keep the messages in their chats, and reports of a deletion or correction say so."""

from chatbot.petition.broadcasts.outcome import Sent
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.privacy import erasure
from tests.conversation.organizer.broadcasts.conftest import send
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat


async def test_deletion_tells_of_people_who_were_erased_before_or_meanwhile(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send(ready)
    await driver.deliver_all()
    sent = await driver.newest()
    await database.transact(erasure.erase, 1, driver.now)
    await ready.presses(f"broadcast:takeback:{sent.id}")
    await driver.deliver(lambda _to: Sent(), limit=20)
    await database.transact(erasure.erase, 40, driver.now)
    await driver.deliver_all(lambda _to: Sent())
    await ready.presses(f"broadcast:open:{sent.id}")
    assert "Deleted where it was possible.</b> 2 keep it" in ready.text
    await ready.taps("How the deletion goes")
    assert "<b>38 of 40</b> are deleted" in ready.text
    assert "🚪 not reachable: 2" in ready.text
    assert await find_problems(database) == []


async def test_correction_counts_erased_people_of_its_languages(
    ready: Chat, driver: BroadcastDriver, database: Database
) -> None:
    await send(ready)
    await driver.deliver_all()
    sent = await driver.newest()
    for each in (1, 2, 40):
        await database.transact(erasure.erase, each, driver.now)
    correction = await driver.start(kind="correction", of=sent.id, en="Free.", ko="고침")
    await driver.deliver(lambda _to: Sent(), limit=20)
    await database.transact(erasure.erase, 39, driver.now)
    await driver.deliver_all(lambda _to: Sent())
    tally = await driver.tally(correction)
    assert {each: tally.audience[each] for each in ("ko", "en")} == {"ko": 30, "en": 10}
    assert (tally.count("gone", "ko"), tally.count("gone", "en")) == (2, 2)
    assert await find_problems(database) == []

"""A second notice about the appeal goes to those who have none: also to those whose first was deleted."""

import pytest

from chatbot.petition.broadcasts.outcome import Delivery, Gone, Result, Sent, Unknown
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, deliveries, drafts
from tests.support.broadcasts import BroadcastDriver, gather_all
from tests.support.cast import YUNA


@pytest.fixture
def driver(database: Database) -> BroadcastDriver:
    return BroadcastDriver(database)


async def send_notice(driver: BroadcastDriver) -> int:
    async def write(tx: Transaction) -> int:
        return (await drafts.create(tx, YUNA, driver.now, renews="new")).id

    draft = await driver.database.transact(write)
    original = await driver.draft(ko="호소문이 바뀌었습니다.")
    for language, post in original.posts.items():
        assert await driver.database.transact(drafts.write_post, draft, language, post)
    assert await driver.database.transact(drafts.discard, original.id)
    return await driver.send(draft)


async def test_second_notice_reaches_those_whose_first_was_deleted(driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 11), "ko", "KR")
    first = await send_notice(driver)
    await driver.deliver(lambda to: Unknown("cut") if to.supporter_id == 1 else Sent(to.supporter_id), limit=7)
    await driver.start(kind="recall", of=first)

    def delete(to: Delivery) -> Result:
        return {2: Gone("message_gone"), 3: Gone("not_found")}.get(to.supporter_id, Sent())

    await driver.deliver_all(delete)
    second = await send_notice(driver)
    await driver.deliver_all()
    assert set(await driver.outcomes(second)) == {2, 4, 5, 6, 7, 8, 9, 10}, "1 may have the first, and 3 keeps it"


async def test_tally_counts_what_is_on_its_way_by_language(driver: BroadcastDriver) -> None:
    await driver.subscribe(range(1, 4), "ko")
    await driver.subscribe(range(4, 9), "en")
    number = await driver.start(ko="소식", en="News")

    async def claim(tx: Transaction) -> list[Delivery]:
        running = await gather_all(tx, await broadcasts.get(tx, number), driver.now)
        return list((await deliveries.claim(tx, running, 5)).deliveries)

    flying = await driver.database.transact(claim)
    tally = await driver.tally(number)
    assert dict(tally.in_flight) == {"ko": 3, "en": 2}
    assert (tally.left, tally.landing, tally.held, tally.select("en").landing) == (8, 5, 5, 2)
    await driver.database.transact(deliveries.record, number, [(each, Sent(9)) for each in flying], driver.now)
    tally = await driver.tally(number)
    assert (tally.left, tally.landing, tally.held) == (3, 0, 5)

"""The ledger of place deliveries: claims, additions, corrections and restored copies."""

from datetime import timedelta

from markupsafe import Markup

from chatbot.petition.broadcasts.outcome import Gone, Sent
from chatbot.petition.broadcasts.post import Post
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import drafts, lifecycle, restored
from chatbot.storage.places import deliveries, places
from tests.support import linked_places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA
from tests.support.databases import open_migrated
from tests.support.query_plans import Recorder, Said


async def test_claim_whose_answer_was_lost_is_found_again(database: Database) -> None:
    driver = BroadcastDriver(database)
    channel = await linked_places.link(driver, -1, "길동네")
    broadcast = await linked_places.start(driver, [channel], ko="소식")
    assert await linked_places.claim(driver, "a") is not None
    again = await linked_places.claim(driver, "a")
    assert again is not None
    assert again.delivery.code == channel.code
    assert await linked_places.claim(driver, "b") is None, "no other claim gets it"
    assert await linked_places.outcomes(driver, broadcast) == {"길동네": ("sending", "")}


async def test_worker_that_lost_its_lock_records_nothing(database: Database) -> None:
    driver = BroadcastDriver(database)
    channel = await linked_places.link(driver, -1, "길동네")
    broadcast = await linked_places.start(driver, [channel], ko="소식")
    await linked_places.claim(driver, "a")
    await database.transact(deliveries.settle, broadcast, "update")  # by the next worker
    assert not await database.transact(deliveries.record, broadcast, channel.code, "a", "waiting")
    assert await linked_places.outcomes(driver, broadcast) == {"길동네": ("unknown", "crash")}


async def test_addition_goes_to_places_that_had_no_words(database: Database) -> None:
    driver = BroadcastDriver(database)
    await driver.subscribe([1])
    korean = await linked_places.link(driver, -1, "길동네")
    english = await linked_places.link(driver, -2, "Neighbours", "en", "group")
    broadcast = await linked_places.start(driver, [korean, english], ko="소식")
    await linked_places.post(driver)
    await driver.deliver_all()
    assert (await linked_places.outcomes(driver, broadcast))["Neighbours"] == ("skipped", "no_words")
    addition = await database.transact(drafts.create_addition, YUNA, driver.now, await driver.get(broadcast), "en")
    await database.transact(drafts.write_post, addition.id, "en", Post(Markup("News")))
    await driver.send(addition.id)
    assert [call.chat_id for call in await linked_places.post(driver)] == [-2]
    assert {each for each, _ in (await linked_places.outcomes(driver, broadcast)).values()} == {"sent"}


async def test_restored_copy_posts_nothing_twice(database: Database) -> None:
    driver = BroadcastDriver(database)
    linked = [await linked_places.link(driver, -nth, f"Choir {nth}") for nth in (1, 2)]
    begun = await linked_places.start(driver, linked, ko="소식")
    later = await linked_places.start(driver, linked, ko="더 많은 소식")
    await linked_places.post(driver, lambda claim: Sent(7) if claim.broadcast.id == begun else Gone("rights"))
    waiting = await linked_places.start(driver, linked, ko="아직 아닌 소식")
    await database.transact(restored.hold, driver.now)
    assert set((await linked_places.outcomes(driver, begun)).values()) == {("sent", "")}
    assert set((await linked_places.outcomes(driver, later)).values()) == {("gone", "rights")}
    assert set((await linked_places.outcomes(driver, waiting)).values()) == {("unknown", "crash")}
    for each in (begun, later, waiting):
        await database.transact(lifecycle.resume, each)
    assert await linked_places.post(driver) == []


async def test_message_is_corrected_where_it_was_sent_after_a_group_got_a_new_id(database: Database) -> None:
    driver = BroadcastDriver(database)
    await driver.subscribe([1])
    group = await linked_places.link(driver, -1, "Neighbours", "ko", "group")
    broadcast = await linked_places.start(driver, [group], ko="소식")
    await linked_places.post(driver)
    await driver.deliver_all()
    await database.transact(places.migrate_chat, -1, -1001, driver.now)
    driver.now += timedelta(minutes=1)
    await driver.start(kind="correction", of=broadcast, ko="고친 소식")
    assert [call.chat_id for call in await linked_places.post(driver)] == [-1], (
        "the message has its id in the old chat only"
    )


async def test_search_for_posts_in_flight_reads_only_their_index(sqlite_url: str) -> None:
    database = await open_migrated(sqlite_url)
    said: Said = {}
    recorder = Recorder(database, said)
    await recorder.transact(deliveries.list_in_flight)
    await recorder.transact(deliveries.find_claimed, "a")

    async def explain(tx: Transaction) -> list[str]:
        plans = [await tx.all(f"EXPLAIN QUERY PLAN {sql}", **values) for sql, values in said.items()]
        return [row["detail"] for plan in plans for row in plan]

    steps = await database.transact(explain)
    assert len(said) == 2
    assert [each for each in steps if "place_deliveries_in_flight" not in each] == []
    await database.close()

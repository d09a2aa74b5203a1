"""Fills a database with what people do outside the bot's own chat: places, their posts, cards, sharers and friends."""

from chatbot.petition.broadcasts.outcome import Gone, Sent
from chatbot.petition.sealing.message_ids import MessageIdSeal
from chatbot.storage import Database, Transaction
from chatbot.storage.people import supporters
from chatbot.storage.places import cards, pinned_cards, places, refusals
from tests.support import linked_places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA
from tests.support.signers import add_signer

CHATS = (-101, -102, -103)
FRIEND = 4_242
SEAL = MessageIdSeal("1:token")


async def fill(database: Database) -> BroadcastDriver:
    """Store sent, refused and unfinished posts in three places, one paused and one without rights; cards; people."""
    driver = BroadcastDriver(database)
    linked = [await linked_places.link(driver, chat_id, f"Place {-chat_id}") for chat_id in CHATS]
    first = await linked_places.start(driver, linked, ko="소식")
    await linked_places.post(driver, lambda claim: Gone("rights") if claim.chat_id == -102 else Sent(-claim.chat_id))
    await driver.deliver_all()
    await linked_places.start(driver, linked[:1], ko="둘째 소식")
    assert await linked_places.claim(driver, "in flight")
    correction = await driver.draft(kind="correction", of=first, ko="고친 소식")
    await driver.send(correction.id)

    async def work(tx: Transaction) -> None:
        assert await places.pause(tx, linked[1].code, driver.now)
        assert await pinned_cards.ask(tx, linked[0].code)
        assert await pinned_cards.keep(tx, linked[0].code, 77)
        await refusals.note_rights(tx, -103, "removed", driver.now)
        for nth in range(9):
            assert await cards.add(tx, SEAL.close(f"card {nth}"), "ko", driver.now)
        await add_signer(tx, HANA, now=driver.now)
        await supporters.give_share_code(tx, HANA, "s-hana")
        await tx.run(
            "UPDATE supporters SET friends_signed = 3, friends_told = 3, friends_muted_at = first_seen_at, "
            "actions_done = 'letter call' WHERE id = :id",
            id=HANA,
        )
        await add_signer(tx, FRIEND, now=driver.now)
        await tx.run("UPDATE supporters SET counted_for_friend = 1 WHERE id = :id", id=FRIEND)

    await database.transact(work)
    return driver

"""A question about a name or a link is deleted with the last person who has that name or came by that link."""

from dataclasses import replace
from datetime import timedelta

from chatbot.app.data_retention import erase_expired
from chatbot.petition.review.detector import WINDOW, Detection
from chatbot.petition.review.filter import ReviewFilter, SetAside, SetAsideState, hash_name
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer.review import set_asides, signals
from chatbot.storage.people import counters, name_hashes, signatures
from chatbot.storage.privacy import erasure
from tests.support.cast import NOW
from tests.support.signers import add_signer

BY_LINK, BY_NAME = ReviewFilter(source="kim-cheolsu"), ReviewFilter(name=hash_name("Secret NameC"))


async def sign(tx: Transaction, supporter_id: int, name: str, source: str | None) -> None:
    await add_signer(
        tx, supporter_id, name=name, country="NO", language="en", source=source, appeal_version="x", first_number=1
    )


async def create_set_aside(database: Database, review_filter: ReviewFilter, state: SetAsideState) -> SetAside:
    """Create a set-aside in this state, each by another member."""

    async def work(tx: Transaction) -> SetAside:
        member_id = 1 + (await tx.all("SELECT count(*) AS n FROM set_asides"))[0]["n"]
        one = await set_asides.create(tx, member_id, review_filter, NOW)
        await tx.run(
            "UPDATE set_asides SET state = :state, reason = 'a flood', found = 30 WHERE id = :id",
            state=state,
            id=one.id,
        )
        return replace(one, state=state)

    return await database.transact(work)


async def read_conditions(database: Database) -> list[str]:
    """Return the conditions of all signals and set-asides."""
    rows = await database.transact(lambda tx: tx.all("SELECT conditions, subject FROM signals"))
    asked = await database.transact(lambda tx: tx.all("SELECT conditions FROM set_asides"))
    return [*(row["conditions"] + row["subject"] for row in rows), *(row["conditions"] for row in asked)]


async def test_question_is_deleted_with_the_last_person_it_concerns(database: Database) -> None:
    for nth in range(2):
        await database.transact(sign, 100 + nth, "Secret NameC", "kim-cheolsu")
    await database.transact(sign, 200, "Sam", "kim_cheolsu")
    states: tuple[SetAsideState, ...] = ("asked", "counted", "done", "cancelled", "restored")
    for state in states:
        for review_filter in (BY_LINK, BY_NAME):
            await create_set_aside(database, review_filter, state)
    other = await create_set_aside(database, ReviewFilter(source="kim_cheolsu"), "counted")

    async def add_signal(tx: Transaction) -> None:
        state = await signals.read_state(tx, NOW - WINDOW)
        found = Detection(state.searched_at, NOW, 0, total=30, counts={("source", "kim-cheolsu"): 30})
        await signals.add_detected(tx, state, await counters.read(tx, counters.NUMBERS), found, NOW)

    await database.transact(add_signal)
    assert sum("kim-cheolsu" in each for each in await read_conditions(database)) == len(states) + 1
    for nth in range(2):
        await database.transact(erasure.erase, 100 + nth, NOW)
    left = "\n".join(await read_conditions(database))
    assert "kim-cheolsu" not in left
    assert hash_name("Secret NameC") not in left
    assert await database.transact(set_asides.find, other.id) is not None


async def test_question_about_a_name_is_deleted_when_the_name_changes(database: Database) -> None:
    await database.transact(sign, 100, "Secret NameC", None)
    for state in ("counted", "done"):
        await create_set_aside(database, BY_NAME, state)  # type: ignore[arg-type]

    async def rename(tx: Transaction) -> bool:
        signed = await signatures.find(tx, 100)
        assert signed is not None
        return await signatures.change(tx, signed, replace(signed, name="Sam"))

    assert await database.transact(rename)
    assert hash_name("Secret NameC") not in "\n".join(await read_conditions(database))


async def test_unfinished_question_is_deleted_after_a_day(database: Database) -> None:
    for state in ("asked", "counted", "running", "done"):
        await create_set_aside(database, ReviewFilter(source="nobody-came-by-this"), state)  # type: ignore[arg-type]
    await erase_expired(database, 180, NOW + timedelta(hours=23), is_open=True)
    assert len(await read_conditions(database)) == 4
    await erase_expired(database, 180, NOW + timedelta(hours=25), is_open=True)
    assert len(await read_conditions(database)) == 2


async def test_set_aside_by_a_deleted_name_fits_nobody(database: Database) -> None:
    running, asked = (
        await create_set_aside(database, BY_NAME, "running"),
        await create_set_aside(database, BY_NAME, "counted"),
    )
    await database.transact(sign, 300, "Sam", None)
    await database.transact(name_hashes.forget_all)
    one = await database.transact(set_asides.find, running.id)
    [signed] = await database.transact(lambda tx: tx.all("SELECT * FROM signatures"))
    assert one is not None
    assert not one.review_filter.fits(signatures.read_row(signed))
    assert hash_name("Secret NameC") not in "\n".join(await read_conditions(database))
    assert await database.transact(set_asides.find, asked.id) is None

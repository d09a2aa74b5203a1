"""Signatures are counted once, without gap and repeat."""

import asyncio

from chatbot.petition.model import Campaign
from chatbot.storage import Database
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import counters
from tests.support.chat import Chat


async def numbers(database: Database) -> list[int]:
    """List the numbers of all signatures, in order."""

    async def work(tx):
        return [row["number"] for row in await tx.all("SELECT number FROM signatures ORDER BY number")]

    return await database.transact(work)


async def test_hundred_taps_on_sign_make_one_signature(sam: Chat, database: Database, campaign: Campaign) -> None:
    await sam.begins()
    await sam.says("Sam")
    await sam.presses("country.CA")
    sign = next(action for action in sam.actions if action.startswith("check.sign"))
    fingers = [Chat(sam.dialog, sam.person) for _ in range(100)]
    await asyncio.gather(*(finger.presses(sign) for finger in fingers))
    assert await numbers(database) == [campaign.carried_over + 1]
    thanked = [finger for finger in fingers if finger.receipt]
    assert len(thanked) == 1, "and one receipt"
    assert "Thank you, Sam" in thanked[0].receipt
    assert {finger.notice for finger in fingers if finger not in thanked} == {
        "✅ You've signed · supporter no. 178,922"
    }


async def test_second_signing_shows_the_signature(sam: Chat, database: Database) -> None:
    await sam.signs()
    await sam.says("/sign")
    assert "You signed on" in sam.text
    assert "178,922" in sam.text
    assert len(await numbers(database)) == 1


async def test_numbers_have_no_gap_and_no_repeat(mallory, database: Database, campaign: Campaign) -> None:
    await asyncio.gather(*(mallory(n).signs() for n in range(200)))
    first = campaign.carried_over + 1
    assert await numbers(database) == list(range(first, first + 200))


async def test_funnel_counts_each_person_once_a_step(hana: Chat, database: Database) -> None:
    for _ in range(2):
        await hana.says("/start")
        await hana.begins()
        await hana.says("하나")
        await hana.says("/cancel")
    steps = {"opened": 1, "began": 1, "country": 1}
    assert await database.transact(counters.read_all, counters.STEPS) == steps
    await hana.says("/sign")
    steps |= {"reason": 1, "check": 1}
    assert await database.transact(counters.read_all, counters.STEPS) == steps, "filled in is reached, too"
    assert await find_problems(database) == []

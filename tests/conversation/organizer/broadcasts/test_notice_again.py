"""A notice about the appeal that was deleted can be written anew, and reaches everybody who has none any more."""

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.outcome import Delivery, Gone, Result, Sent
from chatbot.petition.broadcasts.post import Post
from chatbot.storage import Database, Transaction
from chatbot.storage.broadcasts import broadcasts, drafts
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import YUNA
from tests.support.chat import Chat

SIGNERS = range(1, 31)


def call(to: Delivery) -> Result:
    """Delete the message, except in chats of people who deleted it themselves or who blocked the bot."""
    return {2: Gone("message_gone"), 3: Gone("blocked")}.get(to.supporter_id, Sent())


@pytest.fixture
async def notice(yuna: Chat, driver: BroadcastDriver, database: Database) -> Broadcast:
    """Start a notice to 30 signers of an earlier version."""
    await driver.subscribe(SIGNERS, "ko", "KR")

    async def write(tx: Transaction) -> Broadcast:
        draft = await drafts.create(tx, YUNA, driver.now, renews="new")
        await drafts.write_post(tx, draft.id, "ko", Post(Markup("호소문이 바뀌었습니다.")))
        return await broadcasts.get(tx, draft.id)

    draft = await database.transact(write)
    await driver.send(draft.id)
    return draft


async def write_anew(yuna: Chat, driver: BroadcastDriver, notice: Broadcast) -> set[int]:
    """Delete the notice and write it anew. Return who gets it."""
    await yuna.presses(f"broadcast:takeback:{notice.id}")
    await driver.deliver_all(call)
    await yuna.presses(f"broadcast:open:{notice.id}")
    await yuna.taps("📝 Use as a new draft")
    assert "⚠️" not in yuna.text, "nobody gets it who still has the first"
    await yuna.taps("📣 Send")
    await yuna.taps("Yes, send it: ")
    await driver.deliver_all()
    return set(await driver.outcomes((await driver.newest()).id))


async def test_notice_that_was_deleted_reaches_those_who_have_none(
    yuna: Chat, driver: BroadcastDriver, notice: Broadcast
) -> None:
    await driver.deliver_all()
    assert await write_anew(yuna, driver, notice) == {*SIGNERS} - {3}


async def test_notice_reaches_those_whom_the_deletion_came_before(
    yuna: Chat, driver: BroadcastDriver, notice: Broadcast
) -> None:
    await driver.deliver(limit=25)
    assert await write_anew(yuna, driver, notice) == {*SIGNERS} - {3}


async def test_second_notice_leaves_out_those_who_wait_for_the_rest_of_the_first(
    yuna: Chat, driver: BroadcastDriver, notice: Broadcast, database: Database
) -> None:
    await driver.deliver(limit=25)
    await driver.cancel(notice.id)

    async def write(tx: Transaction) -> int:
        draft = await drafts.create(tx, YUNA, driver.now, renews="new")
        await drafts.write_post(tx, draft.id, "ko", Post(Markup("다시")))
        return draft.id

    second = await database.transact(write)
    await driver.send(second)
    await driver.deliver_all()
    assert await driver.outcomes(second) == {}

"""The notice of a changed appeal: each signer of another version gets it once, subscribed or not."""

from dataclasses import replace
from datetime import timedelta

from chatbot.conversation.interface import BlockedBot
from chatbot.storage import Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, drafts, lifecycle
from chatbot.storage.people import counters, signatures
from tests.support.campaigns import BUNDLED
from tests.support.team_chats import TeamChats

NEW = "0123456789ab"


async def send(chats: TeamChats, broadcast_id: int) -> list[int]:
    """Send a broadcast as the worker does, and list its recipients."""
    now = chats.driver.now + timedelta(minutes=1)

    async def work(tx: Transaction) -> list[int]:
        draft = await broadcasts.get(tx, broadcast_id)
        assert await lifecycle.start(tx, draft.id, draft.revision, 3003, now)
        started = await broadcasts.get(tx, broadcast_id)
        while not await audience.gather(tx, started, BUNDLED, 2, now):
            pass
        claim = await deliveries.claim(tx, started, 100)
        await deliveries.recover(tx)
        await lifecycle.end(tx, broadcast_id, "done", now)
        return [delivery.supporter_id for delivery in claim.deliveries]

    return await chats.database.transact(work)


async def test_signers_of_another_version_get_one_notice_and_may_keep_signing(chats: TeamChats) -> None:
    for person in (1, 2, 3):
        await chats.chat(person, "Sam").signs()
    await chats.chat(3, "Sam").does(BlockedBot())
    chats.campaign = replace(chats.campaign, appeal_version=NEW)
    await chats.chat(4, "Sam").signs()
    yuna = chats.chat(3003, "유나")
    await yuna.says("/appeal")
    await yuna.taps("notice to signers")
    assert "서명하신 호소문이 바뀌었습니다" in yuna.first[0]
    assert "<b>at most 19</b> of those who signed" in yuna.text
    assert not [label for label in yuna.labels if "Audience" in label]
    draft = await chats.database.transact(broadcasts.find_draft, 3003)
    assert draft is not None
    assert draft.renews == NEW
    assert await send(chats, draft.id) == [1, 2], "3 blocked the bot, and 4 signed this version"
    again = await chats.database.transact(drafts.create, 3003, chats.driver.now, renews=NEW)
    await chats.database.transact(drafts.write_post, again.id, "en", draft.posts["en"])
    assert await send(chats, again.id) == []
    sam = chats.chat(1, "Sam")
    await sam.presses("renew:read")
    assert sam.answer is not None
    assert sam.answer.edit is None, "the notice stays"
    await sam.presses("renew:keep:ffffffffffff")
    assert "changed again" in (sam.notice or "")
    for _tap in range(2):
        await sam.presses(f"renew:keep:{NEW}")
        assert "under the new wording" in sam.text
    kept = await chats.database.transact(signatures.find, 1)
    assert kept is not None
    assert kept.appeal_version == NEW
    assert (await chats.database.transact(counters.read_all, counters.VERSIONS))[NEW] == 2
    assert await find_problems(chats.database) == []
    assert await chats.database.transact(broadcasts.count_in_timeline) == 0, "it is not in the timeline"


async def test_notice_asks_nothing_of_people_without_a_signature(chats: TeamChats) -> None:
    sam = chats.chat(1002, "Sam")
    await sam.says("/start")
    for what in ("read", "leave", f"keep:{NEW}"):
        await sam.presses(f"renew:{what}")
        assert "haven't signed" in (sam.notice or "")

"""The notice to those who signed another wording: to each of them once, subscribed or not, and what they answer."""

from dataclasses import replace
from datetime import timedelta

from chatbot.conversation.interface import BlockedBot
from chatbot.storage import Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.broadcasts import audience, broadcasts, deliveries, drafts, lifecycle
from chatbot.storage.people import counters, signatures
from tests.support.team_chats import House

NEW = "0123456789ab"


async def send(app: House, broadcast_id: int) -> list[int]:
    """Let a broadcast go out as the worker does; who gets it."""
    now = app.mailroom.now + timedelta(minutes=1)

    async def work(tx: Transaction) -> list[int]:
        draft = await broadcasts.get(tx, broadcast_id)
        assert await lifecycle.start(tx, draft.id, draft.revision, 3003, now)
        started = await broadcasts.get(tx, broadcast_id)
        while not await audience.gather(tx, started, 2, now):
            pass
        claim = await deliveries.claim(tx, started, 100)
        await deliveries.recover(tx)
        await lifecycle.end(tx, broadcast_id, "done", now)
        return [delivery.supporter_id for delivery in claim.deliveries]

    return await app.database.transact(work)


async def test_signers_of_another_wording_look_again_once_and_may_keep_it(app: House) -> None:
    for person in (1, 2, 3):
        await app.chat(person, "Sam").signs()
    await app.chat(3, "Sam").does(BlockedBot())
    app.campaign = replace(app.campaign, appeal_version=NEW)
    await app.chat(4, "Sam").signs()
    yuna = app.chat(3003, "유나")
    await yuna.says("/appeal")
    await yuna.taps("notice to signers")
    assert "서명하신 호소문이 바뀌었습니다" in yuna.first[0]
    assert "<b>fewer than 20</b> of those who signed" in yuna.text
    assert not [label for label in yuna.labels if "Who gets it" in label]
    draft = await app.database.transact(broadcasts.find_draft, 3003)
    assert draft is not None
    assert draft.renews == NEW
    assert await send(app, draft.id) == [1, 2], "not to who blocked the bot, nor to who signed the new one"
    again = await app.database.transact(drafts.create, 3003, app.mailroom.now, renews=NEW)
    await app.database.transact(drafts.write_post, again.id, "en", draft.posts["en"])
    assert await send(app, again.id) == []
    sam = app.chat(1, "Sam")
    await sam.presses("renew:read")
    assert sam.answer is not None
    assert sam.answer.edit is None, "the notice stays where it is"
    await sam.presses("renew:keep:ffffffffffff")
    assert "once more" in (sam.notice or "")
    for _tap in range(2):
        await sam.presses(f"renew:keep:{NEW}")
        assert "under the new wording" in sam.text
    kept = await app.database.transact(signatures.find, 1)
    assert kept is not None
    assert kept.appeal_version == NEW
    assert (await app.database.transact(counters.read_all, counters.VERSIONS))[NEW] == 2
    assert await find_problems(app.database) == []
    assert await app.database.transact(broadcasts.count_told) == 0, "it is no update that others read"


async def test_who_has_not_signed_is_not_asked(app: House) -> None:
    sam = app.chat(1002, "Sam")
    await sam.says("/start")
    for what in ("read", "leave", f"keep:{NEW}"):
        await sam.presses(f"renew:{what}")
        assert "no signature" in (sam.notice or "")

"""A correction needs the same approval as the broadcast that it changes: waiting recipients get its text.

A broadcast to sixty people was approved. 하나 lets it reach three of them, pauses it, corrects it "for three people"
without approval, and resumes it.
"""

# ruff: noqa: F811 - tests take the fixtures that this module imports

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent, Unknown
from chatbot.petition.broadcasts.post import Post
from chatbot.storage.broadcasts import approvals, broadcasts, drafts, lifecycle
from tests.attacks.test_split_broadcasts import chats, hana, send, write  # noqa: F401 - fixtures
from tests.support.cast import YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def approved(chats: TeamChats, hana: Chat, *countries: str) -> Broadcast:
    """Start a broadcast that 유나 has approved."""
    update = await write(chats, *countries)
    await send(hana, update)
    assert "must approve" in hana.text
    await chats.chat(YUNA, "유나").presses(f"broadcast:accept:{update.id}:{update.revision}")
    return await chats.driver.newest()


async def corrects(chats: TeamChats, hana: Chat, update: Broadcast) -> Broadcast:
    await hana.presses(f"broadcast:correct:{update.id}")
    draft = await chats.driver.newest()
    assert draft.kind == "correction"
    for language in ("ko", "en"):
        post = Post(Markup("Send money to Mallory"))
        await chats.database.transact(drafts.write_post, draft.id, language, post)
    draft = await chats.driver.newest()
    await hana.presses(f"broadcast:ask:{draft.id}:{draft.revision}")
    await send(hana, draft)
    return draft


@pytest.mark.parametrize("countries", [(), ("NO", "CA", "KR")], ids=["everyone", "countries"])
@pytest.mark.parametrize("had_already", [3, 0])
async def test_paused_broadcast_is_not_corrected_alone(
    chats: TeamChats,
    hana: Chat,
    countries: tuple[str, ...],
    had_already: int,
) -> None:
    update = await approved(chats, hana, *countries)
    if had_already:
        await chats.driver.deliver(limit=had_already)
    await hana.presses(f"broadcast:pause:{update.id}")
    if not (had_already or countries):
        await hana.presses(f"broadcast:correct:{update.id}")
        assert (await chats.driver.newest()).kind == "update", "what nobody has is not corrected"
        return
    correction = await corrects(chats, hana, update)
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT
    await hana.presses(f"broadcast:resume:{update.id}")
    still = await chats.database.transact(broadcasts.get, update.id)
    assert "money" not in str(still.posts)
    await chats.chat(YUNA, "유나").presses(f"broadcast:accept:{correction.id}:{correction.revision}")
    still = await chats.database.transact(broadcasts.get, update.id)
    assert "money" in str(still.posts), "with a second yes it is corrected, on its way too"


async def test_resendable_broadcast_is_not_corrected_alone(chats: TeamChats, hana: Chat) -> None:
    def few(to: Delivery) -> Result:
        return Sent(to.supporter_id) if to.supporter_id < 4 else Unknown("timeout")

    update = await approved(chats, hana)
    await chats.driver.deliver_all(few)
    await corrects(chats, hana, update)
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT


async def test_cancelled_broadcast_is_corrected_for_its_recipients(chats: TeamChats, hana: Chat) -> None:
    update = await approved(chats, hana)
    await chats.driver.deliver(limit=3)
    await chats.database.transact(lifecycle.end, update.id, "cancelled", chats.driver.now)
    draft = await corrects(chats, hana, update)
    assert "on its way" in hana.text
    counted = await chats.database.transact(approvals.count_unapproved, 1001, chats.driver.now)
    assert (draft.kind, counted) == ("correction", 3)

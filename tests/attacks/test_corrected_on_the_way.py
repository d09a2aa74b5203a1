"""A correction needs the same approval as the broadcast, because recipients who still wait get the corrected text.

A broadcast to sixty people was approved. 하나 lets it reach three of them and pauses it. She corrects it as if for
those three alone, and resumes it.
"""

import pytest
from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.outcome import Delivery, Result, Sent, Unknown
from chatbot.petition.broadcasts.post import Post
from chatbot.storage.broadcasts import approvals, broadcasts, drafts, lifecycle
from tests.attacks.limited_broadcasts import open_limited, send, write
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def start_approved(chats: TeamChats, hana: Chat, *countries: str) -> Broadcast:
    """Start a broadcast of 하나's that 유나 has approved."""
    broadcast = await write(chats, *countries)
    await send(hana, broadcast)
    assert "must approve" in hana.text
    await chats.chat(YUNA, "유나").presses(f"broadcast:accept:{broadcast.id}:{broadcast.revision}")
    return await chats.driver.newest()


async def corrects(chats: TeamChats, hana: Chat, broadcast: Broadcast) -> Broadcast:
    await hana.presses(f"broadcast:correct:{broadcast.id}")
    draft = await chats.driver.newest()
    assert draft.kind == "correction"
    for language in ("ko", "en"):
        post = Post(Markup("Send money to Mallory"))
        await chats.database.transact(drafts.write_post, draft.id, language, post)
    draft = await chats.driver.newest()
    await hana.presses(f"broadcast:ask:{draft.id}:{draft.revision}")
    await send(hana, draft)
    return draft


@pytest.fixture
async def hana(chats: TeamChats) -> Chat:
    return await open_limited(chats)


@pytest.mark.parametrize(("countries", "sent"), [((), 3), (("NO", "CA", "KR"), 3), (("NO", "CA", "KR"), 0)])
async def test_correction_of_a_paused_broadcast_needs_approval(
    chats: TeamChats,
    hana: Chat,
    countries: tuple[str, ...],
    sent: int,
) -> None:
    broadcast = await start_approved(chats, hana, *countries)
    if sent:
        await chats.driver.deliver(limit=sent)
    await hana.presses(f"broadcast:pause:{broadcast.id}")
    correction = await corrects(chats, hana, broadcast)
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT
    await hana.presses(f"broadcast:resume:{broadcast.id}")
    still = await chats.database.transact(broadcasts.get, broadcast.id)
    assert "money" not in str(still.posts)
    await chats.chat(YUNA, "유나").presses(f"broadcast:accept:{correction.id}:{correction.revision}")
    still = await chats.database.transact(broadcasts.get, broadcast.id)
    assert "money" in str(still.posts), "with the approval, waiting recipients get the corrected text"


async def test_broadcast_that_nobody_got_cannot_be_corrected(chats: TeamChats, hana: Chat) -> None:
    broadcast = await start_approved(chats, hana)
    await hana.presses(f"broadcast:pause:{broadcast.id}")
    await hana.presses(f"broadcast:correct:{broadcast.id}")
    assert (await chats.driver.newest()).kind == "update"


async def test_correction_of_unknown_deliveries_needs_approval(chats: TeamChats, hana: Chat) -> None:
    def few(to: Delivery) -> Result:
        return Sent(to.supporter_id) if to.supporter_id < 4 else Unknown("timeout")

    broadcast = await start_approved(chats, hana)
    await chats.driver.deliver_all(few)
    await corrects(chats, hana, broadcast)
    assert "must approve" in hana.text
    assert (await chats.driver.newest()).state is BroadcastState.DRAFT


async def test_correction_of_a_cancelled_broadcast_counts_recipients_rounded(chats: TeamChats, hana: Chat) -> None:
    broadcast = await start_approved(chats, hana)
    await chats.driver.deliver(limit=3)
    await chats.database.transact(lifecycle.end, broadcast.id, "cancelled", chats.driver.now)
    draft = await corrects(chats, hana, broadcast)
    assert "on its way" in hana.text
    counted = await chats.database.transact(approvals.count_unapproved, HANA, chats.driver.now)
    assert (draft.kind, counted) == ("correction", 20), "of three recipients, rounded so as not to tell who is asleep"

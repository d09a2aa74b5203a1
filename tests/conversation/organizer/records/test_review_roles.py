"""Roles that may review no signatures, and members who have lost theirs."""

import pytest

from chatbot.storage.people import counters
from tests.support.cast import HANA, MALLORY, SAM
from tests.support.chat import Chat
from tests.support.set_asides import give_reason, read_set_aside
from tests.support.team_chats import TeamChats

pytestmark = pytest.mark.usefixtures("small_review")

UNKNOWN = "didn't get that"


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner()


async def test_viewer_and_supporter_cannot_review_signatures(chats: TeamChats, yuna: Chat) -> None:
    await chats.sign(0, [("CA", "flood")] * 3)
    asked = await give_reason(yuna, chats)
    [yes] = [action for action in yuna.actions if ":start:" in action]
    sam, mallory = chats.chat(SAM, "Sam"), chats.chat(MALLORY, "Mallory")
    await mallory.says("/doubts")
    assert UNKNOWN in mallory.text
    await chats.add_member(sam, "viewer")
    await sam.says("/doubts")
    assert "Only organizers" in sam.text
    for action in (yes, f"doubts:stop:{asked.id}", f"doubts:why:{asked.id}", "doubts:choose", "doubts:list"):
        await mallory.presses(action)
        assert UNKNOWN in mallory.text
        await sam.presses(action)
        assert "Only organizers" in (sam.notice or "")
    assert (await read_set_aside(chats, asked.id)).state == "counted"


async def test_old_buttons_of_a_removed_owner_do_nothing(chats: TeamChats, yuna: Chat) -> None:
    hana = await chats.open_organizer("owner")
    await chats.sign(0, [("CA", "flood")] * 3)
    asked = await give_reason(hana, chats)
    [yes] = [action for action in hana.actions if ":start:" in action]

    async def remove(tx) -> None:  # type: ignore[no-untyped-def]
        await tx.run("UPDATE members SET role = NULL WHERE id = :id", id=HANA)

    await chats.database.transact(remove)
    await hana.presses(yes)
    assert UNKNOWN in hana.text
    assert (await read_set_aside(chats, asked.id)).state == "counted"
    assert await chats.database.transact(counters.read, counters.SET_ASIDE) == 0

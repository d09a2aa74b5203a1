"""Choosing channels and groups for a broadcast: by whom, for what, and what it does not count."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import Database
from chatbot.storage.organizer import team
from chatbot.storage.places import places
from tests.support import linked_places
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both


@pytest.fixture
def chats(database: Database, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path) -> TeamChats:
    return TeamChats(database, BroadcastDriver(database), campaign, translators, tmp_path)


async def choose(chats: TeamChats, chat: Chat) -> None:
    """Write a broadcast and choose the only linked channel."""
    await linked_places.link(chats.driver, -1, "길동네")
    await write_both(chat)
    await chat.taps("Channels and groups: none")
    await chat.taps("길동네")
    await chat.taps("‹ Back")


async def test_nothing_is_offered_while_no_place_is_linked(chats: TeamChats) -> None:
    yuna = await chats.open_owner(readers=[1, 2])
    await write_both(yuna)
    assert not any("Channels" in label for label in yuna.labels)
    await yuna.presses(f"broadcast:places:{(await chats.driver.newest()).id}")
    assert "📣 Send …" in yuna.labels


async def test_broadcast_to_places_alone_needs_no_subscriber(chats: TeamChats) -> None:
    yuna = await chats.open_owner()
    await choose(chats, yuna)
    await yuna.taps("📣 Send")
    assert "📡 also in 길동네" in yuna.text
    await yuna.taps("✅ Yes, post it, 📡 1")
    assert "On its way.</b>" in yuna.text
    assert len(await linked_places.post(chats.driver)) == 1
    await chats.driver.deliver()
    sent = await chats.driver.newest()
    assert sent.ending == "done"
    await yuna.presses(f"broadcast:open:{sent.id}")
    assert "✅ 길동네" in yuna.text.splitlines()
    assert "0 of 0" in yuna.text
    await yuna.says("/broadcasts")
    assert "👥 0, 📡 1" in yuna.text
    await yuna.presses(f"broadcast:open:{sent.id}")
    await yuna.taps("🗑 Delete for everyone")
    assert "It's deleted in channels and groups, and removed from /updates." in yuna.text
    await yuna.taps("🗑 Yes, delete it there")
    (call,) = await linked_places.post(chats.driver)
    assert call.broadcast.kind == "recall"
    await yuna.says("/log")
    began = [line for line in yuna.text.splitlines() if "began" in line]
    assert len(began) == 2
    assert all("(channels and groups: 1)" in line for line in began)


async def test_places_need_no_approval(chats: TeamChats) -> None:
    yuna = await chats.open_owner(readers=[1, 2])
    await chats.database.transact(team.set_threshold, 2, None)
    await choose(chats, yuna)
    await yuna.taps("📣 Send")
    await yuna.taps("✅ Yes, send it: 2, 📡 1")
    assert "On its way to 2 people" in yuna.text


async def test_choice_after_the_question_makes_its_button_old(chats: TeamChats) -> None:
    yuna = await chats.open_owner(readers=[1, 2])
    await choose(chats, yuna)
    await yuna.taps("📣 Send")
    start = next(each for each in yuna.actions if ":start:" in each)
    draft = await chats.driver.newest()
    await yuna.presses(f"broadcast:place:{draft.id}:-{draft.place_codes[0]}")
    await yuna.presses(start)
    assert "It has changed since" in yuna.text
    assert (await chats.driver.newest()).started_at is None


async def test_unlinked_place_can_be_taken_away_but_not_chosen(chats: TeamChats) -> None:
    yuna = await chats.open_owner(readers=[1, 2])
    await choose(chats, yuna)
    draft = await chats.driver.newest()
    (code,) = draft.place_codes
    await chats.database.transact(places.unlink, code, chats.driver.now)
    await yuna.presses(f"broadcast:review:{draft.id}")
    assert "left out, because it isn't linked any more" in yuna.text
    await yuna.presses(f"broadcast:place:{draft.id}:-{code}")
    assert (await chats.driver.newest()).place_codes == ()
    await yuna.presses(f"broadcast:place:{draft.id}:+{code}")
    assert (await chats.driver.newest()).place_codes == ()


async def test_prepared_thanks_say_that_they_can_be_posted(chats: TeamChats) -> None:
    yuna = await chats.open_owner(readers=[1, 2])
    await linked_places.link(chats.driver, -1, "길동네")
    await chats.sign(1, [("KR", None)] * 3)
    await yuna.presses("course:thank:3")
    assert "It can be posted in your channels and groups, too" in yuna.text
    assert "📡 Channels and groups: none" in yuna.labels

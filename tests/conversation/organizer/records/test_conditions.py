"""Owners choose conditions with buttons, which combine with each other and with typed ones."""

import asyncio

import pytest

from chatbot.petition.review.detector import WINDOW
from chatbot.petition.review.filter import ReviewFilter
from chatbot.storage.organizer.review import set_asides
from tests.support.cast import SAM, YUNA
from tests.support.chat import Chat
from tests.support.cut_off_jobs import cut_off
from tests.support.team_chats import TeamChats


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    return await chats.open_owner()


async def find_chosen(chats: TeamChats, member_id: int = YUNA) -> ReviewFilter:
    undecided = await chats.database.transact(set_asides.find_undecided, member_id)
    return undecided.review_filter if undecided else ReviewFilter()


async def count(chats: TeamChats, member_id: int = YUNA) -> str:
    return (await chats.run_jobs())[member_id][-1]


async def test_buttons_combine_and_show_the_count_each_time(yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flyer")] * 45 + [("KR", "flyer")] * 25 + [("CA", None)] * 21)
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.taps("📅 Today")
    assert "<b>90-plus</b> of 91 signed here" in await count(chats)
    await yuna.presses("doubts:ask:link")
    await yuna.taps("flyer")
    assert "<b>70-plus</b> of 91" in await count(chats)
    await yuna.presses("doubts:ask:country")
    await yuna.taps("Canada")
    shown = await count(chats)
    assert "<b>40-plus</b> of 91" in shown
    assert all(part in shown for part in ("from 🇨🇦 Canada", "by this link: flyer", "signed from"))
    chosen = await find_chosen(chats)
    assert (chosen.country, chosen.source, chosen.since is not None) == ("CA", "flyer", True)
    await yuna.presses("doubts:with:link:off")
    assert "<b>60-plus</b> of 91" in await count(chats)
    await yuna.presses("doubts:with:fast:on")
    assert "<b>19 at most</b> of 91" in await count(chats)
    entries = [entry for entry in await chats.list_entries() if entry == "doubts.counted"]
    assert len(entries) == 5, "each question stands in the log"


async def test_typed_conditions_join_those_of_buttons(yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flyer")] * 25 + [("KR", "flyer")] * 25)
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.presses("doubts:with:fast:on")
    await chats.run_jobs()
    await yuna.says("Canada")
    await chats.run_jobs()
    await yuna.presses("doubts:ask:link")
    await yuna.says("flyer")
    await chats.run_jobs()
    assert await find_chosen(chats) == ReviewFilter(country="CA", source="flyer", faster_than=10)
    for what in ("fast", "country", "link"):
        await yuna.presses(f"doubts:with:{what}:off")
        await chats.run_jobs()
    assert "Which signatures?" in yuna.text, "nothing is chosen any more"
    await yuna.presses("doubts:with:fast:on")
    await yuna.taps("All signatures to review")
    await yuna.taps("Find signatures")
    assert await find_chosen(chats) == ReviewFilter(), "another search begins anew"


async def test_conditions_are_read_after_the_command(yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flyer")] * 25 + [("KR", "flyer")] * 25)
    await yuna.says("/doubts Canada source: flyer")
    assert "<b>20-plus</b> of 50" in await count(chats)
    await yuna.says("/doubts somebody")
    assert "could not read that as a condition" in yuna.text
    hana = await chats.open_organizer()
    await hana.says("/doubts Canada")
    assert "Signatures to review" in hana.text, "only owners choose conditions"


async def test_two_owners_choose_for_themselves(yuna: Chat, chats: TeamChats) -> None:
    sam = await chats.add_member(chats.chat(SAM, "Sam"), "owner")
    await chats.sign(0, [("CA", "flyer")] * 25)
    for chat in (yuna, sam):
        await chat.says("/doubts")
        await chat.taps("Find signatures")
    await asyncio.gather(yuna.presses("doubts:with:fast:on"), sam.presses("doubts:with:country:CA"))
    assert await find_chosen(chats) == ReviewFilter(faster_than=10)
    assert await find_chosen(chats, SAM) == ReviewFilter(country="CA")


async def test_unknown_new_accounts_links_and_countries_choose_nothing(yuna: Chat, chats: TeamChats) -> None:
    await chats.sign(0, [("CA", "flyer")])
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.taps("New accounts")
    assert "Too few people" in (yuna.notice or "")
    for action in (
        "with:country:NO",
        "with:country:XX",
        "with:link:a:b",
        "with:nothing:on",
        "with:nothing:off",
        "ask:x",
    ):
        await yuna.presses(f"doubts:{action}")
        assert await find_chosen(chats) == ReviewFilter()


async def test_count_that_a_crash_cut_off_is_shown_after_it(
    yuna: Chat, chats: TeamChats, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chats.sign(0, [("CA", "flyer")] * 25)
    await yuna.says("/doubts")
    await yuna.taps("Find signatures")
    await yuna.presses("doubts:with:country:CA")
    await cut_off(chats, monkeypatch)
    chats.driver.now += WINDOW
    assert "<b>20-plus</b> of 25 signed here" in await count(chats)

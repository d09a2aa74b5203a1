"""Every button about linked places works if two organizers tap it at once, or if the process is killed meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage.places import places
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.dying_database import press_and_die
from tests.support.place_buttons import PLACE_CASES, SHARED, link, prepare
from tests.support.team_chats import TeamChats


class Pair(NamedTuple):
    """Two organizers, each with a process; both have the same database."""

    chats: TeamChats
    yuna: Chat
    hana: Chat


@pytest.fixture
async def pair(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path
) -> AsyncIterator[Pair]:
    databases = [await open_migrated(url), await open_migrated(url)]
    driver = BroadcastDriver(databases[0])
    first, second = (TeamChats(each, driver, campaign, translators, tmp_path) for each in databases)
    yuna = await first.open_owner()
    hana = await second.add_member(second.chat(HANA, "하나"), "organizer")
    yield Pair(first, yuna, hana)
    for each in databases:
        await each.close()


async def check(pair: Pair, entries: list[str], before: int) -> None:
    """Check that it happened once, and that nobody is told twice."""
    assert (await pair.chats.list_entries())[before:] == entries
    told = await pair.chats.run_jobs()
    assert all(len(texts) == 1 for texts in told.values()), told


_ENGINES: Final = ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
async def test_two_organizers_link_the_same_channel_at_once(pair: Pair) -> None:
    await asyncio.gather(pair.yuna.does(SHARED), pair.hana.does(SHARED))
    assert sorted("already" in chat.first[0] for chat in (pair.yuna, pair.hana)) == [False, True]
    assert len(await pair.chats.database.transact(places.list_linked)) == 1
    await check(pair, ["place.linked"], 0)


@pytest.mark.parametrize("url", _ENGINES, indirect=True)
@pytest.mark.parametrize("name", PLACE_CASES)
async def test_two_organizers_tap_the_same_button_at_once(pair: Pair, name: str) -> None:
    case, both = PLACE_CASES[name], (pair.yuna, pair.hana)
    place = await link(pair.chats, pair.yuna)
    actions = await prepare(case, pair.chats, place.code, *both)
    before = len(await pair.chats.list_entries())
    await asyncio.gather(*(chat.presses(action) for chat, action in zip(both, actions, strict=True)))
    for chat in both:
        assert case.shows in chat.text, "each sees how it is now"
    await check(pair, [case.entry], before)


@pytest.mark.slow
@pytest.mark.parametrize("commits", [False, True], ids=["before the commit", "before the answer"])
@pytest.mark.parametrize("name", PLACE_CASES)
async def test_killed_process_answers_after_its_restart(pair: Pair, name: str, commits: bool) -> None:
    case, chat = PLACE_CASES[name], pair.yuna
    place = await link(pair.chats, chat)
    [action] = await prepare(case, pair.chats, place.code, chat)
    before = len(await pair.chats.list_entries())
    await press_and_die(chat, action, pair.chats.database, commits=commits)
    assert case.shows in chat.text
    await check(pair, [case.entry], before)

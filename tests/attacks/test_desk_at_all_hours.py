"""No screen about a broadcast reveals in which country a single reader lives.

Two petitions differ in one subscriber, who lives in New Zealand in one of them and in Norway in the other, where night
falls at other hours. Mallory, an organizer, does the same in both at several hours of the day, and reads every screen.
She may see when a broadcast ends and whether anybody has got it (see docs/privacy.md), so screens are compared only
while that is the same in both.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import BroadcastState
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import ending, progress
from chatbot.storage.broadcasts import deliveries, lifecycle, recalls
from chatbot.storage.organizer import team
from tests.attacks.twin_petitions import X, explore, petition
from tests.support.cast import MALLORY
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both

COUNTRIES = ("NZ", "NO")
AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "language": ("⚙️ Settings", "Audience", "English:"),
    "countries": ("⚙️ Settings", "Audience", "By country", "=Germany", "=Norway", "=New Zealand", "Done"),
}
"""By audience, the buttons that choose it; a text after = is typed."""


class Desk:
    """Mallory's chat, and all that she has read there: what she did, the states of all broadcasts, and the screens."""

    def __init__(self, chats: TeamChats, chat: Chat) -> None:
        self.chats, self.chat, self.audience = chats, chat, "all"
        self.read: list[tuple[str, str, str]] = []

    async def reads(self, did: str) -> None:
        """Read the screen, and the progress and report of each broadcast as the worker would show them."""
        _ = self.chats.translators["en"]
        found = await self.chats.driver.list_all()
        states = ""
        shown = []
        for each in found:
            states += f"{each.kind}:{each.state}:{each.ending} "
            if each.started_at is not None:
                tally = await self.chats.driver.tally(each.id)
                states += f"{bool(tally.count('sent'))} "
                recall = await self.chats.database.transact(recalls.find, each)
                shown.append(str(progress.progress(_, each, tally, None, None, recall)))
                if each.state is BroadcastState.ENDED:
                    shown.append(str(ending.report(_, self.chats.campaign, each, tally, recall)))
        told = sorted((await self.chats.run_jobs()).get(self.chat.person.id, []))
        text = "\n".join([self.chat.text, *self.chat.labels, self.chat.notice or "", *self.chat.first, *told, *shown])
        self.read.append((did, states, text))

    async def presses(self, what: str, of: str = "update", more: str = "") -> None:
        """Press this button of the newest broadcast of a kind, if there is one."""
        found = [each for each in await self.chats.driver.list_all() if each.kind == of]
        if found:
            revision = f":{found[-1].revision}" if what in ("start", "ask", "urgent") else more
            await self.chat.presses(f"broadcast:{what}:{found[-1].id}{revision}")
        await self.reads(f"{what} {of}")

    async def delivers(self, limit: int = 1000) -> None:
        """Let the worker send to at most `limit` people; a minute passes."""
        driver, now = self.chats.driver, self.chats.driver.now
        for _ in range(6):
            if await self.chats.database.transact(deliveries.find_running, now) and await driver.deliver(limit=limit):
                break
            driver.now = now
        driver.now = now + timedelta(minutes=1)

    async def waits(self, hours: int) -> None:
        self.chats.driver.now += timedelta(hours=hours)


@asynccontextmanager
async def desk(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], country: str, hour: int
) -> AsyncIterator[Desk]:
    """Open a petition whose last subscriber, one of few English readers, lives in `country`."""
    quiet = replace(campaign, quiet_hours=QuietHours(time(21), time(8)))
    async with petition(folder, quiet, translators, replace(X, country=country, source=None), sealed=True) as chats:
        chats.driver.campaign = quiet
        chats.driver.now = datetime(2026, 11, 24, hour, tzinfo=UTC)
        await chats.driver.subscribe(range(1, 58), "ko", "KR")
        for first in (101, X.account + 1):  # the deliveries to the last subscriber are between theirs
            await chats.driver.subscribe(range(first, first + 27), "en", "DE")
        yield Desk(chats, await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer"))


async def writes(at: Desk, audience: str) -> None:
    """Write a broadcast for this audience, ask for its hour, and start it."""
    at.audience = audience
    await write_both(at.chat)
    for each in AUDIENCES[audience]:
        await (at.chat.says(each[1:]) if each.startswith("=") else at.chat.taps(each))
        await at.reads(each)
    draft = await at.chats.driver.newest()
    moment = int((at.chats.driver.now + timedelta(hours=5)).timestamp())
    await at.presses("hour", more=f":{draft.revision}:{moment}")
    for what in ("ask", "urgent", "start"):
        await at.presses(what)


async def stops(at: Desk) -> None:
    """Pause it, cancel it, send it to the rest hours later, and recall it."""
    await at.delivers(limit=13)
    for what in ("open", "sleepers", "pause", "open", "resume"):
        await at.presses(what)
    await at.delivers(limit=28 if at.audience != "all" else 75)
    for what in ("open", "halt", "cancel", "open", "rest", "correct"):
        await at.presses(what)
    await at.waits(3)
    for what in ("open", "rest", "recall", "copy"):
        await at.presses(what)
    await at.presses("takeback")
    await at.delivers()
    await at.delivers()
    for of in ("recall", "update"):
        await at.presses("open", of)


async def writes_correction(at: Desk) -> None:
    """Write the text of the correction that was begun."""
    await at.presses("write", "correction", ":en")
    await at.chat.says("Good news")


async def corrects(at: Desk) -> None:
    """Correct it while some recipients wait for their morning, and recall it."""
    await at.delivers()
    await at.delivers()
    for what in ("open", "correct", "recall", "sleepers"):
        await at.presses(what)
    await writes_correction(at)
    await at.reads("new text")
    for what in ("ask", "start"):
        await at.presses(what, "correction")
    await at.delivers()
    await at.delivers()
    for of in ("correction", "update"):
        await at.presses("open", of)
    await at.presses("takeback")
    for _ in range(3):
        await at.delivers()
        await at.presses("open", "recall")
        await at.presses("open")


async def is_refused(at: Desk) -> None:
    """Telegram refuses it before the last have it; it is corrected, sent to the rest, and deleted."""
    await at.delivers()
    await at.delivers()
    found = [each for each in await at.chats.driver.list_all() if each.started_at and not each.ended_at]
    for each in found:
        await at.chats.database.transact(lifecycle.end, each.id, "content", at.chats.driver.now, "file is empty")
    for what in ("open", "rest", "recall", "copy", "correct"):
        await at.presses(what)
    await writes_correction(at)
    for what in ("ask", "start"):
        await at.presses(what, "correction")
    await at.delivers()
    await at.presses("open", "correction")
    for what in ("open", "rest", "takeback"):
        await at.presses(what)
    for _nth in range(2):
        await at.delivers()
        await at.presses("open", "recall")
        await at.presses("open")


async def asks_for_approval(at: Desk) -> None:
    """Correct it and send it to the rest under a limit of what one organizer may send alone, and read who is asked."""
    await at.delivers()
    await at.delivers()
    transact = at.chats.database.transact
    for people in (*range(1, 95, 2), None):
        await transact(team.set_threshold, people, await transact(team.find_threshold))
        await at.presses("sleepers")
        if people is not None and (rouse := [each for each in at.chat.actions if ":rouse:" in each]):
            await at.chat.presses(rouse[0])
        await at.reads(f"wake with a limit of {people}")
    for what in ("halt", "cancel", "open", "rest"):
        await at.presses(what)
    again = [each for each in at.chat.actions if ":again:" in each]
    for people in range(1, 95, 2):
        await transact(team.set_threshold, people, await transact(team.find_threshold))
        for action in again:
            await at.chat.presses(action)
        await at.reads(f"rest with a limit of {people}")
    await at.presses("halt")
    await at.presses("cancel")
    await at.presses("correct")
    await writes_correction(at)
    for people in range(1, 95, 2):
        await transact(team.set_threshold, people, await transact(team.find_threshold))
        await at.presses("ask", "correction")
    await transact(team.set_threshold, 1, await transact(team.find_threshold))
    for what in ("ask", "start", "open"):
        await at.presses(what, "correction")


async def passes_the_night(at: Desk) -> None:
    """Read its progress every three hours up to its report, then open every screen."""
    for _ in range(10):
        await at.delivers()
        await at.delivers()
        await at.presses("open")
        await at.waits(3)
    at.read += [("explored", "", each) for each in await explore(at.chats, at.chat)]


@pytest.mark.slow
@pytest.mark.usefixtures("no_noise")
@pytest.mark.parametrize("hour", [0, 6, 12, 18])
@pytest.mark.parametrize("act", [stops, corrects, is_refused, asks_for_approval, passes_the_night])
@pytest.mark.parametrize("audience", AUDIENCES)
async def test_desk_reveals_no_country_of_a_reader_at_any_hour(
    audience: str,
    act: Callable[[Desk], Awaitable[None]],
    hour: int,
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
) -> None:
    read = []
    for country in COUNTRIES:
        async with desk(tmp_path / country, campaign, translators, country, hour) as at:
            await writes(at, audience)
            await act(at)
            read.append(at.read)
    compared = 0
    for (did, states, one), (_did, other_states, other) in zip(*read, strict=True):
        if states == other_states:
            compared += 1
            assert one == other, did
    assert compared > 6

"""Petitions that differ in their last signer alone, and everything that a member of the team can see of them."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import WINDOW, Key
from chatbot.petition.sealing.keys import Seal, make_pair
from chatbot.storage import open_database
from chatbot.storage.people import subscriptions
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

PUBLIC: Final = make_pair()[0]
DESK: Final = ("/stats", "/broadcast", "/scheduled", "/broadcasts", "/team", "/log", "/appeal", "/doubts", "/petition")
OWNERS: Final = ("/export", "/export Norway", "/deliver", "/close", "/reopen", "/victory")
MADE_UP: Final = re.compile(r"[\w-]{11,}|\d+")
"""Ids, codes and revisions in the data of buttons."""
PICTURES: Final = re.compile(r"stats:(growth|ranks|card)")
"""Data of the buttons that ask for a picture. Pictures are files, and only texts are compared."""


@dataclass(frozen=True)
class Signer:
    account: int
    name: str
    country: str
    source: str | None
    seconds: int


X: Final = Signer(7_700_000_102, "Secret NameC", "NO", "kim-cheolsu", 3)
Y: Final = Signer(512_345_678, "Nobody Here", "SE", "park-younghee", 5)
FLOOD: Final[Mapping[Key, int]] = {("source", "flood"): 47, ("speed", ""): 44}
"""What the signals of the flood in `petition` count, with some noise."""


@asynccontextmanager
async def petition(
    folder: Path, campaign: Campaign, translators: Mapping[str, Translator], signer: Signer, *, sealed: bool
) -> AsyncIterator[TeamChats]:
    """Make a petition whose last signer is `signer`.

    The others are from three countries, and those from Canada came in a flood through one link.
    """
    folder.mkdir()  # noqa: ASYNC240 - one folder
    database = await open_database(f"sqlite:///{folder}/chatbot.db")
    chats = TeamChats(database, BroadcastDriver(database), campaign, translators, folder / "files")
    seal = Seal.read(PUBLIC)

    def store(name: str) -> str:
        return seal.close(name) if sealed else name

    chats.jobs.now = chats.driver.now
    await detect_in_new_signatures(database, chats.driver.now)
    groups = [("CA", "flood", 4, 45, 7_650_000_000), ("KR", None, 60, 33, 400_000_000), ("US", "radio", 70, 25, 10**9)]
    for country, source, seconds, many, first in groups:
        for nth in range(many):
            of = {"country": country, "source": source, "seconds": seconds, "name": store(f"{country} {nth}")}
            await chats.jobs.sign(first + nth * 7_001, first + nth * 7_001, **of)
    more = {"source": signer.source, "seconds": signer.seconds, "name": store(signer.name)}
    await chats.jobs.sign(signer.account, signer.account, country=signer.country, **more)
    await database.transact(subscriptions.subscribe, signer.account, "en", chats.driver.now)
    chats.driver.now += WINDOW
    await detect_in_new_signatures(database, chats.driver.now)
    try:
        yield chats
    finally:
        await database.close()


async def explore(chats: TeamChats, chat: Chat) -> list[str]:
    """Send every command, press every button, also those of the screens that follow, and return all texts.

    A button is pressed once, whatever ids its data contains.
    """
    seen: set[str] = set()
    read: list[str] = []

    async def press_all(path: str) -> None:
        told = sorted((await chats.run_jobs()).get(chat.person.id, []))
        read.append("\n".join([path, chat.text, *chat.labels, chat.notice or "", *chat.first, *told]))
        for action in chat.actions:
            masked = MADE_UP.sub("…", action)
            if masked not in seen and not PICTURES.match(action):
                seen.add(masked)
                await chat.presses(action)
                await press_all(f"{path} > {masked}")

    for command in (*DESK, *OWNERS):
        await chat.says(command)
        await press_all(command)
    return read


async def asks(chats: TeamChats, chat: Chat, conditions: str) -> str:
    """Ask for the signatures that fit a filter, and return what the bot answers."""
    await chat.says("/doubts")
    await chat.presses("doubts:choose")
    await chat.says(conditions)
    told = (await chats.run_jobs()).get(chat.person.id, [])
    return "\n".join([conditions, chat.text, *chat.labels, *told])


async def find_highest_account(chats: TeamChats, chat: Chat, conditions: str) -> list[str]:
    """Search for the highest account by bisection: each question follows from the last answer."""
    low, high, read = 0, 8_200_000_000, []
    for _ in range(12):
        middle = (low + high) // 2
        read.append(await asks(chats, chat, f"{conditions} id>{middle}"))
        is_empty = "No signature" in read[-1] or "at most" in read[-1]
        low, high = (low, middle) if is_empty else (middle, high)
    return read


async def interrogate(chats: TeamChats, chat: Chat) -> list[str]:
    """Ask what somebody who knows X would: by account, name, country, day, link and speed, alone and together."""
    questions = (
        f"name: {X.name}",
        f"id>{X.account}",
        f"id>{X.account + 1}",
        "Norway",
        "Norway 2026-11-24",
        f"source: {X.source}",
        f"<10s source: {X.source} Norway id>{X.account - 1}",
        f"2026-11-24 id>{X.account} name: {X.name.lower()}",
    )
    return [
        *[await asks(chats, chat, each) for each in questions],
        *await find_highest_account(chats, chat, "2026-11-24"),
    ]


async def writes(chats: TeamChats, chat: Chat) -> list[str]:
    """Send broadcasts to X's country, to Y's, to a larger one, and to that one with X's; read all up to the report."""
    read = []
    for countries in (["Norway"], ["Sweden"], ["Canada"], ["Canada", "Norway"]):
        await chat.says("/broadcast")
        for text in ("News", "소식입니다"):
            await chat.says(text)
        await chat.taps("⚙️ Settings")
        await chat.taps("Audience")
        await chat.taps("By country")
        for country in countries:
            await chat.says(country)
        read.append("\n".join([chat.text, *chat.labels]))
        await chat.taps("Done")
        read.append("\n".join([chat.text, *chat.labels]))
        await chat.taps("Send …")
        read.append("\n".join([chat.text, *chat.labels]))
        await chat.presses(next(action for action in chat.actions if ":start:" in action))
        read += [chat.text, *sorted((await chats.run_jobs()).get(chat.person.id, []))]
        await chats.driver.deliver_all()
        newest = await chats.driver.newest()
        for what in ("open", "recall", "correct"):
            await chat.presses(f"broadcast:{what}:{newest.id}")
            read.append("\n".join([chat.text, *chat.labels]))
        await chat.presses(f"broadcast:drop:{(await chats.driver.newest()).id}")
    await chat.says("/log")
    return [*read, chat.text]


async def sets_aside(chats: TeamChats, chat: Chat) -> list[str]:
    """Set aside the flood of the first signal, and count it again."""
    await chat.says("/doubts")
    await chat.presses(next(action for action in chat.actions if ":look:" in action))
    read = [chat.text, *(await chats.run_jobs())[chat.person.id]]
    await chat.presses("doubts:why:")
    await chat.says("a flood by one link")
    read.append(chat.text)
    [yes] = [action for action in chat.actions if ":start:" in action]
    await chat.presses(yes)
    read += [chat.text, *(await chats.run_jobs())[chat.person.id]]
    for label in ("All signatures to review", "🗄", "Count again", "Yes, count them again"):
        await chat.taps(label)
        read.append(chat.text)
    return [*read, *(await chats.run_jobs())[chat.person.id]]

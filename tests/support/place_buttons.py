"""Buttons about linked channels and groups, and the acts before each: for tests of two taps at once, and of kills."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from chatbot.conversation.interface import SharedChat
from chatbot.petition.broadcasts.place import Place
from chatbot.storage.places import pinned_cards, places
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

CHANNEL: Final = -1_002_000_000_001
SHARED: Final = SharedChat("channel", CHANNEL, "내 친구를 살려 주세요")
CARD: Final = 7


async def link(chats: TeamChats, chat: Chat) -> Place:
    """Link the channel, and return it."""
    await chat.does(SHARED)
    return await find(chats)


async def find(chats: TeamChats) -> Place:
    place = await chats.database.transact(places.find_by_chat, CHANNEL)
    assert place is not None
    return place


async def pin(chats: TeamChats) -> None:
    """Store that a card is pinned."""
    place = await find(chats)
    await chats.database.transact(pinned_cards.ask, place.code)
    await chats.database.transact(pinned_cards.keep, place.code, CARD)


async def _nothing(_chats: TeamChats, _code: str) -> None:
    pass


async def _pause(chats: TeamChats, code: str) -> None:
    await chats.database.transact(places.pause, code, chats.driver.now)


async def _pin(chats: TeamChats, _code: str) -> None:
    await pin(chats)


@dataclass(frozen=True, slots=True)
class PlaceCase:
    """One button: its data before the code, what it adds to the log, and what both people read after their taps."""

    what: str
    entry: str
    shows: str
    prepare: Callable[[TeamChats, str], Awaitable[None]] = _nothing
    confirmed: bool = False
    more: str = ""


PLACE_CASES: Final = {
    "pause": PlaceCase("pause", "place.paused", "Paused", confirmed=True),
    "resume": PlaceCase("resume", "place.resumed", "channel", _pause),
    "unlink": PlaceCase("unlink", "place.unlinked", "is unlinked", _pin, confirmed=True),
    "pin": PlaceCase("pin", "place.pinned", "on its way", confirmed=True),
    "unpin": PlaceCase("unpin", "place.unpinned", "channel", _pin),
    "language": PlaceCase("speak", "place.language", "Korean", more=":ko"),
}


async def prepare(case: PlaceCase, chats: TeamChats, code: str, *tapping: Chat) -> list[str]:
    """Do what comes before, and return the data of the button for each chat that taps it."""
    await case.prepare(chats, code)
    if not case.confirmed:
        return [f"channels:{case.what}:{code}{case.more}" for _ in tapping]
    actions = []
    for chat in tapping:
        await chat.presses(f"channels:ask:{case.what}:{code}")
        actions.append(next(each for each in chat.actions if each.startswith(f"channels:{case.what}:")))
    return actions

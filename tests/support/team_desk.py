"""The team's chats, and the cases of tests of two taps at once, and of kills."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.storage.organizer import team
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both

Actions = str | tuple[str, str]
"""The data of a button, or of two buttons, one for each of two people."""
PEOPLE: Final = range(1, 7)
"""The subscribers."""
ALONE: Final = "유나 유나"
"""One member, who taps on two phones."""


class Desk:
    """The team's chats, in two processes with one database."""

    def __init__(self, processes: tuple[TeamChats, TeamChats], yuna: Chat, hana: Chat, sam: Chat) -> None:
        self.processes = processes
        self.chats = processes[0]
        self.driver = self.chats.driver
        self.yuna, self.hana, self.sam = yuna, hana, sam

    def open(self, name: str, process: TeamChats) -> Chat:
        """Open a chat of this member in one of the processes."""
        person = {"유나": self.yuna, "하나": self.hana, "Sam": self.sam}[name].person
        return process.chat(person.id, person.name)

    async def write(self, chat: Chat | None = None) -> Broadcast:
        """Write a draft, by default in 유나's chat."""
        await write_both(chat or self.yuna)
        return await self.driver.newest()

    async def write_scheduled(self) -> Broadcast:
        await self.write()
        await self.yuna.taps("🕘 Later")
        await self.yuna.says("12/1 9:00")
        await self.yuna.taps("Yes, schedule it")
        return await self.driver.newest()

    async def send(self) -> Broadcast:
        await self.write()
        await self.yuna.taps("📣 Send")
        await self.yuna.taps("Yes, send it")
        return await self.driver.newest()

    async def send_some(self) -> Broadcast:
        """Send a broadcast to half of the people, and cancel it."""
        sent = await self.send()
        await self.driver.deliver(limit=3)
        await self.yuna.presses(f"broadcast:cancel:{sent.id}")
        return await self.driver.newest()

    async def ask(self) -> Broadcast:
        """Write a broadcast that needs approval, and ask for the approval."""
        await self.chats.database.transact(team.set_threshold, 3, None)
        await self.write()
        await self.yuna.taps("📣 Send")
        await self.yuna.taps("Yes, ask a second organizer")
        return await self.driver.newest()


@dataclass(frozen=True, slots=True)
class Case:
    """One button: what comes before it, what it adds to the log, and what only one of two people reads."""

    button: str
    """The beginning of its data."""
    prepare: Callable[[Desk], Awaitable[Actions]]
    """Does what comes before and returns the data of the button."""
    entries: tuple[str, ...] = ()
    once: str = ""
    """Words that only one of the two reads: the one whose tap counted."""
    drafts: int | None = None
    """How many drafts there are after both have tapped."""
    each: tuple[str, ...] = ()
    """What each tap adds to the log."""
    pair: str = "유나 하나"
    """The two who tap: two organizers, two approvers, or one member on two phones."""
    leaves: Callable[[Desk], Awaitable[bool]] | None = None
    """Whether the effect is there, once."""


def find_button(chat: Chat, start: str) -> str:
    """Return the data of the one button on the screen that begins with `start`."""
    [found] = [each for each in chat.actions if each.startswith(start)]
    return found


def fixed(action: str) -> Callable[[Desk], Awaitable[Actions]]:
    """Nothing comes before this button."""

    async def prepare(_desk: Desk) -> Actions:
        return action

    return prepare

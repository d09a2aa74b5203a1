"""Organizers ask for approval of a broadcast in the chat, and give it."""

from chatbot.storage.organizer import team
from tests.support.broadcasts import BroadcastDriver
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats
from tests.support.written_broadcasts import write_both


async def open_owner_with_threshold(chats: TeamChats, driver: BroadcastDriver) -> Chat:
    """Return 유나's chat. A broadcast to more than 30 people needs approval, and 40 are subscribed."""
    chat = await chats.open_owner()
    await driver.subscribe(range(1, 41))
    await chats.database.transact(team.set_threshold, 30, None)
    return chat


async def request(chat: Chat) -> None:
    await write_both(chat)
    await chat.taps("📣 Send")
    assert "Ask a second organizer to approve it?" in chat.text
    await chat.taps("Yes, ask a second organizer")
    assert (
        "A second organizer must approve</b>: it goes to 40 people, and one organizer alone may send to 30 at most."
        in chat.text
    )


async def schedule(chat: Chat, hour: str = "12/1 9:00") -> None:
    """Write a broadcast in both languages, and schedule it."""
    await write_both(chat)
    await chat.taps("🕘 Later")
    await chat.says(hour)
    await chat.taps("Yes, schedule it")


async def approve(chat: Chat, revision: int) -> None:
    """Tap the button of a message that a job sent, and answer the second question if it is asked."""
    await chat.presses(f"broadcast:approve:1:{revision}")
    yes = f"broadcast:accept:1:{revision}"
    if yes in chat.actions:
        await chat.presses(yes)

"""Sets signatures aside in a chat, up to the confirmation."""

from chatbot.storage.organizer.review import set_asides
from chatbot.storage.organizer.review.set_asides import SetAside
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


async def ask_about(chat: Chat, chats: TeamChats, conditions: str) -> SetAside:
    """Type a filter and have the signatures counted."""
    await chat.says("/doubts")
    await chat.taps("Find signatures")
    await chat.says(conditions)
    assert "counting" in chat.text
    await chats.run_jobs()
    asked = await chats.database.transact(set_asides.find_asked, chat.person.id)
    assert asked is not None
    return asked


async def give_reason(chat: Chat, chats: TeamChats, conditions: str = "source: flood") -> SetAside:
    """Have the signatures counted and write a reason, up to the confirmation."""
    asked = await ask_about(chat, chats, conditions)
    await chat.presses(f"doubts:why:{asked.id}")
    await chat.says("a flood by one link")
    assert "a flood by one link" in chat.text
    return asked


async def read_set_aside(chats: TeamChats, set_aside_id: int) -> SetAside:
    found = await chats.database.transact(set_asides.find, set_aside_id)
    assert found is not None
    return found

"""A petition whose organizers may send to 25 people a day without approval, and drafts of their broadcasts."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import Language
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import broadcasts, drafts
from chatbot.storage.organizer import team
from tests.support.cast import HANA
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

COUNTRIES: Final[Mapping[str, range]] = {"NO": range(1, 21), "CA": range(21, 41), "KR": range(41, 61)}
"""The subscribers from each country."""


async def open_limited(chats: TeamChats) -> Chat:
    """Set the limit, subscribe sixty people, and open the chat of 하나, an organizer. 유나 may approve."""
    await chats.open_owner()
    for country, people in COUNTRIES.items():
        await chats.driver.subscribe(people, "ko" if country == "KR" else "en", country)
    await chats.database.transact(team.set_threshold, 25, None)
    return await chats.open_organizer()


async def write(
    chats: TeamChats, *countries: str, language: Language | None = None, member_id: int = HANA
) -> Broadcast:
    """Create a draft for these countries."""

    async def work(tx: Transaction) -> Broadcast:
        draft = await drafts.create(tx, member_id, chats.driver.now)
        for each in ("ko", "en"):
            await drafts.write_post(tx, draft.id, each, Post(Markup("News")))
        await drafts.set_audience(tx, draft.id, Audience(language, countries))
        return await broadcasts.get(tx, draft.id)

    return await chats.database.transact(work)


async def send(chat: Chat, broadcast: Broadcast) -> None:
    """Confirm that a draft is sent now."""
    await chat.presses(f"broadcast:start:{broadcast.id}:{broadcast.revision}")

"""Old buttons, /cancel, texts and pictures are answered at every step and in every role; /cancel leaves the step."""

from collections.abc import AsyncIterator

import pytest

from chatbot.conversation.interface import Said, SentMedia
from chatbot.conversation.steps import STEPS
from chatbot.petition.team import Role
from chatbot.storage import Database, Transaction
from tests.screens.test_callbacks import IN_CHATS
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.databases import open_migrated
from tests.support.team_chats import TeamChats

pytestmark = pytest.mark.slow

EARLIER = ("suspicion", "because", "post_ko", "post_en", "button_ko", "button_en", "words_ko", "words_en", "unknown")
"""Steps as earlier versions stored them."""

WITHOUT_BUTTON = (Said("하나"), Said("/help", "help"), SentMedia("sticker"), SentMedia("photo", "file", "글"))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A new database that does not look for scans: there are 40,000 turns."""
    opened = await open_migrated(sqlite_url)
    yield opened
    await opened.close()


async def read_step(tx: Transaction, person_id: int) -> str:
    row = await tx.one("SELECT step FROM supporters WHERE id = :id", id=person_id)
    assert row is not None
    return str(row["step"])


async def join(chats: TeamChats, role: Role | None) -> Chat:
    yuna, hana = chats.chat(YUNA, "유나"), chats.chat(HANA, "하나", "ko")
    for text in ("/broadcast", "소식", "News", "/cancel"):
        await yuna.says(text)
    if role == "owner":
        return yuna
    if role is not None:
        return await chats.add_member(hana, role)
    await hana.says("/start")
    return hana


@pytest.mark.parametrize("role", [None, "viewer", "organizer", "owner"])
@pytest.mark.parametrize("draft", ["{}", '{"name":"하나","country":"KR"}', '{"broadcast":1}'])
async def test_everything_is_answered_at_every_step(chats: TeamChats, role: Role | None, draft: str) -> None:
    chat = await join(chats, role)

    async def put_at(step: str) -> None:
        await chats.database.transact(
            lambda tx: tx.run(
                "UPDATE supporters SET step = :step, draft = :draft WHERE id = :id",
                step=step,
                draft=draft,
                id=chat.person.id,
            )
        )

    for step in (*STEPS, *EARLIER):
        for data in IN_CHATS:
            await put_at(step)
            assert await chat.presses(data.replace(":12", ":1")), (step, data)
        for event in WITHOUT_BUTTON:
            await put_at(step)
            answer = await chat.does(event)
            assert answer, (step, event)
            assert answer.screen, (step, event)
        await put_at(step)
        await chat.says("/cancel")
        assert chat.text, step
        left = await chats.database.transact(read_step, chat.person.id)
        assert left == "idle" or "country" in draft, step

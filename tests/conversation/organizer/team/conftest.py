"""The team's chats: 유나 is its owner, and 하나 and Sam may join."""

import pytest

from chatbot.screens.screen import Copy
from tests.support.cast import HANA, SAM
from tests.support.chat import Chat
from tests.support.team_chats import (
    LINK,
    TeamChats,
)

UNKNOWN = "didn't get that"


@pytest.fixture
async def yuna(chats: TeamChats) -> Chat:
    """유나, an owner by the settings."""
    return await chats.open_owner()


@pytest.fixture
def hana(chats: TeamChats) -> Chat:
    return chats.chat(HANA, "하나")


@pytest.fixture
def sam(chats: TeamChats) -> Chat:
    return chats.chat(SAM, "Sam")


def link(chat: Chat) -> str:
    """The payload of the link on the screen."""
    copied, command = [button.text for row in chat.screen.rows for button in row if isinstance(button, Copy)]
    assert copied.startswith(f"{LINK}?start=join_")
    payload = copied.partition("=")[2]
    # Some clients drop the payload of a link if the person has started the bot before.
    assert command == f"/start {payload}"
    assert f"<code>{copied}</code>" in chat.text
    assert f"<code>{command}</code>" in chat.text
    return payload


async def invites(yuna: Chat, role: str) -> str:
    await yuna.says("/team")
    await yuna.taps("Invite someone")
    await yuna.taps(f"As {role}")
    return link(yuna)


async def removes(chat: Chat, name: str) -> None:
    await chat.says("/team")
    await chat.taps(f"{name} ·")
    await chat.taps("Remove from the team")
    await chat.taps("Yes, remove")

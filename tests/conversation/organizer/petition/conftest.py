"""유나, an owner."""

import pytest

from tests.support.chat import Chat
from tests.support.team_chats import TeamChats


@pytest.fixture
def yuna(chats: TeamChats) -> Chat:
    return chats.chat(3003, "유나")

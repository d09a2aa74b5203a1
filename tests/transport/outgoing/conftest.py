"""A reply sender without pauses."""

import pytest

from chatbot.transport.outgoing.reply_sender import ReplySender


@pytest.fixture
def gone():
    return []


@pytest.fixture
def reply_sender(api, pace, gone):
    async def on_gone(chat_id):
        gone.append(chat_id)

    return ReplySender(api, pace, on_gone, wait=lambda tries: 0.0)

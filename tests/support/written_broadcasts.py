"""Writes broadcasts in the chats of organizers."""

from typing import Final

from tests.support.chat import Chat

KOREAN: Final = "친구가 풀려났습니다."
ENGLISH: Final = "Our friend is free."


async def write_both(chat: Chat, korean: str = KOREAN, english: str = ENGLISH) -> None:
    """Write a broadcast in both languages, up to the review."""
    await chat.says("/broadcast")
    await chat.says(english)
    await chat.says(korean)

"""A database, and a brush in the place of the child process that draws pictures."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from chatbot.documents.process import DocumentError
from chatbot.storage import Database, open_database


class Brush:
    """Draws a picture that is the description of its number, or fails."""

    def __init__(self) -> None:
        self.drawn: list[Mapping[str, Any]] = []
        self.fails = False

    async def __call__(self, described: Mapping[str, Any]) -> bytes:
        self.drawn.append(described)
        if self.fails:
            raise DocumentError("exit code 1")
        return "".join(described["figure"]).encode()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
def brush() -> Brush:
    return Brush()

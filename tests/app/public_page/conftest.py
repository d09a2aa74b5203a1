"""A brush in the place of the process that draws pictures."""

from collections.abc import Mapping
from typing import Any

import pytest

from chatbot.documents.process import DocumentError


class Brush:
    """Draws a picture that is its figure as text, or fails."""

    def __init__(self) -> None:
        self.drawn: list[Mapping[str, Any]] = []
        self.fails = False

    async def __call__(self, described: Mapping[str, Any]) -> bytes:
        self.drawn.append(described)
        if self.fails:
            raise DocumentError("exit code 1")
        return "".join(described["figure"]).encode()


@pytest.fixture
def brush() -> Brush:
    return Brush()

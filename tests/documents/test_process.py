"""The call of a child process refuses an answer that is not JSON, or too long."""

import pytest

from chatbot.documents import process


async def test_answer_that_is_no_json_is_refused() -> None:
    with pytest.raises(process.DocumentError, match="the answer is not JSON"):
        await process.call("this", {})  # this module prints the Zen of Python


async def test_answer_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LARGEST_ANSWER", 100)
    with pytest.raises(process.DocumentError, match="the answer has more than 100 bytes"):
        await process.call("this", {})

"""Moments are stored as texts that sort like them."""

from datetime import datetime, timedelta

import pytest

from chatbot.storage.engine import timestamps


def test_moments_sort_as_text_and_are_read_back(now: datetime) -> None:
    ascending = [now + timedelta(microseconds=nth * 333_333) for nth in range(8)]
    texts = [timestamps.to_text(moment) for moment in ascending]
    assert texts == sorted(texts)
    assert {len(text) for text in texts} == {27}
    assert [timestamps.from_text(text) for text in texts] == ascending
    with pytest.raises(ValueError, match="time zone"):
        timestamps.to_text(now.replace(tzinfo=None))

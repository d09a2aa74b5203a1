"""A review of few signatures."""

import pytest

from chatbot.petition.review import filter as conditions
from chatbot.storage.organizer.review import set_asides


@pytest.fixture
def small_review(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set few signatures aside, two at a time, and report exact numbers in signals.

    tests/attacks/test_who_signed.py tests the noise, and what small numbers may tell.
    """
    monkeypatch.setattr(set_asides, "AT_ONCE", 2)
    monkeypatch.setattr("chatbot.app.anomaly_watch.draw_noise", lambda: 0)
    monkeypatch.setattr(conditions, "FEW", 1)

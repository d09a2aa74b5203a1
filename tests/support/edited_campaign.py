"""Edits of a copy of the bundled campaign, and the problems they cause."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import CampaignError

LOCALES = Path(__file__).parents[2] / "locales"
Edit = Callable[[str, str, str], None]


def problems(directory: Path) -> tuple[str, ...]:
    with pytest.raises(CampaignError) as refusal:
        load_campaign(directory)
    assert str(refusal.value) == "\n".join(refusal.value.problems)
    assert all("\n" not in problem for problem in refusal.value.problems)
    return refusal.value.problems

"""Edits of a copy of the bundled campaign, and the problems they cause."""

from collections.abc import Callable
from pathlib import Path

from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import CampaignError

LOCALES = Path(__file__).parents[2] / "locales"
Edit = Callable[[str, str, str], None]


def problems(directory: Path) -> tuple[str, ...]:
    """Return what is wrong with a campaign: with one language, or with all of it."""
    try:
        campaign = load_campaign(directory)
    except CampaignError as refusal:
        found, text = refusal.problems, str(refusal)
    else:
        text = ""
        found = tuple(line for lines in campaign.mistakes.values() for line in lines)
        assert campaign.languages.keys() == campaign.words.keys() == campaign.listed.keys() - campaign.mistakes.keys()
    assert found
    assert text in {"", "\n".join(found)}
    assert all("\n" not in problem for problem in found)
    return found

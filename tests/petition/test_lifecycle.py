"""Milestones: the next one, and those that were reached."""

from dataclasses import replace

from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign


def test_milestone_of_the_team_precedes_those_of_the_files(campaign: Campaign) -> None:
    assert PetitionStatus().find_milestone(campaign, 178_921) == 180_000
    own = PetitionStatus(next_milestone=179_000)
    assert own.find_milestone(campaign, 178_921) == 179_000
    assert own.find_milestone(campaign, 179_000) == 180_000


def test_highest_passed_milestone_counts_once(campaign: Campaign) -> None:
    assert PetitionStatus().find_reached(campaign, 178_921) is None, "what was carried over is no news"
    assert PetitionStatus().find_reached(campaign, 179_999) is None
    assert PetitionStatus().find_reached(campaign, 250_001) == 250_000
    told = PetitionStatus(reached=250_000)
    assert told.find_reached(campaign, 199_999) is None
    assert told.find_reached(campaign, 250_001) is None
    assert PetitionStatus(next_milestone=179_000).find_reached(campaign, 179_001) == 179_000
    assert PetitionStatus(reached=1_000_000).find_reached(campaign, 3_000_000) == 3_000_000
    assert PetitionStatus().find_reached(replace(campaign, carried_over=0), 1) is None

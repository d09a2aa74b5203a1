"""What a petition works towards, and what it has reached."""

from dataclasses import replace

from chatbot.petition.course import Course
from chatbot.petition.model import Campaign


def test_what_the_team_set_comes_before_the_files_until_it_is_reached(campaign: Campaign) -> None:
    assert Course().find_milestone(campaign, 178_921) == 180_000
    own = Course(next_milestone=179_000)
    assert own.find_milestone(campaign, 178_921) == 179_000
    assert own.find_milestone(campaign, 179_000) == 180_000


def test_of_several_passed_at_once_the_highest_counts_and_each_only_once(campaign: Campaign) -> None:
    assert Course().find_reached(campaign, 178_921) is None, "what was carried over is no news"
    assert Course().find_reached(campaign, 179_999) is None
    assert Course().find_reached(campaign, 250_001) == 250_000
    told = Course(reached=250_000)
    assert told.find_reached(campaign, 199_999) is None
    assert told.find_reached(campaign, 250_001) is None
    assert Course(next_milestone=179_000).find_reached(campaign, 179_001) == 179_000
    assert Course(reached=1_000_000).find_reached(campaign, 3_000_000) == 3_000_000
    assert Course().find_reached(replace(campaign, carried_over=0), 1) is None

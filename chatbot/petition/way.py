"""The way to a signature and beyond: the steps that are counted, each person once at each."""

from typing import Final, Literal, get_args

Milestone = Literal["opened", "read", "began", "country", "reason", "check", "signed", "subscribed"]
"""They wrote to the bot, opened the appeal, began to sign, gave a name (and were asked for the country) …"""
MILESTONES: Final[tuple[Milestone, ...]] = get_args(Milestone)


def bit_of(milestone: Milestone) -> int:
    """The bit that stands for a step in `reached`."""
    return 1 << MILESTONES.index(milestone)


def read_reached(reached: int) -> tuple[Milestone, ...]:
    """The steps whose bits are set, in order."""
    return tuple(each for each in MILESTONES if reached & bit_of(each))

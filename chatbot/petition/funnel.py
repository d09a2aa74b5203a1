"""The way to a signature and beyond: the steps that are counted, each person once at each."""

from typing import Final, Literal, get_args

FunnelStep = Literal["opened", "read", "began", "country", "reason", "check", "signed", "subscribed"]
"""They wrote to the bot, opened the appeal, began to sign, gave a name (and were asked for the country) …"""
FUNNEL_STEPS: Final[tuple[FunnelStep, ...]] = get_args(FunnelStep)


def bit_of(milestone: FunnelStep) -> int:
    """The bit that stands for a step in `reached`."""
    return 1 << FUNNEL_STEPS.index(milestone)


def list_steps(reached: int) -> tuple[FunnelStep, ...]:
    """The steps whose bits are set, in order."""
    return tuple(each for each in FUNNEL_STEPS if reached & bit_of(each))

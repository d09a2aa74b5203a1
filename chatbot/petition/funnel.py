"""Funnel: the counted steps on the way to signing and beyond, once per person and step."""

from functools import lru_cache
from typing import Final, Literal, get_args

FunnelStep = Literal["opened", "read", "began", "country", "reason", "check", "signed", "subscribed"]
"""Wrote to the bot, opened the appeal, began to sign, gave a name (and was asked for the country), gave a country, saw
the check …"""
FUNNEL_STEPS: Final[tuple[FunnelStep, ...]] = get_args(FunnelStep)
_BITS: Final = {step: 1 << place for place, step in enumerate(FUNNEL_STEPS)}


def bit_of(step: FunnelStep) -> int:
    """Return the bit of a step in `supporters.funnel_steps`."""
    return _BITS[step]


@lru_cache(maxsize=1 << len(FUNNEL_STEPS))
def list_steps(bits: int) -> tuple[FunnelStep, ...]:
    """List the steps whose bits are set, in order."""
    return tuple(each for each in FUNNEL_STEPS if bits & bit_of(each))

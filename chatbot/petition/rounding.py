"""Counts that tell nobody of one person: below `FEW` they are "fewer than 20", above they go in steps of ten.

Whoever may ask about any signatures learns by two counts whether one account is among them. So what the team sees of
signatures by what they have in common (a country, a link, a day) is a round number; only the total, which is public,
is exact.
"""

from collections.abc import Mapping
from typing import Final

FEW: Final = 20
"""Fewer are not told apart, and from none neither."""
STEP: Final = 10


def round_down(count: int) -> int:
    """The number that may be shown and kept instead of `count`; 0 stands for fewer than `FEW`."""
    return 0 if count < FEW else count - count % STEP


def round_growth(now: int, before: int) -> int:
    """No more than a count grew since it was `before`, in steps that come only where `now` makes one.

    Else today, this week and this month would each make its steps at another signature, and most of them one.
    """
    return max(now // STEP * STEP - -(-before // STEP) * STEP, 0)


def round_up(count: int) -> int:
    """The number that is reckoned with instead of `count`, where what follows from it is seen."""
    return max(-(-count // STEP) * STEP, FEW)


def round_all(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts that may be shown, without those of few."""
    return {key: rounded for key, count in counts.items() if (rounded := round_down(count))}

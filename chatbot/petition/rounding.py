"""Rounded counts that reveal no single person: "fewer than 20" below `FEW`, steps of ten above.

A member who can count any selection of signatures could find out with two counts whether one account is among them.
So the team sees round numbers of signatures with something in common (a country, a link, a day); only the total,
which is public, is exact.
"""

from collections.abc import Mapping, Sequence
from typing import Final

FEW: Final = 20
"""Smaller counts, zero included, look the same."""
STEP: Final = 10
EXACT: Final = 100
"""Totals below this are shown as they are by messages that follow them."""


def round_down(count: int) -> int:
    """Round a count down before it is shown or stored; 0 means fewer than `FEW`."""
    return 0 if count < FEW else count - count % STEP


def round_growth(now: int, before: int) -> int:
    """Round the growth since `before` down, so that it changes only when the rounded `now` does.

    Otherwise today, this week and this month would each change at a different signature, and so reveal single ones.
    """
    return max(now // STEP * STEP - -(-before // STEP) * STEP, 0)


def round_up(count: int) -> int:
    """Round a count up for estimates whose results are shown."""
    return max(-(-count // STEP) * STEP, FEW)


def group_few(counts: Mapping[str, int]) -> list[list[str]]:
    """Split the keys into groups that count at least `FEW` each; one group, or none, if there are no two such groups.

    A key that counts so many is a group of its own. The others are the last group, filled up with the smallest of them:
    otherwise a difference from the total would tell what they count.
    """
    large = sorted((key for key in counts if counts[key] >= FEW), key=lambda key: -counts[key])
    others = [key for key in counts if 0 < counts[key] < FEW]
    while large and 0 < sum(counts[key] for key in others) < FEW:
        others.append(large.pop())
    groups = [[key] for key in counts if key in large]
    return [*groups, *([[key for key in counts if key in others]] if others else [])]


def round_all(counts: Mapping[str, int]) -> dict[str, int]:
    """Round all counts down and leave out those below `FEW`."""
    return {key: rounded for key, count in counts.items() if (rounded := round_down(count))}


def share_out(counts: Sequence[int]) -> list[int]:
    """Return the share of each count in whole percent, so that they add up to 100, by the largest remainders.

    Only a count that is the whole has 100 percent.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    shares = [count * 100 // total for count in counts]
    lacking = 100 - sum(shares)
    for nth in sorted(range(len(counts)), key=lambda nth: -(counts[nth] * 100 % total)):
        if lacking and shares[nth] < 99:
            shares[nth], lacking = shares[nth] + 1, lacking - 1
    return shares


def round_in_public(total: int) -> int:
    """Round the number of all supporters down to tens for messages that follow it; small totals stay as they are."""
    return total if is_exact_in_public(total) else total - total % STEP


def is_exact_in_public(total: int) -> bool:
    """Whether `round_in_public` leaves a total of this size as it is."""
    return total < EXACT

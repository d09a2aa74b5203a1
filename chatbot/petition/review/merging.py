"""Merges signals that mean the same signatures, and leaves out those that are set aside already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from chatbot.petition.review.detector import FEWEST
from chatbot.petition.review.filter import Signal

_SAME: Final = 0.9
"""Two signals mean the same signatures if they share this part of the larger one."""
_ORDER: Final = ("name", "source", "speed", "new")
"""What tells most about signatures comes first."""


@dataclass(frozen=True, slots=True)
class SignalGroup:
    """Signals that mean the same signatures. The first one is opened for all of them."""

    signals: tuple[Signal, ...]
    left: int
    """Blurred count of the signatures that no set-aside contains yet."""

    @property
    def first(self) -> Signal:
        """The signal that is opened."""
        return self.signals[0]


def merge(signals: Iterable[Signal], handled: Collection[int]) -> list[SignalGroup]:
    """Group the signals in their order. `handled` are the ids of those whose signatures are set aside.

    A signal most of whose signatures another set-aside contains is left out: fewer than `FEWEST` are left of it.
    """
    groups = [[signal] for signal in signals]
    # Those that share most come together first: a larger signal that holds them all takes none of them away.
    for one, other in sorted(combinations([group[0] for group in groups], 2), key=_share, reverse=True):
        first, second = (next(group for group in groups if each in group) for each in (one, other))
        if first is not second and all(_share(pair) >= _SAME for pair in product(first, second)):
            first += second
            groups.remove(second)
    found = []
    for group in groups:
        group.sort(key=lambda each: _ORDER.index(each.kind) if each.kind in _ORDER else len(_ORDER))
        if not any(each.id in handled for each in group):
            gone = max((count for other, count in group[0].overlaps.items() if other in handled), default=0)
            if not gone or group[0].value - gone >= FEWEST:
                found.append(SignalGroup(tuple(group), max(group[0].value - gone, 0)))
    return found


def _share(pair: tuple[Signal, Signal]) -> float:
    """Return the part of the larger of two signals that both mean."""
    one, other = pair
    return one.overlaps.get(other.id, 0) / max(one.value, other.value, 1)

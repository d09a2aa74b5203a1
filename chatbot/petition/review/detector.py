"""What is unusual among new signatures: counted by what they have in common, against what this petition usually has."""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sqrt
from secrets import randbits
from typing import Final, Literal

from chatbot.petition.review.filter import ID_BLOCK, Reviewed, ReviewFilter, hash_name
from chatbot.petition.rounding import FEW
from chatbot.petition.sealing.envelope import is_sealed

SignalKind = Literal["source", "name", "speed", "new"]
Key = tuple[SignalKind, str]

WINDOW: Final = timedelta(minutes=10)
"""What is usual is said for so long a time."""
FEWEST: Final = 20
"""Fewer are nothing to call anybody for."""
FEWEST_SAME_NAMES: Final = 10
SAME_NAME_SHARE: Final = 0.1
"""No name in the world is that of so large a share of people who sign."""
TIMES: Final = 4
FASTEST: Final = 6
"""Seconds: less from the first question to the signature, four screens later, is faster than a person reads."""
NEAR: Final = 50
"""A new account is one of the last fiftieth of all ids up to the highest that `FEW` here have."""
_MEMORY: Final = 1 / 36
"""How much of what is usual is learned from one window: it remembers about six hours."""
_LEAST: Final = 0.02
"""In one window, once in eight hours. What is rarer is not remembered: anybody may make up links.

It is kept in thousandths, where less than 0.018 would be rounded to itself again and again.
"""


@dataclass(frozen=True, slots=True)
class Detection:
    """What one look at the new signatures has counted."""

    since: datetime
    before: datetime
    frontier: int
    """The highest Telegram id of which `FEW` and more were seen so far, rounded down; 0 while nobody knows it."""
    total: int = 0
    counts: Mapping[Key, int] | None = None
    first: datetime | None = None
    """Since when its signatures were signed: `since`, unless a clock was put back."""
    last: datetime | None = None
    newest: tuple[int, ...] = ()
    """The `FEW` highest ids seen so far, rounded down, the highest first. `frontier` is the last of them.

    One account alone does not move what counts as new: it may be the only one of its age, and a flood that is new or
    not because of it would tell that it has signed.
    """

    @property
    def windows(self) -> float:
        """How many windows long it is, at least one."""
        return max((self.before - self.since) / WINDOW, 1.0)

    def add(self, signatures: Iterable[Reviewed]) -> "Detection":
        """Count some more."""
        counts, total, frontier = Counter(self.counts or {}), self.total, self.frontier
        newest = list(self.newest or ([frontier] * FEW if frontier else []))[::-1]
        since, before = self.first or self.since, self.last or self.before
        for each in signatures:
            total += 1
            # Whatever the clock did, those whom a burst is about signed between the two. They are full minutes:
            # to the microsecond they would be the moment of one person.
            minute = each.signed_at.replace(second=0, microsecond=0)
            since = min(since, minute) if each.signed_at < since else since
            before = minute + timedelta(minutes=1) if each.signed_at >= before else before
            counts["source", each.counted_as] += 1
            if not is_sealed(each.name):
                counts["name", hash_name(each.name)] += 1
            if each.seconds is not None and each.seconds < FASTEST:
                counts["speed", ""] += 1
            # Whoever comes first of all is not new: nobody knows yet what new is.
            if self.frontier and each.supporter_id >= find_first_new_id(frontier):
                counts["new", ""] += 1
            # In round numbers: the newest of all is somebody, who may want to be forgotten.
            insort(newest, each.supporter_id - each.supporter_id % ID_BLOCK)
            del newest[:-FEW]
            frontier = newest[0] if len(newest) == FEW else 0
        kept = tuple(reversed(newest))
        return replace(self, counts=counts, total=total, frontier=frontier, first=since, last=before, newest=kept)

    def blur(self, noise: Callable[[], int]) -> "Detection":
        """Count a few more or fewer: whoever sends nineteen signatures is not to learn whether there is a twentieth.

        Each look is blurred once, and all that is shown of it comes from there.
        """
        counts = {key: max(count + noise(), 0) for key, count in (self.counts or {}).items()}
        return replace(self, counts=counts, total=max(self.total + noise(), 0))

    def find_signals(self, usual: Mapping[Key, float]) -> list[tuple[Key, int, float]]:
        """What came much more often than `usual` (for one window): what, how often, and how often would be usual."""
        found = []
        for key, count in sorted((self.counts or {}).items()):
            expected = usual.get(key, 0.0) * self.windows
            if is_frequent_name(count, self.total) if key[0] == "name" else is_unusual(count, expected):
                found.append((key, count, expected))
        return found

    def learn(self, usual: Mapping[Key, float]) -> dict[Key, float]:
        """What is usual after this look; names are not remembered."""
        counts = {key: count / self.windows for key, count in (self.counts or {}).items() if key[0] != "name"}
        keep = (1 - _MEMORY) ** self.windows
        learned = {}
        for key in usual.keys() | counts.keys():
            before = usual.get(key, 0.0)
            # A burst is not usual because it happened once.
            seen = min(counts.get(key, 0.0), before * TIMES + FEWEST)
            learned[key] = before * keep + seen * (1 - keep)
        return {key: value for key, value in learned.items() if value >= _LEAST}

    def make_filter(self, key: Key) -> ReviewFilter:
        """The signatures that a burst is about."""
        kind, subject = key
        whole = ReviewFilter(self.first or self.since, self.last or self.before)
        match kind:
            case "source":
                return replace(whole, source=subject)
            case "name":
                return replace(whole, name=subject)
            case "speed":
                return replace(whole, faster_than=FASTEST)
            case "new":
                return replace(whole, ids_from=find_first_new_id(self.frontier))


def is_unusual(count: int, usual: float) -> bool:
    """Whether so many are unusual."""
    return count >= FEWEST and count > TIMES * usual + 3 * sqrt(usual)


def is_frequent_name(count: int, total: int) -> bool:
    """Whether so many of `total` with one and the same name are unusual."""
    return count >= FEWEST_SAME_NAMES and count > SAME_NAME_SHARE * total


def find_first_new_id(frontier: int) -> int:
    """The first Telegram id that counts as new, at the beginning of a block."""
    first = frontier - frontier // NEAR
    return first - first % ID_BLOCK


def draw_noise() -> int:
    """Noise around zero: with it no number is more than twice as likely for one person more or less.

    As many as coins fall on one side before the first on the other, less as many once more. It is rarely above ten.
    """
    return _count_tosses() - _count_tosses()


def _count_tosses() -> int:
    count = 0
    while randbits(1):
        count += 1
    return count

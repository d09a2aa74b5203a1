"""Detects unusual signatures: counts what new ones have in common and compares it with the usual rates."""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations
from math import sqrt
from secrets import randbits
from typing import Final, Literal

from chatbot.petition.review.filter import ID_BLOCK, Reviewed, ReviewFilter, hash_name
from chatbot.petition.rounding import FEW
from chatbot.petition.sealing.envelope import is_sealed

SignalKind = Literal["source", "name", "speed", "new"]
Key = tuple[SignalKind, str]

WINDOW: Final = timedelta(minutes=10)
"""Usual counts are stored per window of this length."""
FEWEST: Final = 20
"""Smaller counts raise no signal."""
FEWEST_SAME_NAMES: Final = 10
SAME_NAME_SHARE: Final = 0.1
"""No name in the world is shared by so many of the people who sign."""
TIMES: Final = 4
FASTEST: Final = 6
"""Seconds from the first question to the signature, four screens later. Less is faster than a person reads."""
NEAR: Final = 50
"""An account is new if its id is in the last fiftieth below the frontier (see `Detection.frontier`)."""
_COMPARED: Final = 12
"""Signals of one run whose signatures are compared with each other."""
_MEMORY: Final = 1 / 36
"""Weight of one window in the usual counts, which so cover about six hours."""
_LEAST: Final = 0.02
"""Smallest usual count: once in eight hours. Rarer ones are not stored, because anybody can make up links.

Counts are stored in thousandths, where rounding would keep any below 0.018 from ever shrinking.
"""


@dataclass(frozen=True, slots=True)
class Detection:
    """Counts of one run over the new signatures."""

    since: datetime
    before: datetime
    frontier: int
    """The `FEW`th highest Telegram id seen so far, rounded down; 0 while it is unknown."""
    total: int = 0
    counts: Mapping[Key, int] | None = None
    first: datetime | None = None
    """Moment of the oldest signature: `since`, unless a clock was set back."""
    last: datetime | None = None
    overlaps: Mapping[tuple[Key, Key], int] = field(default_factory=dict)
    """How many signatures two signals share."""
    newest: tuple[int, ...] = ()
    """The `FEW` highest ids seen so far, rounded down, the highest first. `frontier` is the last of them.

    A single account does not move the frontier: it may be the only one of its age, and a signal that depends on it
    would reveal that it has signed.
    """

    @property
    def windows(self) -> float:
        """Length of the run in windows, at least one."""
        return max((self.before - self.since) / WINDOW, 1.0)

    def add(self, signatures: Iterable[Reviewed]) -> "Detection":
        """Return the counts with more signatures."""
        counts, total, frontier = Counter(self.counts or {}), self.total, self.frontier
        newest = list(self.newest or ([frontier] * FEW if frontier else []))[::-1]
        since, before = self.first or self.since, self.last or self.before
        for each in signatures:
            total += 1
            # The signatures of a signal lie between these two, whatever the clock did. Both are full minutes:
            # with microseconds they would be the moment of one person.
            minute = each.signed_at.replace(second=0, microsecond=0)
            since = min(since, minute) if each.signed_at < since else since
            before = minute + timedelta(minutes=1) if each.signed_at >= before else before
            counts["source", each.counted_as] += 1
            if not is_sealed(each.name):
                counts["name", hash_name(each.name)] += 1
            if each.seconds is not None and each.seconds < FASTEST:
                counts["speed", ""] += 1
            # The first accounts are not new: without a frontier, no id is.
            if self.frontier and each.supporter_id >= find_first_new_id(frontier):
                counts["new", ""] += 1
            # Rounded, because the highest id belongs to a person who may ask to be erased.
            insort(newest, each.supporter_id - each.supporter_id % ID_BLOCK)
            del newest[:-FEW]
            frontier = newest[0] if len(newest) == FEW else 0
        kept = tuple(reversed(newest))
        return replace(self, counts=counts, total=total, frontier=frontier, first=since, last=before, newest=kept)

    def blur(self, noise: Callable[[], int]) -> "Detection":
        """Add noise to the counts: the sender of nineteen signatures must not learn whether there is a twentieth.

        Each run is blurred once, and all that is shown of it comes from the blurred counts.
        """
        counts = {key: max(count + noise(), 0) for key, count in (self.counts or {}).items()}
        return replace(self, counts=counts, total=max(self.total + noise(), 0))

    def find_signals(self, usual: Mapping[Key, float]) -> list[tuple[Key, int, float]]:
        """List what is much more frequent than `usual` (per window): key, count and usual count."""
        found = []
        for key, count in sorted((self.counts or {}).items()):
            expected = usual.get(key, 0.0) * self.windows
            if is_frequent_name(count, self.total) if key[0] == "name" else is_unusual(count, expected):
                found.append((key, count, expected))
        return found

    def list_compared(self, usual: Mapping[Key, float]) -> list[Key]:
        """List the signals whose signatures are compared: the largest ones, if there are several."""
        found = sorted(self.find_signals(usual), key=lambda each: -each[1])[:_COMPARED]
        return [key for key, _count, _expected in found] if len(found) > 1 else []

    def compare(self, keys: Iterable[Key], signatures: Iterable[Reviewed]) -> "Detection":
        """Count which of the signatures two signals share. Blur the counts before they are stored."""
        filters, overlaps = {key: self.make_filter(key) for key in keys}, Counter(self.overlaps)
        for each in signatures:
            overlaps.update(combinations([key for key, one in filters.items() if one.fits(each)], 2))
        return replace(self, overlaps=overlaps)

    def blur_overlaps(self, noise: Callable[[], int]) -> "Detection":
        """Add noise to the counts of shared signatures."""
        return replace(self, overlaps={pair: max(count + noise(), 0) for pair, count in self.overlaps.items()})

    def learn(self, usual: Mapping[Key, float]) -> dict[Key, float]:
        """Return the usual counts after this run; names are not stored."""
        counts = {key: count / self.windows for key, count in (self.counts or {}).items() if key[0] != "name"}
        keep = (1 - _MEMORY) ** self.windows
        learned = {}
        for key in usual.keys() | counts.keys():
            before = usual.get(key, 0.0)
            # One flood does not make floods usual.
            seen = min(counts.get(key, 0.0), before * TIMES + FEWEST)
            learned[key] = before * keep + seen * (1 - keep)
        return {key: value for key, value in learned.items() if value >= _LEAST}

    def make_filter(self, key: Key) -> ReviewFilter:
        """Return the filter for the signatures of a signal."""
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
    """Whether a count is well above the usual one, and beyond what chance explains."""
    return count >= FEWEST and count > TIMES * usual + 3 * sqrt(usual)


def is_frequent_name(count: int, total: int) -> bool:
    """Whether `count` of `total` signatures with the same name are unusual."""
    return count >= FEWEST_SAME_NAMES and count > SAME_NAME_SHARE * total


def find_first_new_id(frontier: int) -> int:
    """Return the first Telegram id that counts as new: the start of a block."""
    first = frontier - frontier // NEAR
    return first - first % ID_BLOCK


def draw_noise() -> int:
    """Draw noise around zero: with it, one person more or less makes no result more than twice as likely.

    It is the difference of two geometric numbers (coin tosses before the first tails), and rarely above ten.
    """
    return _count_tosses() - _count_tosses()


def _count_tosses() -> int:
    count = 0
    while randbits(1):
        count += 1
    return count

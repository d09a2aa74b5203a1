"""Review of signatures: filters, signals and set-asides."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol, Self

from chatbot.petition.rounding import FEW, round_down

SetAsideState = Literal["asked", "counted", "running", "done", "cancelled", "restoring", "restored"]
"""asked (being counted) ─▶ counted ─▶ running ─▶ done or cancelled ─▶ restoring ─▶ restored."""
Conditions = dict[str, str | int]
ID_BLOCK: Final = 10_000_000
"""Telegram ids are filtered in blocks of this size. With single ids, halving the range would find one account."""
_HASH_BYTES: Final = 16


class Reviewed(Protocol):
    """The facts of a signature that filters use."""

    @property
    def supporter_id(self) -> int:
        """Telegram id of the account."""

    @property
    def number(self) -> int:
        """The number of the supporter."""

    @property
    def name(self) -> str:
        """The name as stored, possibly sealed."""

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""

    @property
    def counted_as(self) -> str:
        """The source that it counts for."""

    @property
    def signed_at(self) -> datetime:
        """When the person signed."""

    @property
    def seconds(self) -> int | None:
        """Seconds from the first question to the signature; None if not measured."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Conditions on signatures; those that are None do not apply."""

    since: datetime | None = None
    before: datetime | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    source: str | None = None
    """The source that they count for."""
    name: str | None = None
    """`hash_name` of their common name, so that the filter reveals no name."""
    faster_than: int | None = None
    """Seconds from the first question to the signature."""
    ids_from: int | None = None
    """Accounts from this id on, which are new because Telegram ids grow. The start of an `ID_BLOCK`."""
    number: int | None = None
    """The number of one signature. 0 once that signature is withdrawn."""

    def fits(self, signature: Reviewed) -> bool:
        """Whether a signature meets all conditions."""
        return (
            (self.since is None or signature.signed_at >= self.since)
            and (self.before is None or signature.signed_at < self.before)
            and (self.country is None or signature.country == self.country)
            and (self.source is None or signature.counted_as == self.source)
            and (self.faster_than is None or (signature.seconds is not None and signature.seconds < self.faster_than))
            and (self.ids_from is None or signature.supporter_id >= self.ids_from)
            and (self.number is None or signature.number == self.number)
            and (self.name is None or hash_name(signature.name) == self.name)
        )

    def to_mapping(self) -> Conditions:
        """Return the conditions for storage, without those that are None."""
        moments = {"since": self.since, "before": self.before}
        kept = {
            "country": self.country,
            "source": self.source,
            "name": self.name,
            "faster_than": self.faster_than,
            "ids_from": self.ids_from,
            "number": self.number,
        }
        written: Conditions = {name: moment.isoformat() for name, moment in moments.items() if moment is not None}
        return written | {name: value for name, value in kept.items() if value is not None}

    @classmethod
    def from_mapping(cls, kept: Conditions) -> Self:
        """Read what `to_mapping` wrote."""
        moments = {name: datetime.fromisoformat(str(kept[name])) for name in ("since", "before") if name in kept}
        others = {name: value for name, value in kept.items() if name not in moments}
        return cls(**moments, **others)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A set-aside, from the request on."""

    id: int
    made_by: int
    review_filter: ReviewFilter
    last_number: int
    reason: str | None
    made_at: datetime
    state: SetAsideState
    found: int | None
    """Number of matching signatures, counted before the confirmation."""
    done: int
    """Number set aside so far; while restoring, number still set aside."""
    searched_to: int
    total_before: int | None
    example: int | None = None
    """The number of one of the counted signatures."""

    @property
    def told_count(self) -> dict[str, int | bool]:
        """Details of a notice: how many are set aside, rounded down unless it is about one signature."""
        is_one = self.review_filter.number is not None
        return {"count": self.done if is_one else round_down(self.done), "one": is_one}

    def can_be_set_aside(self, seen: int | None, *, is_owner: bool) -> bool:
        """Whether there are enough signatures. `seen` is the count of the signal, None without a signal.

        The public total falls by their number, so a few would reveal a single person. An owner can always set aside
        signatures of the same name, or a single one by its number, because owners can read both in an export.
        """
        if self.review_filter.number is not None:
            return is_owner
        if is_owner and self.review_filter.name:
            return True
        if seen is None:
            return is_owner and (self.found or 0) >= FEW
        return seen >= FEW


@dataclass(frozen=True, slots=True)
class Signal:
    """Unusual signatures that were reported to organizers."""

    id: int
    kind: str
    review_filter: ReviewFilter
    value: int
    """Blurred count of signatures."""
    usual: float
    """Usual count for the same time."""
    found_at: datetime
    overlaps: Mapping[int, int] = field(default_factory=dict)
    """By the id of another signal of the same run: the blurred count of the signatures that both mean."""


def hash_name(name: str) -> str:
    """Hash a stored name, ignoring case."""
    return hashlib.blake2b(name.casefold().encode(), digest_size=_HASH_BYTES).hexdigest()

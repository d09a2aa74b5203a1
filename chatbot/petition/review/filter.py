"""Doubts about signatures: the conditions by which some are chosen, and how setting them aside stands."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, Self

from chatbot.petition.rounding import FEW

SetAsideState = Literal["asked", "counted", "running", "done", "cancelled", "restoring", "restored"]
"""asked (being counted) ─▶ counted ─▶ running ─▶ done, or cancelled by somebody ─▶ restoring ─▶ restored."""
Conditions = dict[str, str | int]
ID_BLOCK: Final = 10_000_000
"""Telegram's ids are told apart by so many, or whoever chooses by them finds one account by halving."""
_HASH_BYTES: Final = 16


class Reviewed(Protocol):
    """What a signature is chosen by."""

    @property
    def supporter_id(self) -> int:
        """Telegram's id of the account."""

    @property
    def name(self) -> str:
        """As it is kept."""

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""

    @property
    def counted_as(self) -> str:
        """What their source counts as."""

    @property
    def signed_at(self) -> datetime:
        """When it was signed."""

    @property
    def seconds(self) -> int | None:
        """How long they took from the first question; None where that was not measured."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which signatures are meant: those that fit everything that is not None."""

    since: datetime | None = None
    before: datetime | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2."""
    source: str | None = None
    """What their source counts as."""
    name: str | None = None
    """`hash_name` of the name that they all have: who looks at this learns nobody's name."""
    faster_than: int | None = None
    """Seconds from the first question to the signature."""
    ids_from: int | None = None
    """Telegram's ids rise with time: the accounts from this one on are new. The beginning of an `ID_BLOCK`."""

    def fits(self, signature: Reviewed) -> bool:
        """Whether a signature is meant."""
        return (
            (self.since is None or signature.signed_at >= self.since)
            and (self.before is None or signature.signed_at < self.before)
            and (self.country is None or signature.country == self.country)
            and (self.source is None or signature.counted_as == self.source)
            and (self.faster_than is None or (signature.seconds is not None and signature.seconds < self.faster_than))
            and (self.ids_from is None or signature.supporter_id >= self.ids_from)
            and (self.name is None or hash_name(signature.name) == self.name)
        )

    def to_mapping(self) -> Conditions:
        """The conditions as they are kept, without those that are None."""
        moments = {"since": self.since, "before": self.before}
        kept = {
            "country": self.country,
            "source": self.source,
            "name": self.name,
            "faster_than": self.faster_than,
            "ids_from": self.ids_from,
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
    """One time that signatures are set aside, from the question on."""

    id: int
    made_by: int
    review_filter: ReviewFilter
    last_number: int
    reason: str | None
    made_at: datetime
    state: SetAsideState
    found: int | None
    """How many it would be, counted before."""
    done: int
    """How many it was, or is so far; on the way back, how many do not count yet."""
    searched_to: int
    total_before: int | None

    def can_be_set_aside(self, seen: int | None, *, is_owner: bool) -> bool:
        """Whether these are enough; `seen` is how many a signal pointed out, None where it was none.

        The total, which is public, falls by as many: so few would tell of one person. An owner can do it all the same
        for one and the same name, which they have read where they took out names.
        """
        if is_owner and self.review_filter.name:
            return True
        if seen is None:
            return is_owner and (self.found or 0) >= FEW
        return seen >= FEW


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that was pointed out to organizers."""

    id: int
    kind: str
    review_filter: ReviewFilter
    value: int
    """How many came."""
    usual: float
    """How many usually come in such a time."""
    found_at: datetime


def hash_name(name: str) -> str:
    """Stands for a name as it is kept, however it is capitalised."""
    return hashlib.blake2b(name.casefold().encode(), digest_size=_HASH_BYTES).hexdigest()

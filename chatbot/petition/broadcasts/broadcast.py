"""A broadcast: one update on its way to every subscriber, from the first word to the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from chatbot.petition.broadcasts.post import Post
from chatbot.petition.model import LANGUAGES, Language

BroadcastKind = Literal["update", "correction", "recall"]
"""An update is sent; a correction changes one that was sent, in every chat; a recall deletes it there."""
Reach = Literal["readers", "everyone"]
"""Who gets an update written in one language only: its readers, or the readers of the other one as well."""
BroadcastEnding = Literal["done", "cancelled", "content", "strangers"]
"""Why a broadcast ended: everybody was tried; an organizer cancelled it; Telegram refused its content; too many
recipients do not exist (a foreign database or the token of another bot)."""

LATEST: Final = timedelta(hours=1)
"""A schedule that comes due later than this (the bot was down) asks before it goes out."""


class BroadcastState(StrEnum):
    """Where a broadcast is. `LATE` waits for an organizer's word because its hour passed while the bot was down."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LATE = "late"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Audience:
    """Which subscribers: readers of one language or all; signers of some countries (ISO 3166-1 alpha-2) or all."""

    language: Language | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast as it stands. All moments are aware."""

    id: int
    kind: BroadcastKind
    of_id: int | None
    """The update that a correction or recall is about."""
    organizer_id: int
    """Who wrote it, and from its start who started it: they see the progress."""
    audience: Audience
    reach: Reach
    silent: bool
    revision: int
    """Grows with every edit, so that a button sends only what was shown with it."""
    created_at: datetime
    scheduled_for: datetime | None = None
    late_at: datetime | None = None
    started_at: datetime | None = None
    gathered_at: datetime | None = None
    """When its audience was complete; nobody is told anything before."""
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    ending: BroadcastEnding | None = None
    refusal: str | None = None
    """What Telegram said, where it refused the content."""
    recalled_at: datetime | None = None
    renews: str | None = None
    """Set for a notice to those who signed another wording than this one of the appeal, subscribed or not."""
    progress_message_id: int | None = None
    """The message in the organizer's chat that shows the progress."""
    reported_at: datetime | None = None
    posts: Mapping[Language, Post] = field(default_factory=dict)

    @property
    def state(self) -> BroadcastState:
        """Where it is."""
        if self.ended_at is not None:
            return BroadcastState.ENDED
        if self.started_at is not None:
            return BroadcastState.PAUSED if self.paused_at is not None else BroadcastState.RUNNING
        if self.late_at is not None:
            return BroadcastState.LATE
        return BroadcastState.SCHEDULED if self.scheduled_for is not None else BroadcastState.DRAFT

    def choose_language(self, reader: Language) -> Language | None:
        """The language in which a reader of `reader` gets it; None where they do not."""
        if self.audience.language not in (None, reader):
            return None
        if reader in self.posts:
            return reader
        return next(iter(self.posts), None) if self.reach == "everyone" else None

    def recipients(self, readers: Mapping[Language, int]) -> dict[Language, int]:
        """How many people get it in each language it is written in, of so many `readers` of each."""
        counts = dict.fromkeys(self.posts, 0)
        for reader, count in readers.items():
            if language := self.choose_language(reader):
                counts[language] += count
        return counts

    @property
    def is_by_signature(self) -> bool:
        """Whether it goes to people because of what they signed: how many they are is nobody's to learn, see `few`."""
        return bool(self.audience.countries) or self.renews is not None

    @property
    def is_complete(self) -> bool:
        """Whether there is something to send. (A recall needs no words.)"""
        return self.kind == "recall" or bool(self.posts)

    @property
    def missing(self) -> tuple[Language, ...]:
        """The languages that have no post yet."""
        return tuple(language for language in LANGUAGES if language not in self.posts)


@dataclass(frozen=True, slots=True)
class Tally:
    """How a broadcast stands: people by the language they get it in, by what became of it, and by the reason."""

    audience: Mapping[Language, int]
    outcomes: Mapping[tuple[Language, str, str], int]
    """By (language, outcome, reason); the outcomes are sent, gone, failed, unknown and skipped."""

    @property
    def total(self) -> int:
        """How many people were to get it."""
        return sum(self.audience.values())

    def count(self, outcome: str, language: Language | None = None) -> int:
        """How many had this outcome, for every reason, in one language or in all."""
        return sum(
            count
            for (spoken, each, _), count in self.outcomes.items()
            if each == outcome and language in (None, spoken)
        )

    @property
    def left(self) -> int:
        """How many have had no outcome yet."""
        return self.total - sum(self.outcomes.values())


def list_unheard_languages(broadcast: Broadcast, tally: Tally) -> list[Language]:
    """The languages in which nobody has an update that ended, because it was taken back, or stopped before.

    Its words may be sent anew in these without anybody getting them twice.
    """
    if broadcast.ended_at is None or broadcast.kind != "update":
        return []
    if broadcast.recalled_at is not None:
        return list(broadcast.posts)
    if broadcast.ending == "done":
        return []
    return [each for each in broadcast.posts if not tally.count("sent", each) + tally.count("unknown", each)]

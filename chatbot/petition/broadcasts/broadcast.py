"""Broadcast: a campaign message to subscribers, from its draft to the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, get_args

from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.post import MOST_BUTTONS, Post, ReadyButton
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language, find_nearest
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import FEW

BroadcastKind = Literal["update", "addition", "correction", "recall"]
"""`update` is a new message; an addition sends one that was sent in another language, to readers who have not got it; a
correction edits it in every chat; a recall deletes it there."""
Reach = Literal["readers", "everyone"]
"""Recipients of a broadcast that is not written in every language: the readers of its languages, or all readers."""
REACHES: Final[tuple[Reach, ...]] = get_args(Reach)
BroadcastEnding = Literal["done", "cancelled", "content", "strangers", "replaced"]
"""Why a broadcast ended: every delivery was tried; an organizer cancelled it; Telegram refused its content; too many
recipients do not exist (a foreign database or the token of another bot); a later correction or a recall came."""

SteeringAct = Literal["started", "paused", "resumed", "cancelled", "again", "recalled", "woke"]
"""What members do with a broadcast that was started."""
FollowedKind = Literal["progress", "approval"]
"""What a followed message shows: the progress of a broadcast, or the request to approve it."""

LATEST: Final = timedelta(hours=1)
"""A scheduled broadcast that is later than this (the bot was down) needs confirmation."""


class BroadcastState(StrEnum):
    """State of a broadcast. `LATE` waits for an organizer because its time passed while the bot was down."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LATE = "late"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Steering:
    """What a member of the team did with a broadcast, and when."""

    act: SteeringAct
    name: str
    """The member's name; empty if it was erased."""
    at: datetime


@dataclass(frozen=True, slots=True)
class FollowedMessage:
    """A message in a member's chat that changes with a broadcast."""

    broadcast_id: int
    member_id: int
    message_id: int
    shows: FollowedKind
    revision: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Filter of subscribers: readers of one language or all; signers of some countries (ISO 3166-1 alpha-2) or all."""

    language: Language | None = None
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A broadcast and its state. All moments are aware."""

    id: int
    kind: BroadcastKind
    of_id: int | None
    """The broadcast that an addition, correction or recall is about."""
    organizer_id: int
    """Its author until it starts, then the organizer who started it and sees its progress."""
    audience: Audience
    reach: Reach
    silent: bool
    revision: int
    """Grows with every edit: a button sends only the revision it was shown with."""
    created_at: datetime
    scheduled_for: datetime | None = None
    late_at: datetime | None = None
    started_at: datetime | None = None
    gathered_at: datetime | None = None
    """When all deliveries were written. Sending starts after that."""
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    ending: BroadcastEnding | None = None
    refusal: str | None = None
    """Telegram's error, if it refused the content."""
    recalled_at: datetime | None = None
    """When its recall began. `Recall` tells whether somebody still has it."""
    urgent_at: datetime | None = None
    """Since when it does not wait for the readers' morning."""
    ready_buttons: tuple[ReadyButton, ...] = ()
    """Buttons below every copy that work for each reader, in their language and state."""
    picture_alone: bool = False
    """Whether the organizer decided that a picture stays in one language only."""
    renews: str | None = None
    """For a notice to people who signed another version of the appeal, subscribed or not: the new version."""
    had_already: int = 0
    """For a copy of a broadcast that was sent: how many people had that one when it was copied."""
    keepers: int = 0
    """For a copy of what was deleted: how many people, out of reach then, may keep that."""
    copied_from: int | None = None
    """For a copy: the broadcast whose posts it began with; for the copy of a copy, the first of them."""
    last_hour: datetime | None = None
    """For a draft that was scheduled: the time before it was taken off the schedule."""
    progress_message_id: int | None = None
    reported_at: datetime | None = None
    steered: Steering | None = None
    """What was done with it last, since it started."""
    posts: Mapping[Language, Post] = field(default_factory=dict)
    places: tuple[PlaceDelivery, ...] = ()
    """What becomes of it in the places it goes to as well. They are not counted as people, and have no quiet hours."""
    place_codes: tuple[str, ...] = ()
    """The places that were chosen; for a correction or recall, those of what it is about."""
    places_gathered_at: datetime | None = None

    @property
    def state(self) -> BroadcastState:
        """The state that follows from the moments."""
        if self.ended_at is not None:
            return BroadcastState.ENDED
        if self.started_at is not None:
            return BroadcastState.PAUSED if self.paused_at is not None else BroadcastState.RUNNING
        if self.late_at is not None:
            return BroadcastState.LATE
        return BroadcastState.SCHEDULED if self.scheduled_for is not None else BroadcastState.DRAFT

    def choose_language(self, reader: Language, campaign: Campaign) -> Language | None:
        """Return the language of the post for a reader of `reader`; None if they get none.

        Without a post in their language they get that of its fallback, or any post, if the broadcast is for everyone.
        """
        spoken = campaign.find_offered(reader)
        if self.audience.language not in (None, reader, spoken):
            return None
        own = next((each for each in (reader, spoken) if each in self.posts), None)
        return own or (find_nearest(reader, self.posts, campaign.listed) if self.reach == "everyone" else None)

    def count_recipients(self, readers: Mapping[Language, int], campaign: Campaign) -> dict[Language, int]:
        """Count the recipients of each post from the number of `readers` of each language."""
        counts = dict.fromkeys(self.list_written(campaign), 0)
        for reader, count in readers.items():
            if language := self.choose_language(reader, campaign):
                counts[language] += count
        return counts

    def list_written(self, campaign: Campaign) -> list[Language]:
        """List the languages with a post, in the campaign's order, those that are not offered any more at the end."""
        order = dict.fromkeys((*campaign.languages, *campaign.listed, *self.posts))
        return [each for each in order if each in self.posts]

    def list_missing(self, campaign: Campaign) -> list[Language]:
        """List the campaign's languages without a post."""
        return [each for each in campaign.languages if each not in self.posts]

    def takes_languages(self, tally: Tally) -> bool:
        """Whether posts in other languages can be added: it went out to its end and was not recalled.

        Not if few people got it because of their signatures: how it ended would tell about them. A notice about the
        appeal takes none, because a second notice reaches those who had none.
        """
        is_over = self.ending == "done" and self.recalled_at is None
        return is_over and self.kind == "update" and self.renews is None and not self.hides_outcomes(tally)

    def hides_outcomes(self, tally: Tally) -> bool:
        """Whether outcomes could reveal that a certain person signed."""
        return self.is_by_signature and tally.total < FEW

    @property
    def contents(self) -> tuple[Mapping[Language, Post], tuple[ReadyButton, ...]]:
        """What people get: the posts, and the ready-made buttons below them."""
        return self.posts, self.ready_buttons

    @property
    def has_room_for_button(self) -> bool:
        """Whether one more button fits below it."""
        return len(self.ready_buttons) + any(post.button for post in self.posts.values()) < MOST_BUTTONS

    @property
    def lone_picture(self) -> Language | None:
        """The language of the only picture or file, if other posts have none and nobody decided on that."""
        with_media = [language for language, post in self.posts.items() if post.media]
        pictures = {self.posts[each].media for each in with_media}
        is_lone = len(pictures) == 1 and len(with_media) < len(self.posts) and not self.picture_alone
        return with_media[0] if is_lone and self.kind == "update" else None

    @property
    def is_by_signature(self) -> bool:
        """Whether recipients are chosen by their signatures. Their exact number must stay unknown, see `rounding`."""
        return bool(self.audience.countries) or self.renews is not None

    @property
    def keeps_quiet_hours(self) -> bool:
        """Whether it waits for the readers' morning. Corrections and recalls are silent, and go at once."""
        return self.would_keep_quiet_hours and self.urgent_at is None

    @property
    def would_keep_quiet_hours(self) -> bool:
        """Whether it would wait for the readers' morning if it was not urgent."""
        return self.kind in ("update", "addition")

    def has_reached_all(self, tally: Tally, before: datetime | None = None) -> bool:
        """Whether everybody in its audience was written to; with a moment, surely before that.

        While some wait, for their morning or because it was stopped, how many have it tells for whom it is night.
        """
        is_told = self.gathered_at is not None and not tally.left
        return is_told and (before is None or (self.ended_at is not None and self.ended_at <= before))

    def tells_nights(self, tally: Tally) -> bool:
        """Whether exact counts would tell for whom it is night: not all have it, or had what it changes."""
        return not self.has_reached_all(tally) if self.would_keep_quiet_hours else tally.is_partial

    def count_reached(self, tally: Tally) -> dict[Language, int]:
        """Count, by language, those who have it; at most, once somebody has it, or may have it, and not all do."""
        sent = {each: tally.count("sent", each) for each in tally.audience}
        return dict(tally.audience) if tally.held and not self.has_reached_all(tally) else sent

    def count_asleep(self, tally: Tally) -> int:
        """Count those who wait for their morning; none once it is urgent."""
        return tally.asleep if self.keeps_quiet_hours else 0

    @property
    def has_open_places(self) -> bool:
        """Whether a place waits for it, while it is on its way."""
        return any(each.is_open for each in self.places) if self.places_gathered_at else bool(self.place_codes)

    @property
    def is_in_places(self) -> bool:
        """Whether a place has it, or may have it."""
        return any(each.is_there or each.state == "sending" for each in self.places)

    @property
    def is_complete(self) -> bool:
        """Whether it can be sent. A recall needs no post."""
        return self.kind == "recall" or bool(self.posts)

"""What is left of an ended broadcast: who has not got it, who still has it, and whether it may be sent anew."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.rounding import round_up

Retry = Literal["failed", "unknown", "rest"]
"""Whom an ended broadcast is sent to once more: the rest are those who wait, and those where it failed."""
RETRIES: Final[tuple[Retry, ...]] = get_args(Retry)


@dataclass(frozen=True, slots=True)
class Recall:
    """How far the deletion of a recalled broadcast is."""

    broadcast: Broadcast
    """The recall."""
    tally: Tally
    had: int
    """Number of people who had the recalled broadcast when its recall began."""

    @property
    def left(self) -> int:
        """Number of people who still have it and from whom it can still be deleted."""
        return self.had if self.broadcast.gathered_at is None else count_rest(self.broadcast, self.tally)

    @property
    def kept(self) -> int:
        """Number of people who keep it: it is too old, or they are out of reach."""
        gone = sum(
            count
            for (_, outcome, reason), count in self.tally.outcomes.items()
            if outcome == "gone" and reason != "message_gone"
        )
        return gone + self.too_old

    @property
    def too_old(self) -> int:
        """Number of people who keep it and can still be written to."""
        return self.tally.count("failed") - self.tally.count_again("failed")


def count_rest(broadcast: Broadcast, tally: Tally) -> int:
    """Count the deliveries of an ended broadcast that can be made without anybody getting a message twice.

    Corrections and recalls can be repeated, so they are also tried again where it is unknown whether they arrived.
    """
    rest = tally.left + tally.count_again("failed")
    return rest - tally.landing if broadcast.kind == "update" else rest + tally.count("unknown")


def count_again(broadcast: Broadcast, tally: Tally, whose: Retry) -> int:
    """Count the deliveries that another try would make."""
    return count_rest(broadcast, tally) if whose == "rest" else tally.count_again(whose)


def has_rest(broadcast: Broadcast, tally: Tally) -> bool:
    """Whether an ended broadcast can go on to the rest of its recipients.

    A new broadcast that nobody has is sent anew instead, see `can_be_sent_anew`. Where signatures decide who gets it,
    the answer follows from what organizers did and never from outcomes, which would tell who signed.
    """
    if broadcast.ending in (None, "replaced") or broadcast.recalled_at is not None:
        return False
    if broadcast.is_by_signature:
        return broadcast.ending == "cancelled" or (broadcast.ending != "done" and not broadcast.hides_outcomes(tally))
    waits = any(each.is_open for each in broadcast.places)
    if broadcast.kind != "update":
        return broadcast.gathered_at is None or count_rest(broadcast, tally) > 0 or waits
    if broadcast.ending == "done" or not (count_holders(tally) or broadcast.is_in_places):
        return False
    return broadcast.gathered_at is None or count_rest(broadcast, tally) > 0 or waits


def can_be_sent_anew(broadcast: Broadcast, tally: Tally, recall: Recall | None) -> bool:
    """Whether an ended broadcast was deleted for everyone, or reached no one, so that it doubles in no chat."""
    if broadcast.ended_at is None or broadcast.kind != "update":
        return False
    if broadcast.recalled_at is None:
        is_held = count_holders(tally) or broadcast.is_in_places
        return broadcast.ending != "done" and not broadcast.is_by_signature and not is_held
    if recall is None or recall.broadcast.ended_at is None or broadcast.hides_outcomes(tally):
        return False
    return not count_holders(tally, recall) + len(list_keeping_places(broadcast, recall.broadcast))


def list_keeping_places(broadcast: Broadcast, recall: Broadcast) -> list[PlaceDelivery]:
    """List the places that keep a recalled broadcast, or may keep it."""
    freed = {each.code for each in recall.places if each.state == "sent" or each.reason == "message_gone"}
    return [each for each in broadcast.places if each.is_there and each.code not in freed]


def count_copied(broadcast: Broadcast, tally: Tally) -> int:
    """Count the people who have a broadcast that may be copied with a warning; 0 if it may not be."""
    is_whole = broadcast.kind == "update" and broadcast.ending == "done" and broadcast.recalled_at is None
    return count_holders(tally) if is_whole and not broadcast.is_by_signature else 0


def count_holders(tally: Tally, recall: Recall | None = None) -> int:
    """Count the people who have a broadcast, or may have it; after its recall, those who may still have it."""
    if recall is None:
        return tally.held
    return recall.left + recall.too_old + tally.count("unknown") + tally.landing


def count_keepers(recall: Recall) -> int:
    """Count, at most, the people out of reach who keep a recalled broadcast, and may come back and get its copy.

    Rounded up, also if there is none, where it would tell who signed, or for whom it was night.
    """
    is_rounded = recall.broadcast.is_by_signature or recall.broadcast.tells_nights(recall.tally)
    return round_up(recall.kept) if is_rounded else recall.kept

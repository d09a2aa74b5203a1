"""Whether a broadcast has reached all decides how exactly its numbers are shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.tally import Tally
from tests.support.cast import NOW, YUNA

NOBODY: Final = Tally({}, {})
SOME: Final = Tally({"en": 30}, {("en", "sent", ""): 20})
ALL: Final = Tally({"en": 30}, {("en", "sent", ""): 20, ("en", "gone", "blocked"): 10})
RUNNING: Final = Broadcast(
    *(1, "update", None, YUNA, Audience(), "readers", False, 1, NOW, None, None, NOW), gathered_at=NOW
)


def ended(after: timedelta, ending: str = "done") -> Broadcast:
    return replace(RUNNING, ended_at=NOW + after, ending=ending)  # type: ignore[arg-type]


DAY: Final = timedelta(days=1)
REACHED: Final[Mapping[str, tuple[Broadcast, Tally, bool]]] = {
    "on its way": (RUNNING, SOME, False),
    "waits for a channel alone": (RUNNING, ALL, True),
    "without an audience yet": (replace(RUNNING, gathered_at=None), NOBODY, False),
    "done": (ended(DAY), ALL, True),
    "stopped on the way": (ended(DAY, "cancelled"), SOME, False),
    "stopped at the end": (ended(DAY, "cancelled"), ALL, True),
    "refused on the way": (ended(DAY, "content"), SOME, False),
    "sent to strangers": (ended(DAY, "strangers"), SOME, False),
}


@pytest.mark.parametrize("state", REACHED)
def test_broadcast_has_reached_all_once_nobody_is_left(state: str) -> None:
    broadcast, tally, has_reached_all = REACHED[state]
    assert broadcast.has_reached_all(tally) is has_reached_all
    assert broadcast.tells_nights(tally) is not has_reached_all


def test_change_of_what_had_not_reached_all_tells_nights() -> None:
    """Also once all have got it since: the change was made for those who had it then."""
    assert ended(DAY).has_reached_all(ALL, before=NOW + DAY)
    assert not ended(DAY).has_reached_all(ALL, before=NOW)
    assert not RUNNING.has_reached_all(ALL, before=NOW + DAY)
    correction = replace(RUNNING, id=2, kind="correction", of_id=1)
    assert not correction.tells_nights(SOME), "how far the correction is tells nothing"
    assert correction.tells_nights(replace(SOME, is_partial=True))

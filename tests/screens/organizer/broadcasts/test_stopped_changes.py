"""A correction or a deletion that is stopped before it began for people says what it has done in channels."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastKind
from chatbot.petition.broadcasts.place_delivery import PlaceDelivery
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.screens.organizer.broadcasts.ending import ended_head
from tests.screens.galleries.progress import AT

CHANNEL = PlaceDelivery("c-abcdefgh", "길동네", "ko")


@pytest.mark.parametrize(
    ("kind", "nowhere", "in_channels"),
    [
        ("correction", "Nobody has the new text yet.", "It was corrected in channels and groups at most."),
        ("recall", "Everybody still has it.", "It was deleted in channels and groups at most."),
    ],
)
@pytest.mark.parametrize("state", [None, "waiting", "failed", "sending", "unknown", "sent"])
def test_stopped_change_says_what_it_did_in_channels(
    translators: Mapping[Language, Translator], kind: BroadcastKind, nowhere: str, in_channels: str, state: str | None
) -> None:
    places = () if state is None else (replace(CHANNEL, state=state),)
    stopped = Broadcast(
        13, kind, 12, 3003, Audience(), "readers", True, 1, AT, started_at=AT, ended_at=AT, ending="cancelled"
    )
    head = ended_head(translators["en"], replace(stopped, places=places), Tally({}, {}))
    assert (in_channels if state in ("sending", "unknown", "sent") else nowhere) in head
    assert (nowhere in head) == (in_channels not in head)

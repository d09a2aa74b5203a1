"""Every screen about linked channels and groups."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.place import CARD_ASKED, Place, PlaceTrouble
from chatbot.petition.job import JobDetails
from chatbot.petition.languages import Language
from chatbot.screens.organizer import notices
from chatbot.screens.organizer.places import notices as place_notices
from chatbot.screens.organizer.places import places
from chatbot.screens.organizer.places.places import PlaceAct
from chatbot.screens.screen import Screen

AT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
CODE = "abcdefghijk"
LINK = "https://t.me/SaveMyFriendBot?start=c-mn3kq7xw"
MOST = 30


def place_screens(_: Translator, language: Language) -> Iterator[tuple[str, Screen]]:
    """Yield every screen with its name."""
    channel = Place("c-mn3kq7xw", -1_002_000_000_001, "channel", "내 친구를 살려 주세요", language, AT)
    group = replace(channel, code="c-2p9hrt4e", kind="group", title="Friends of <Hana> & Co", card_message_id=7)
    yield "places-none", places.list_places(_, [], MOST)
    paused = replace(group, is_paused=True)
    yield "places", places.list_places(_, [channel, paused, replace(group, trouble="rights")], MOST)
    longest = replace(channel, code="c-22222222", title="W" * 128, trouble="removed")
    yield "places-most", places.list_places(_, [longest] * MOST, MOST)
    yield "places-choose", places.ask_chat(_)
    yield "places-linked", places.linked(_, channel.title)
    yield "places-linked-before", places.linked_before(_, channel.title)
    yield "places-too-many", places.too_many(_, MOST)
    yield "places-not-linked", places.not_linked(_)
    yield "place-channel", places.show_place(_, channel, LINK, 0)
    yield "place-group", places.show_place(_, group, LINK, 120)
    yield "place-paused", places.show_place(_, paused, LINK, 120)
    yield "place-card-asked", places.show_place(_, replace(channel, card_message_id=CARD_ASKED), LINK, 0)
    for trouble in get_args(PlaceTrouble):
        yield f"place-{trouble}", places.show_place(_, replace(group, trouble=trouble), LINK, 20)
    yield "place-language", places.choose_language(_, group)
    for act in get_args(PlaceAct):
        yield f"place-{act}", places.ask(_, act, longest if act == "pause" else channel, CODE)
    yield "place-unlinked", places.unlinked(_, channel.title)
    about: JobDetails = {"title": channel.title, "card": 0}
    for notice in place_notices.NOTICES:
        yield f"notice-{notice.replace('_', '-')}", notices.write(_, notice, about)
    yield "notice-place-grown-card", notices.write(_, "place_grown", {"title": group.title, "card": 1})

"""Words that are read outside the chat with the bot: no “here”, no button of the chat and no command is meant there."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from typing import Final

import pytest

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.petition import public_page
from chatbot.screens.organizer.petition.milestone_thanks import thank_for
from chatbot.screens.organizer.petition.telling_the_end import tell_end
from chatbot.screens.organizer.records import links, petition_pdf, share_cards
from chatbot.screens.supporter.card import describe, read_numbers
from tests.screens.galleries.card import card_screens
from tests.screens.galleries.lifecycle import ANSWER, AT, STATEMENT

LINK: Final = "https://t.me/SaveMyFriendBot?start=web"
OF_THE_CHAT: Final = {
    "en": re.compile(r"\b(?:here|below|above|button|tap|this chat|first screen)\b|(?:^|\s)/[a-z]", re.IGNORECASE),
    "ko": re.compile(r"여기|이곳|아래|위의|버튼|누르|눌러|이 채팅|채팅방|첫 화면|(?:^|\s)/[a-z]"),
}
STATUSES: Final = (
    PetitionStatus(answer=ANSWER),
    PetitionStatus("closed", AT, STATEMENT, ANSWER),
    PetitionStatus("victory", AT, STATEMENT),
)


def read_page(_: Translator, campaign: Campaign) -> Iterator[object]:
    for status in STATUSES:
        yield from astuple(public_page.describe_page(_, campaign, status, 612))
        yield from public_page.describe_picture(_, campaign, status, 179_533, LINK).values()
    yield from public_page.describe_badge(_, campaign, 179_533)


def read_cards(_: Translator, campaign: Campaign) -> Iterator[object]:
    for _name, screen in card_screens(_, campaign, 612, LINK, AT):
        yield from (screen.text, *(button.label for row in screen.rows or () for button in row))
    for status in STATUSES:
        yield describe(_, read_numbers(campaign, status, 612))


def read_pictures(_: Translator, campaign: Campaign) -> Iterator[object]:
    words = campaign.words[_.language]
    for status in STATUSES:
        ending = status.find_ending(campaign)
        yield from share_cards.describe(_, words, 179_533, ending, "portrait", LINK).values()
        yield share_cards.caption(_, words, 179_533, ending, LINK)
    yield from links.describe_poster(_, words, LINK).values()


def read_document(_: Translator, _campaign: Campaign) -> Iterator[object]:
    yield from (petition_pdf.petition(_), petition_pdf.to(_, "…"), petition_pdf.head_count(_, 2))
    yield from (petition_pdf.signed_by(_, count) for count in (1, 2))
    yield from (petition_pdf.won_before(_, 178_921, "…"), petition_pdf.started(_, "…", "…"))
    yield from (petition_pdf.made_on(_, AT), petition_pdf.appeal(_), petition_pdf.by_country(_))
    yield from (petition_pdf.in_all(_), petition_pdf.elsewhere(_, "…"), petition_pdf.other_countries(_))
    yield from (petition_pdf.names(_), petition_pdf.notes(_))
    yield from (petition_pdf.about_names(_, named, 9) for named in (0, 1, 9))
    yield from (petition_pdf.changed_names(_, 2), petition_pdf.sealed_names(_, 2))


def read_posts(_: Translator, campaign: Campaign) -> Iterator[object]:
    """Yield the prepared updates: they stand in channels and on the page as well, without the buttons of the chat."""
    words = campaign.words[_.language]
    yield thank_for(_, words, 200_000).text
    yield tell_end(_, words, "closed", 179_533).text
    yield tell_end(_, words, "victory", 179_533).text


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("read", [read_page, read_cards, read_pictures, read_document, read_posts])
def test_words_outside_the_chat_are_true_where_they_stand(
    translators: Mapping[str, Translator], campaign: Campaign, language: str, read
) -> None:
    texts = [str(text) for text in read(translators[language], campaign) if isinstance(text, (str, tuple))]
    assert texts
    assert [text for text in texts if OF_THE_CHAT[language].search(text)] == []

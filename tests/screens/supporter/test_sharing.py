"""Sharing: the words fit the state, and the buttons are those of the campaign."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Copy, Link, Screen
from chatbot.screens.supporter.sharing import share

LINK = "https://t.me/petition_bot?start=s-AbCdEfGh"
CLOSED = ReaderContext(is_open=False)
WON = ReaderContext(is_open=False, status=PetitionStatus("victory"))


def find_shared(screen: Screen) -> set[str]:
    """The texts that the buttons hand on, without the link."""
    texts = set()
    for button in (button for row in screen.rows for button in row):
        match button:
            case Copy(text=text):
                texts.add(text.removesuffix(f"\n{LINK}"))
            case Link(url=url):
                query = parse_qs(urlsplit(url).query)
                texts.add((query.get("quote") or query["text"])[0].removesuffix(f"\n{LINK}"))
    return texts


@pytest.mark.parametrize("language", ["ko", "en"])
def test_nobody_is_asked_to_sign_after_the_end(campaign: Campaign, translators, language: str) -> None:
    words, _ = campaign.words[language], translators[language]
    asking = {words.share_text}
    assert find_shared(share(_, campaign, LINK, 179_963, ReaderContext(is_open=True))) == asking
    for reader, text in ((CLOSED, words.share_text_closed), (WON, words.share_text_won)):
        screen = share(_, campaign, LINK, 179_963, reader)
        assert find_shared(screen) == {text.replace("{count}", "179,963")}
        assert words.share_text not in screen.text
        assert not any(button.style == "primary" for row in screen.rows for button in row if isinstance(button, Link))
    assert "179,963" in share(_, campaign, LINK, 179_963, CLOSED).text


def test_open_petition_shows_how_near_the_goal_is(campaign: Campaign, translators) -> None:
    screen = share(translators["en"], campaign, LINK, 179_962, ReaderContext(is_open=True))
    assert "🎯 38 more to reach 180,000" in screen.text
    assert "🎯" not in share(translators["en"], campaign, LINK, 179_962, CLOSED).text


def test_campaign_chooses_where_people_share_to(campaign: Campaign, translators) -> None:
    words = replace(campaign.words["en"], share_to=("line", "copy", "telegram", "x", "facebook", "whatsapp"))
    edited = replace(campaign, words={**campaign.words, "en": words})
    screen = share(translators["en"], edited, LINK, 1, ReaderContext(is_open=True))
    rows = [[button.label for button in row] for row in screen.rows]
    assert rows == [
        ["LINE"],
        ["📋 Copy message"],
        ["Share on Telegram"],
        ["X", "Facebook", "WhatsApp"],
        ["🏠 Home"],
    ]
    assert find_shared(screen) == {words.share_text}

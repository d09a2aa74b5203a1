"""Files of a new campaign: any answers make files that load, and that hold the answers."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from chatbot.app.setup.new_campaign import AnsweredTexts, NewCampaign, shorten
from chatbot.i18n import Translators
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import Campaign
from chatbot.petition.text.post_length import LONGEST_POST, weigh_for_x
from chatbot.telegram_text import find_plain_faults, is_visible


def write(translators: Translators, hashtag: str, contact: str, **texts: AnsweredTexts) -> Campaign:
    with TemporaryDirectory() as folder:
        campaign = NewCampaign(texts, hashtag, contact, date(2026, 11, 27))
        campaign.write(Path(folder), translators["ko"], translators)
        return load_campaign(Path(folder))


def make_texts(longest: bool = False) -> st.SearchStrategy[AnsweredTexts]:
    def line(most: int) -> st.SearchStrategy[str]:
        text = st.text("가나다한글 abcXYZ<>&'\"\\{}#[]=$%\u202eé🌳", min_size=most if longest else 1, max_size=most)
        lines = text.map(lambda each: " ".join(each.split()))
        return lines.filter(lambda each: is_visible(each) and not any(find_plain_faults(each)))

    return st.builds(AnsweredTexts, line(128), line(128), line(128), line(160), line(300))


@limits(max_examples=40)
@given(korean=make_texts(), english=make_texts(), hashtag=st.sampled_from(["", "#숲을지켜요", f"#{'가' * 63}"]))
def test_any_answers_make_a_campaign(
    translators: Translators, korean: AnsweredTexts, english: AnsweredTexts, hashtag: str
) -> None:
    campaign = write(translators, hashtag, "forest@example.org", ko=korean, en=english)
    assert not campaign.mistakes
    assert not campaign.missing
    assert campaign.contact == "forest@example.org"
    for language, texts in (("ko", korean), ("en", english)):
        words = campaign.words[language]
        assert (words.title, words.addressee, words.starter) == (texts.title, texts.addressee, texts.starter)
        assert words.lead == texts.lead
        assert hashtag in words.share_text
        assert weigh_for_x(words.share_text) <= LONGEST_POST


def test_longest_answers_fit(translators: Translators) -> None:
    longest = AnsweredTexts("가" * 128, "가" * 128, "가" * 128, "가" * 160, "가" * 300)
    campaign = write(translators, f"#{'가' * 63}", "", ko=longest)
    assert list(campaign.words) == ["ko"]
    assert campaign.contact is None


@pytest.mark.parametrize(
    ("text", "short"), [("short", "short"), ("one two three", "one two…"), ("onetwothree", "onetwoth…")]
)
def test_text_is_cut_at_a_space(text: str, short: str) -> None:
    assert shorten(text, 9) == short


def test_language_of_many_zones_gets_the_zone_of_the_machine(
    translators: Translators, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = AnsweredTexts("Title", "Mayor", "We", "Trees fall.", "Stop it.")
    for place, zone in (("/usr/share/zoneinfo/Europe/London", "Europe/London"), ("/etc/localtime", "UTC")):
        monkeypatch.setattr("os.path.realpath", lambda _path, place=place: place)
        assert write(translators, "", "", en=texts).named_zone == zone
    assert write(translators, "", "", ko=texts).named_zone == "Asia/Seoul"

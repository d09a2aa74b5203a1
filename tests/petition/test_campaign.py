import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from chatbot.petition.campaign import load_campaign
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign, CampaignError, Page, PlatformLink
from chatbot.petition.text.pages import PAGE_LENGTH, WIDE_PAGE_LENGTH
from chatbot.petition.text.post_length import LONGEST_POST, weigh_for_x
from tests.support.languages import LANGUAGES

LOCALES = Path(__file__).parents[2] / "locales"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(LOCALES)


def seen(pages: tuple[Page, ...]) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page.text)) for page in pages)


# The bundled campaign


def test_facts_are_those_of_the_original(campaign: Campaign) -> None:
    assert {words.hashtag for words in campaign.words.values()} == {"#SaveMyFriend"}
    assert campaign.started_on == date(2012, 2, 14)
    assert campaign.carried_over == 178_921
    assert campaign.carried_over_from == "Change.org"
    assert campaign.next_milestone(campaign.carried_over) == 180_000
    assert campaign.is_open
    assert campaign.words["ko"].likely_countries[:2] == ("KR", "US")
    assert campaign.contact is None
    assert re.fullmatch(r"[0-9a-f]{12}", campaign.appeal_version)
    english = campaign.words["en"]
    assert english.title == "Save North Korean Refugees #SaveMyFriend"
    assert english.addressee == "The Secretary-General of the United Nations"
    assert {words.starter for words in campaign.words.values()} == {"Joseph Park"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Innocent North Korean refugees, some of which are our friends and family, are at risk of execution",
        "the first arrest of North Korean refugees in China after Kim Jung-il’s death",
        "the 100-day mourning period of his father’s death",
        "30 have been caught and sent back to North Korea, but many more lives are at risk",
        "perceives defectors as the number one threat to their authority",
        "they are guilty of supporting the death of thousands of innocent lives",
        "SIGN & SHARE with your friends via social media.",
        "Tweet: Please #SaveMyFriend",
        "We will continue to collect signatures until we know they are free",
        "this is not a political movement; we simply want to #SaveMyFriend",
        "TWEET #SAVEMYFRIEND",
        "do not belong to any political party",
    ],
)
def test_english_appeal_is_the_original(campaign: Campaign, sentence: str) -> None:
    assert sentence in seen(campaign.words["en"].appeal)


def test_korean_appeal_says_the_same(campaign: Campaign) -> None:
    appeal = seen(campaign.words["ko"].appeal)
    for words in ("애도 기간 100일", "30명", "김정은", "정치 운동이 아님", "수천 명의 죽음"):
        assert words in appeal
    assert appeal.endswith("*저희 #SaveMyFriend 팀은 아무런 정당에 속하지 않음을 밝힙니다.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_in_their_language(campaign: Campaign, language: Language) -> None:
    words = campaign.words[language]
    texts = [words.title, words.addressee, words.share_text, words.bot_name, words.bot_short_description]
    texts += [seen(words.appeal), seen(words.updates), *(link.label for link in words.links if language == "ko")]
    for text in texts:
        assert bool(re.search("[가-힣]", text)) == (language == "ko"), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_keep_the_limits(campaign: Campaign, language: Language) -> None:
    words = campaign.words[language]
    assert 2 <= len(words.appeal) <= 4
    longest = WIDE_PAGE_LENGTH if language == "ko" else PAGE_LENGTH
    assert all(len(seen((page,))) <= longest for page in words.appeal)
    assert len(words.bot_name) <= 64
    assert len(words.bot_description) <= 512
    assert len(words.bot_short_description) <= 120
    assert weigh_for_x(words.share_text) <= LONGEST_POST
    assert len(re.findall("[가-힣]", words.share_text)) <= 110
    assert words.hashtag in words.share_text


def test_updates_and_links_are_in_both_languages(campaign: Campaign) -> None:
    korean, english = campaign.words["ko"], campaign.words["en"]
    assert len(korean.updates) == len(english.updates) == 1
    assert "2012 · 30 North Korean already repatriated." in seen(english.updates)
    assert "30명" in seen(korean.updates)
    assert [link.url for link in korean.links] == [link.url for link in english.links]
    for words in (korean, english):
        html = "".join(page.text for page in words.appeal)
        assert all(link.url in html for link in words.links)


@pytest.mark.parametrize(
    ("text", "weight"), [("a", 1), ("é", 1), ("e\u0301", 1), ("’", 1), ("가", 2), ("漢", 2), ("…", 2)]
)
def test_x_counts_hangul_double(text: str, weight: int) -> None:
    assert weigh_for_x(text) == weight


# Another petition altogether

FACTS = """
hashtag = "#한강수달"
started_on = 2026-03-01
is_open = false
milestones = [100]
likely_countries = ["kr"]
contact = "otters@example.org"
[ko]
title = "한강에 수달이 살게 해 주십시오"
addressee = "서울특별시장"
starter = "한강 지킴이"
share_text = "한강에 수달이 살게 해 주십시오 #한강수달"
bot_name = "한강수달"
bot_description = "수달의 집을 지킵니다."
bot_short_description = "수달의 집을 지킵니다."
[en]
title = "Let otters live in the Han River"
addressee = "The Mayor of Seoul"
starter = "Friends of the Han"
share_text = "Let otters live in the Han River #한강수달"
bot_name = "Han River Otters"
bot_description = "We keep the otters' home."
bot_short_description = "We keep the otters' home."
"""


def test_another_petition_needs_only_its_files(campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(FACTS, "utf-8")
    for language, text in (("ko", "<p>수달이 돌아왔습니다.</p>"), ("en", "<p>The otters are back.</p>")):
        (tmp_path / language).mkdir()
        (tmp_path / language / "appeal.html").write_text(text, "utf-8")
    otters = load_campaign(tmp_path)
    assert (otters.carried_over, otters.carried_over_from, otters.is_open) == (0, "", False)
    assert otters.contact == "otters@example.org"
    assert otters.words["ko"].likely_countries == ("KR",)
    assert not otters.words["ko"].updates
    assert not otters.words["en"].links
    assert seen(otters.words["en"].appeal) == "The otters are back."
    assert [otters.next_milestone(total) for total in (0, 99, 100, 250)] == [100, 100, 200, 300]
    assert otters.appeal_version != campaign.appeal_version


def test_links_keep_their_order_and_language(campaign: Campaign) -> None:
    first = campaign.words["ko"].links[0]
    assert first == PlatformLink("X에서 보기", "https://x.com/hashtag/SaveMyFriend")
    assert replace(first, label="On X") == campaign.words["en"].links[0]


def write_otters(directory: Path, facts: str) -> Campaign:
    (directory / "campaign.toml").write_text(facts, "utf-8")
    for language in ("ko", "en"):
        (directory / language).mkdir()
        (directory / language / "appeal.html").write_text("<p>수달이 돌아왔습니다.</p>", "utf-8")
    return load_campaign(directory)


def test_hashtag_may_differ_by_language(tmp_path: Path) -> None:
    own = 'hashtag = "#HanOtters"\nshare_text = "Let otters live in the Han River #HanOtters"'
    facts = FACTS.replace('share_text = "Let otters live in the Han River #한강수달"', own)
    words = write_otters(tmp_path, facts).words
    assert [words["ko"].hashtag, words["en"].hashtag] == ["#한강수달", "#HanOtters"]


def test_petition_needs_no_hashtag_and_one_language_is_enough(tmp_path: Path) -> None:
    facts = FACTS.replace('hashtag = "#한강수달"\n', "").replace(" #한강수달", "").partition("[en]")[0]
    otters = write_otters(tmp_path, facts)
    assert {language: words.hashtag for language, words in otters.words.items()} == {"ko": ""}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("010-1234-5678", "010-1234-5678"),
        ("+82 2 123 4567", "+82 2 123 4567"),
        ("tel:+82-2-123-4567", "+82-2-123-4567"),
        ("(02) 123-4567", "(02) 123-4567"),
        ("http://pf.kakao.com/_abcde", "https://pf.kakao.com/_abcde"),
        ("https://open.kakao.com/o/abc", "https://open.kakao.com/o/abc"),
        ("KakaoTalk: 숲지킴이", "KakaoTalk: 숲지킴이"),
        ("WhatsApp +49 30 1234567", "WhatsApp +49 30 1234567"),
    ],
)
def test_contact_may_be_a_phone_or_a_chat_app(tmp_path: Path, written: str, shown: str) -> None:
    assert write_otters(tmp_path, FACTS.replace("otters@example.org", written)).contact == shown


@pytest.mark.parametrize("written", ["12", "0" * 16, "http://example.org", "call me", "tel:", "1-"])
def test_contact_that_leads_nowhere_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(CampaignError, match="contact must be a mail address"):
        write_otters(tmp_path, FACTS.replace("otters@example.org", written))

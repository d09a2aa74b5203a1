"""actions.toml: a campaign may have it, and each mistake is told in one plain line, in English and Korean."""

from pathlib import Path

import pytest

from chatbot.i18n.terminal import read_problems
from chatbot.petition.actions.action import Action, ActionWords, find_next
from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import CampaignError
from chatbot.settings import BUNDLED_LOCALES
from tests.petition.conftest import Edit

KOREAN = read_problems(BUNDLED_LOCALES, "ko")
WORDS = {"en": ActionWords("Write", "Please.")}


def refuse(locales: Path) -> tuple[str, str]:
    """Return the only line about the files, in English and in Korean."""
    with pytest.raises(CampaignError) as refusal:
        load_campaign(locales)
    [problem] = refusal.value.problems
    return str(problem), str(problem.render(KOREAN.gettext))


def test_campaign_needs_no_actions(locales: Path) -> None:
    assert [each.id for each in load_campaign(locales).actions] == [
        "tell-a-friend",
        "post-in-own-words",
        "read-un-report",
        "read-first-petition",
    ]
    (locales / "actions.toml").write_text("# nothing yet\n", "utf-8")
    assert load_campaign(locales).actions == ()
    (locales / "actions.toml").unlink()
    assert load_campaign(locales).actions == ()


def test_bundled_actions_have_words_in_every_language_and_invent_nobody(locales: Path) -> None:
    campaign = load_campaign(locales)
    for each in campaign.actions:
        assert list(each.words) == list(campaign.languages)
        assert (each.to, each.phone) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "english", "korean"),
    [
        ('id = "tell-a-friend"', 'id = "Tell a friend"', "entry 1, id must be small Latin letters", "라틴 소문자"),
        ('id = "read-un-report"', 'id = "tell-a-friend"', "actions has tell-a-friend twice; take one out", "두 번"),
        ('kind = "post"', 'kind = "tweet"', "entry 2, kind is not known; use 'link'", "'link'"),
        ('kind = "post"', 'kind = "call"', 'entry 2 is of the kind "call" and lacks phone', "없습니다: phone"),
        (
            'kind = "mail"',
            'kind = "mail"\nphone = "+82 2-123-4567"',
            'entry 1 is of the kind "mail", which has no phone',
            "쓸 수 없는 줄이 있습니다: phone",
        ),
        ('kind = "mail"', 'kind = "mail"\nto = "the office"', "entry 1, to must be one mail address", "메일 주소 하나"),
        ("https://undocs", "undocs", "entry 3, url must be a whole address", "주소"),
        ('kind = "link"', 'kind = "link"\ncountries = ["Korea"]', "entry 3, countries, entry 1 is “KOREA”", "“KOREA”"),
        ('kind = "link"', 'kind = "link"\ncountry = "KR"', "country is not known; if you meant countries", "countries"),
        ('ko = "친구에게 메일로 알리기", ', "", 'entry 1 has no label in ko; write { ko = "…" } into it', "label: ko"),
        ('en = "Please add your name', 'th = "Please add your name', "entry 1, subject.th is not a language", "th"),
        ('id = "tell-a-friend"', "id = tell-a-friend", "line 17 cannot be read", "17"),
        ('[[actions]]\nid = "tell', '[actions]\nid = "tell', "line ", ""),
        ('label = { ko = "친구에게', 'label = { ko = "' + "가" * 50, "label.ko is longer than 40", "40"),
    ],
)  # fmt: skip
def test_mistake_is_told_in_one_line(locales: Path, edit: Edit, old: str, new: str, english: str, korean: str) -> None:
    edit("actions.toml", old, new)
    said, in_korean = refuse(locales)
    assert said.startswith("actions.toml: ")
    assert english in said
    assert korean in in_korean
    assert in_korean != said


def test_text_after_the_facts_is_told_first(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", "is_open = true", "is_open = 1")
    edit("actions.toml", 'id = "tell-a-friend"', 'id = "?"')
    assert refuse(locales)[0].startswith("campaign.toml: is_open")


def test_action_is_for_a_language_and_a_country() -> None:
    all_over = Action("a", "link", WORDS, url="https://example.org")
    canada = Action("b", "link", WORDS, frozenset({"CA", "CN"}), url="https://example.org")
    assert all_over.is_for("en", "US", {"CN"})
    assert not all_over.is_for("ko", "US", {"CN"})
    assert not all_over.is_for("en", "CN", {"CN"}), "acting in public may be dangerous there"
    assert canada.is_for("en", "CN", {"CN"}), "it was written for people there"
    assert not canada.is_for("en", "US", {"CN"})
    three = [all_over, canada, Action("c", "link", WORDS)]
    assert [find_next(three, done, after) for done, after in [((), ""), ((), "c"), ({"a", "b", "c"}, "")]] == [
        all_over,
        all_over,
        None,
    ]
    assert find_next(three, {"c"}, "b") == all_over

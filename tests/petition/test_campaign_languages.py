"""The languages of a campaign: described by CLDR, listed, and offered once they are complete."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from secrets import token_urlsafe
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.campaign import load_campaign
from chatbot.petition.exports.request import ExportRequest, from_code, to_code
from chatbot.petition.languages import LONGEST_CODE, LanguageFacts
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from tests.support.edited_campaign import LOCALES, Edit, problems


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(LOCALES)


def test_languages_of_the_file_are_described_by_cldr(campaign: Campaign) -> None:
    assert campaign.languages == {
        "ko": LanguageFacts("ko", "한국어", "ltr", "Asia/Seoul", "en", "KR"),
        "en": LanguageFacts("en", "English", "ltr", "UTC", "ko"),
    }
    assert list(campaign.languages) == list(campaign.listed) == ["ko", "en"]
    assert campaign.fallback == "en"
    assert not campaign.missing


def test_language_says_what_differs_from_cldr(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", "[en]", '[en]\nname = "Plain English"\nzone = "Europe/London"\ndirection = "rtl"')
    assert load_campaign(locales).languages["en"] == LanguageFacts("en", "Plain English", "rtl", "Europe/London", "ko")


def test_team_has_the_zone_of_the_file_or_of_the_fallback(locales: Path, edit: Edit) -> None:
    assert load_campaign(locales).zone == ZoneInfo("Asia/Seoul")
    edit("campaign.toml", 'zone = "Asia/Seoul"\n', "")
    edit("campaign.toml", "[en]", '[en]\nzone = "Europe/London"')
    assert load_campaign(locales).zone == ZoneInfo("Europe/London")


def test_quiet_hours_are_kept_unless_the_file_says_otherwise(locales: Path, edit: Edit) -> None:
    line = 'quiet_hours = ["21:00", "08:00"]\n'
    edit("campaign.toml", line, "")
    assert load_campaign(locales).quiet_hours == QuietHours(time(21), time(8))
    edit("campaign.toml", "started_on", "quiet_hours = []\nstarted_on")
    assert load_campaign(locales).quiet_hours is None


def test_languages_are_those_with_a_table_where_no_list_says_so(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", "languages =", "# languages =")
    assert load_campaign(locales) == load_campaign(LOCALES)


def test_order_of_languages_is_that_of_the_list_and_no_part_of_the_appeal_version(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", '["ko", "en"]', '["en", "ko"]')
    turned = load_campaign(locales)
    assert (list(turned.languages), list(turned.words)) == (["en", "ko"], ["en", "ko"])
    assert turned.appeal_version == load_campaign(LOCALES).appeal_version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '["ko", "en"]',
            '["ko", "en", "zh-Hant"]',
            "languages, entry 3 is “zh-Hant”, which is not the code of a language; write it like th, pt_BR or zh_Hant,",
        ),
        (
            '["ko", "en"]',
            '["ko", "en", "de_Latn_DE_1996"]',
            "languages, entry 3 is “de_Latn_DE_1996”, which is not the code of a language; write it like th, pt_BR or",
        ),
        ('["ko", "en"]', '["ko", "en", "../en"]', "languages, entry 3 is “../en”, which is not the code of a language"),
        ('["ko", "en"]', '["KO", "en"]', "languages, entry 1 is “KO”, which is not the code of a language"),
        ('["ko", "en"]', '["ko", "en", "ko"]', "languages has ko twice; take one out."),
        (
            '["ko", "en"]',
            '["ko", "xxx_Xxxx_abcd"]',
            "languages, entry 2 is “xxx_Xxxx_abcd”, which is not the code of a",
        ),
        ('["ko", "en"]', "[]", 'has no language; write languages = ["…"] with the codes of its folders.'),
        ('"Asia/Seoul"', '"Seoul"', "zone is “Seoul”, which is not a time zone; write it like"),
        ("[en]", '[en]\nzone = "Asia/London"', "en.zone is “Asia/London”, which is not a time zone; write it like"),
        ("[en]", '[en]\nzone = "localtime"', "en.zone is “localtime”, which is not a time zone; write it like"),
        ("[en]", '[en]\ndirection = "up"', "en.direction is not known; use 'ltr' or 'rtl'."),
        (
            "[en]",
            '[en]\nfallback = "en"',
            "en.fallback is “en”, which is no other language of this petition; use 'ko'.",
        ),
        (
            "[en]",
            '[en]\nfallback = "ja"',
            "en.fallback is “ja”, which is no other language of this petition; use 'ko'.",
        ),
        ("[en]", '[en]\nname = ""', "en.name is empty; write something between the quotation marks."),
    ],
)
def test_mistake_in_the_languages_is_told_in_one_line(locales: Path, edit: Edit, old: str, new: str, said: str) -> None:
    edit("campaign.toml", old, new)
    assert problems(locales)[0].startswith(f"campaign.toml: {said}")


@pytest.mark.parametrize(
    ("name", "edit_text", "said"),
    [
        ("campaign.toml", lambda text: text[: text.index("[en]")], "[en] is missing; write that line and its words"),
        ("campaign.toml", lambda text: text.replace('title = "Save', '# "'), "en.title is missing; write a line title"),
        (
            "campaign.toml",
            lambda text: text.replace(', en = "On X', ' } # "On X'),
            'links, entry 1, label has no words in en; write { en = "…" } into it.',
        ),
        ("en/appeal.html", lambda _text: "<!-- soon -->", "is empty; write the appeal into it"),
    ],
)
def test_unfinished_language_is_listed_and_not_offered(
    locales: Path, name: str, edit_text: Callable[[str], str], said: str
) -> None:
    (locales / name).write_text(edit_text((locales / name).read_text("utf-8")), "utf-8")
    campaign = load_campaign(locales)
    assert (list(campaign.languages), list(campaign.words), list(campaign.listed)) == (["ko"], ["ko"], ["ko", "en"])
    assert campaign.missing["en"][0].startswith(f"{name}: {said}")
    assert (campaign.fallback, campaign.match("en-GB"), campaign.find_offered("en")) == (
        "ko",
        "ko",
        "ko",
    )


def test_third_language_needs_a_folder_and_its_table(locales: Path, edit: Edit) -> None:
    copytree(locales / "en", locales / "pt_BR")
    (locales / "pt_BR" / "updates.html").unlink()
    facts = (locales / "campaign.toml").read_text("utf-8").replace(', en = "', ', pt_BR = "Lá", en = "')
    table = facts[facts.index("[en]") :].replace("[en]", "[pt_BR]").replace("Joseph", "José")
    (locales / "campaign.toml").write_text(facts + table, "utf-8")
    edit("campaign.toml", '["ko", "en"]', '["ko", "en", "pt_BR"]')
    campaign = load_campaign(locales)
    assert campaign.languages["pt_BR"] == LanguageFacts("pt_BR", "Português (Brasil)", "ltr", "UTC", "en", "BR")
    assert campaign.words["pt_BR"].starter == "José Park"
    assert campaign.words["pt_BR"].links[0].label == "Lá"
    assert campaign.words["pt_BR"].updates == campaign.words["en"].updates, "it has no file of its own"
    assert campaign.match("pt") == campaign.match("pt-BR") == "pt_BR"
    assert campaign.find_offered("pt") == "pt_BR", "a language of earlier files"
    assert campaign.find_offered("ja") == "en"


def test_button_has_room_for_the_longest_code() -> None:
    code = "x" * LONGEST_CODE
    day = date(2026, 11, 1)
    order = ExportRequest("signatures", "xlsx", code, day, day, "KR")
    assert from_code(to_code(order)) == order
    assert callbacks.EXPORT("make", to_code(order), token_urlsafe(8))
    assert callbacks.BROADCAST("write", 10**15, code)

"""Edits of the bundled campaign: a changed appeal, or a mistake."""

from pathlib import Path

import pytest

from chatbot.petition.campaign import load_campaign
from chatbot.petition.model import Campaign
from tests.support.edited_campaign import LOCALES, Edit, problems


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign(LOCALES)


# The version of the appeal


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("en/appeal.html", "<h1>", "<!-- a note -->\n\n<h1>"),
        ("en/appeal.html", "Innocent North", "Innocent\n   North"),
        ("en/appeal.html", "<b>SIGN &amp; SHARE</b>", "<i>SIGN &#38; SHARE</i>"),
        ("ko/appeal.html", "<blockquote>", "<hr><blockquote>"),
        ("ko/updates.html", "30명", "서른 명"),
        ("campaign.toml", "is_open = true", "is_open = false"),
    ],
)
def test_layout_change_keeps_the_appeal_version(
    campaign: Campaign, locales: Path, edit: Edit, name: str, old: str, new: str
) -> None:
    edit(name, old, new)
    assert load_campaign(locales).appeal_version == campaign.appeal_version


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("en/appeal.html", "Innocent", "innocent"),
        ("ko/appeal.html", "30명", "31명"),
        ("campaign.toml", 'title = "Save', 'title = "Help'),
        ("campaign.toml", "The Secretary-General", "Somebody Else"),
    ],
)
def test_text_change_changes_the_appeal_version(
    campaign: Campaign, locales: Path, edit: Edit, name: str, old: str, new: str
) -> None:
    edit(name, old, new)
    assert load_campaign(locales).appeal_version != campaign.appeal_version


# Mistakes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('= "#SaveM', '= "SaveM', 'hashtag must be # and one word of letters; write it like "#SaveMyFriend".'),
        ("= 2012-02-14", '= "2012"', "started_on must be a date; write it like 2012-02-14, without quotation marks."),
        ("-02-14", "-02-14T10:00:00", "started_on must be a date; write it like 2012-02-14, without quotation marks."),
        ("= true", '= "yes"', "is_open must be true or false; write one of them, without quotation marks."),
        (
            "178_921",
            '"178,921"',
            "carried_over must be a whole number; write it like 100000 or 100_000, without quotation marks.",
        ),
        ("178_921", "-1", "carried_over must be 0 or more; correct the number."),
        (
            "carried_over_from",
            "# carried_over_from",
            "carried_over is 178921, but nobody knows where from; write carried_over_from =",
        ),
        (
            "[180_000, 200_000,",
            "[200_000, 180_000,",
            "milestones has 180000 after 200000; put them in order, from small to large, each one once.",
        ),
        (
            "[180_000, 200_000,",
            "[180_000, 0.5,",
            "milestones, entry 2 must be a whole number; write it like 100000 or 100_000, without quotation marks.",
        ),
        ("milestones = [", "milestones = [] # [", "milestones is empty; write at least one entry."),
        (
            "likely_countries = [",
            'likely_countries = "KR" # [',
            "likely_countries must be a list; put it in [brackets], with commas between the entries.",
        ),
        ('"GB"', '"UK"', "likely_countries, entry 7 is “UK”, which is not the code of a country; write GB."),
        (
            '"GB"',
            '"EU"',
            "likely_countries, entry 7 is “EU”, which is not the code of a country; write the two letters of ISO 3166,",
        ),
        (
            '"GB"',
            '"IC"',  # the Canary Islands: CLDR names this code, but nobody can choose it
            "likely_countries, entry 7 is “IC”, which is not the code of a country; write the two letters of ISO 3166,",
        ),
        ('"GB"', '"us"', "likely_countries has US twice; take one out."),
        ('"NZ"]', '"NZ", "FR", "SG", "PH", "VN", "TW"]', "likely_countries has more than 12 entries; take some out."),
        ("# contact =", "contact = 7 #", 'contact must be words; put them in "quotation marks".'),
        (
            "# contact =",
            'contact = "ask us" #',
            "contact must be a mail address, an https link, a Telegram @name, a phone number like +82",
        ),
        ("https://x", "http://x", 'links, entry 1, url must be a whole address; write it like "https://example.org".'),
        ('{ ko = "X', '{ kr = "X', "links, entry 1, label.kr is not a language of this bot; use 'ko' or 'en'."),
        (
            "label = {",
            'label = "X" # {',
            'links, entry 1, label must be words by language; write it like { ko = "…", en = "…" }.',
        ),
        (
            "[ko]",
            "is_open = true\n[ko]",
            "links, entry 2, is_open is in the wrong place; move its line above the first one in [brackets].",
        ),
        ("[en]", 'url = "x"\n[en]', "ko.url is not known; take it out, or use one of title, addressee, starter,"),
        ('"Joseph Park"', '" "', "ko.starter is empty; write something between the quotation marks."),
        ('"Joseph Park"', '"""Joseph\nPark"""', "ko.starter must be on one line; join its lines."),
        ("SaveMyFriend Petition", "x" * 65, "en.bot_name is longer than 64 characters; shorten it."),
        ("\nPlease", "\n" + "x" * 512, "en.bot_description is longer than 512 characters; shorten it."),
        ('"A petition', f'"{"x" * 120}', "en.bot_short_description is longer than 120 characters; shorten it."),
        (
            'share_text = "내',
            f'share_text = "{"가" * 100}',
            "ko.share_text weighs 3",
        ),
        (
            "My",
            "Your",
            "ko.share_text does not have #SaveYourFriend; write it into it, or give [ko] a",
        ),
        ('= "#', "= #", 'line 6 cannot be read: hashtag = #SaveMyFriend"; put the words in "quotation marks".'),
    ],
)
def test_mistake_in_the_facts_is_reported_in_one_line(locales: Path, edit: Edit, old: str, new: str, said: str) -> None:
    edit("campaign.toml", old, new)
    assert problems(locales)[0].startswith(f"campaign.toml: {said}")


def test_unknown_key_is_reported_with_the_right_one(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", "hashtag =", "hastag =")
    edit("campaign.toml", "[ko]", "[kr]")
    assert problems(locales) == (
        "campaign.toml: [ko] is missing; write that line and its words under it.",
        "campaign.toml: hastag is not known; if you meant hashtag, write that.",
        "campaign.toml: kr is not known; if you meant ko, write that.",
    )


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('links = ["x"]', "links, entry 1 must be a table of its own; write [[links]] above its lines."),
        ('ko = "x"', "ko must be a table of its own; write [ko] above its lines."),
    ],
)
def test_line_instead_of_a_table_is_reported(locales: Path, facts: str, said: str) -> None:
    (locales / "campaign.toml").write_text(facts)
    assert f"campaign.toml: {said}" in problems(locales)


def test_mistakes_of_all_files_are_reported_at_once(locales: Path, edit: Edit) -> None:
    edit("campaign.toml", "is_open = true", "is_open = 1")
    edit("ko/appeal.html", "<b>", "<bold>")
    edit("en/updates.html", "</h1>", "")
    assert [problem.partition(" ")[0].rstrip(":,") for problem in problems(locales)] == [
        "ko/appeal.html",
        "en/updates.html",
        "campaign.toml",
    ]


def test_missing_file_is_named(locales: Path) -> None:
    (locales / "en" / "appeal.html").unlink()
    (locales / "ko" / "appeal.html").unlink()
    assert problems(locales) == tuple(
        f"{language}/appeal.html: there is no such file in {locales}; write it there." for language in ("ko", "en")
    )
    assert problems(locales / "nowhere") == (
        f"campaign.toml: there is no such file in {locales / 'nowhere'}; write it there.",
    )


def test_empty_appeal_is_refused(locales: Path) -> None:
    for language in ("ko", "en"):
        (locales / language / "appeal.html").write_text("<!-- soon -->")
    assert problems(locales) == (
        "ko/appeal.html: is empty; write the appeal into it, each paragraph between <p> and </p>.",
        "en/appeal.html: is empty; write the appeal into it, each paragraph between <p> and </p>.",
    )


def test_other_encoding_is_refused_and_a_byte_order_mark_is_not(locales: Path) -> None:
    text = (locales / "ko" / "appeal.html").read_text("utf-8")
    (locales / "ko" / "appeal.html").write_text(text, "utf-8-sig", newline="\r\n")
    assert load_campaign(locales) == load_campaign(LOCALES)
    (locales / "ko" / "appeal.html").write_bytes("<p>서명</p>".encode("cp949"))
    assert problems(locales) == (
        "ko/appeal.html: these letters cannot be read; save the file again as UTF-8 (Notepad: Save as, Encoding).",
    )


def test_every_file_of_updates_needs_the_same_number(locales: Path) -> None:
    with (locales / "ko" / "updates.html").open("a", encoding="utf-8") as file:
        file.write("<hr><p>또 하나</p>")
    (problem,) = problems(locales)
    assert problem.startswith("updates.html: ko/updates.html has 2, en/updates.html has 1; write every update in every")

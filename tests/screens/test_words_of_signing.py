"""The words of signing, and which languages people are offered because they have them."""

import re
import shutil
from pathlib import Path

import pytest

from chatbot.i18n import CATALOG
from chatbot.petition.model import CampaignError
from chatbot.screens.load import load_offered, load_petition
from chatbot.screens.words_of_signing import list_words_of_organizers, list_words_of_signing
from chatbot.settings import BUNDLED_LOCALES
from tests.support.more_languages import add_language, list_language, write_catalog

WORDS = frozenset[str]().union(*list_words_of_signing().values())


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    return shutil.copytree(BUNDLED_LOCALES, tmp_path / "locales")


def leave_out(lacking: str, text: str) -> str:
    return "" if text == lacking else text


@pytest.mark.parametrize(
    "text",
    [
        "Sign the petition",
        "Later",
        "{count}+",
        "<b>{count}</b> supporter",
        "Get updates",
        "Withdraw your signature",
        "Erase everything about you",
        "Sorry, something went wrong on our side. Nothing is lost. Please try again.",
    ],
)
def test_words_of_signing_are_what_supporters_meet(text: str) -> None:
    assert text in WORDS


def test_words_of_organizers_are_not_words_of_signing() -> None:
    organizers = list_words_of_organizers()
    assert {module.partition("/")[0] for module in organizers} == {"organizer"}
    assert "Close the petition" in frozenset[str]().union(*organizers.values()) - WORDS


def test_language_with_all_words_of_signing_is_offered(locales: Path) -> None:
    add_language(locales, "th", lambda text, _form: text if text in WORDS or _form else "")
    campaign, translators = load_petition([locales, BUNDLED_LOCALES])
    assert list(campaign.languages) == list(campaign.words) == ["ko", "en", "th"]
    assert not campaign.missing
    assert translators["th"].label("Close the petition") == "Close the petition"


@pytest.mark.parametrize("lacking", ["Later", "<b>{count}</b> supporter"])
def test_language_that_lacks_one_word_of_signing_is_not_offered(locales: Path, lacking: str) -> None:
    file = add_language(locales, "th")
    text = file.read_text("utf-8")
    entry = rf'(msgid "{re.escape(lacking)}"\n(?:msgid_plural .*\n)?msgstr(?:\[0\])? ").*"'
    file.write_text(re.sub(entry, r'\1"', text), "utf-8")
    assert file.read_text("utf-8") != text
    campaign, _translators = load_petition([locales, BUNDLED_LOCALES])
    assert list(campaign.languages) == list(campaign.words) == ["ko", "en"]
    assert list(campaign.listed) == ["ko", "en", "th"]
    assert campaign.missing == {"th": (f"th/{CATALOG}: 1 of {len(WORDS)} words of signing are not translated.",)}
    assert campaign.match("th-TH") == campaign.find_offered("th") == "en"


def test_child_process_takes_the_languages_that_were_found_whole(locales: Path) -> None:
    add_language(locales, "th")
    add_language(locales, "ja", lambda _text, _form: "")
    directories = [locales, BUNDLED_LOCALES]
    campaign, translators = load_petition(directories)
    offered, others = load_offered(directories, list(campaign.languages))
    assert list(campaign.languages) == list(offered.languages) == ["ko", "en", "th"]
    assert (offered.words, list(others)) == (campaign.words, list(translators))
    assert list(others["ko"].languages) == list(campaign.languages)


def test_fuzzy_word_is_not_translated(locales: Path) -> None:
    file = add_language(locales, "th")
    file.write_text(file.read_text("utf-8").replace('msgid "Later"', '#, fuzzy\nmsgid "Later"'), "utf-8")
    campaign, _translators = load_petition([locales, BUNDLED_LOCALES])
    assert "th" not in campaign.languages


def test_words_may_come_from_both_catalogs(locales: Path, tmp_path: Path) -> None:
    own = shutil.copytree(locales, tmp_path / "own")
    add_language(own, "th", lambda text, _form: "" if text == "Later" else text)
    (locales / "th" / CATALOG).parent.mkdir(parents=True)
    write_catalog(locales / "th" / CATALOG, "th", lambda text, _form: text if text == "Later" else "")
    campaign, _translators = load_petition([own, locales])
    assert "th" in campaign.languages


def test_petition_without_a_whole_language_is_refused(locales: Path) -> None:
    facts = locales / "campaign.toml"
    list_language(facts, "th")
    shutil.copytree(locales / "en", locales / "th")
    (locales / "th" / CATALOG).unlink()
    (locales / "actions.toml").unlink()
    facts.write_text(facts.read_text("utf-8").replace('["ko", "en", "th"]', '["th"]'), "utf-8")
    text = re.sub(r"^\[(ko|en)\]\n.*?(?=^\[)", "", facts.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    facts.write_text(re.sub(r"(ko|en) = \"[^\"]*\", ", "", text), "utf-8")
    with pytest.raises(CampaignError) as refusal:
        load_petition([locales, BUNDLED_LOCALES])
    assert refusal.value.problems == (
        f"th/{CATALOG}: {len(WORDS)} of {len(WORDS)} words of signing are not translated.",
    )


def test_english_needs_no_catalog(locales: Path) -> None:
    add_language(locales, "en_GB")
    (locales / "en_GB" / CATALOG).unlink()
    (locales / "en" / CATALOG).unlink()
    campaign, _translators = load_petition([locales, BUNDLED_LOCALES])
    assert list(campaign.languages) == ["ko", "en", "en_GB"]

"""The page with all data about its reader: nothing stored is left out, and nothing on it is more than text."""

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import orjson
import pytest
from markupsafe import escape

from chatbot.conversation import stored_draft
from chatbot.conversation.step_names import OWN_DATA_STEPS, SIGNING_STEPS
from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.signing.draft import Draft, Undo
from chatbot.petition.signing.picture_question import PictureQuestion
from chatbot.screens import data_page
from chatbot.screens.load import load_petition
from chatbot.screens.organizer.records.member_data import LABELS
from chatbot.settings import BUNDLED_LOCALES
from chatbot.storage.people.question_messages import QuestionButtons
from chatbot.storage.people.supporters import EXPIRED
from chatbot.storage.privacy.personal_data import SECRET
from chatbot.storage.privacy.tables import TABLES, list_columns
from tests.support.cast import NOW
from tests.support.languages import LANGUAGES

ABOUT_PEOPLE = {
    table.name: [column for column in list_columns()[table.name] if column not in SECRET]
    for table in TABLES.values()
    if table.person or table.member
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_names_and_shows_every_stored_column(
    translators: Mapping[Language, Translator], language: Language
) -> None:
    _ = translators[language]
    rows = {
        table: [{column: f"value of {table}.{column};" for column in columns}]
        for table, columns in ABOUT_PEOPLE.items()
    }
    page = data_page.write(_, rows, LABELS)
    for table, columns in ABOUT_PEOPLE.items():
        for column in columns:
            name = data_page.name_column(_, table, column, LABELS)
            assert "_" not in name
            assert f'<dt>{escape(name)}</dt><dd dir="auto">value of {table}.{column};</dd>' in page


def test_every_word_of_the_page_is_for_a_stored_column() -> None:
    known = {*ABOUT_PEOPLE, *(f"{table}.{column}" for table, columns in ABOUT_PEOPLE.items() for column in columns)}
    known |= {column for columns in ABOUT_PEOPLE.values() for column in columns}
    assert {*data_page.LABELS, *LABELS} <= known


def test_page_is_text_alone(translators: Mapping[Language, Translator]) -> None:
    row = {"name": "<script src=//evil.example>", "country": "KR", "signed_at": "2026-03-01T09:00:00.000000Z"}
    page = data_page.write(translators["en"], {"signatures": [row]}, LABELS)
    assert "&lt;script src=//evil.example&gt;" in page
    assert "🇰🇷 South Korea" in page
    assert "March 1, 2026" in page
    assert not re.findall(r"<(?:script|img|link|iframe|a)\b|url\(|@import|https?:", page)


def test_page_says_of_sealed_texts_that_they_are_sealed(translators: Mapping[Language, Translator]) -> None:
    sealed = "sealed:1:01234567." + "A" * 120
    rows = {"signatures": [{"name": sealed}], "supporters": [{"draft": f'{{"name":"{sealed}"}}'}]}
    page = data_page.write(translators["en"], rows, LABELS)
    assert "AAAA" not in page
    assert page.count("🔏 sealed") == 2


def test_page_runs_from_right_to_left_where_the_language_does(made_up_locales: Path) -> None:
    _campaign, translators = load_petition([made_up_locales, BUNDLED_LOCALES])
    page = data_page.write(translators["qar"], {"signatures": [{"number": 178_922}]}, LABELS)
    assert '<html lang="qar" dir="rtl">' in page


def test_page_has_words_for_steps_and_states(translators: Mapping[Language, Translator]) -> None:
    rows = {
        "supporters": [{"step": "own_name", "funnel_steps": 0b1000101}, {"step": "idle"}, {"step": "review"}],
        "signatures": [{"counted_as": "+direct"}],
        "subscriptions": [{"ended_because": "asked"}],
        "deliveries": [{"state": "unknown"}],
    }
    page = data_page.write(translators["en"], rows, LABELS)
    for words in (
        "changing your name",
        "wrote to the bot, began to sign, signed",
        "no question is open",
        "came directly",
        "you stopped them",
        "may not have arrived",
    ):
        assert f'<dd dir="auto">{words}</dd>' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_supporters_and_every_funnel_step_has_words(
    translators: Mapping[Language, Translator], language: Language
) -> None:
    for step in (*SIGNING_STEPS, *OWN_DATA_STEPS, EXPIRED, "idle"):
        page = data_page.write(translators[language], {"supporters": [{"step": step}]}, LABELS)
        assert f">{step}</dd>" not in page
    page = data_page.write(translators[language], {"supporters": [{"funnel_steps": 255}]}, LABELS)
    assert "255" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_writes_everything_of_a_draft_in_words(
    translators: Mapping[Language, Translator], language: Language
) -> None:
    """The answers of a signature, and what an organizer is writing."""
    _ = translators[language]
    began = int(NOW.timestamp())
    draft = Draft(
        "Sam", "CA", "No one <b>", PictureQuestion.draw(), True, began, 11, 12, 13, began, 14, Undo("country", "KR"),
        "Sam?", True,
    ).to_mapping()  # fmt: skip
    draft |= dict.fromkeys((stored_draft.BROADCAST, stored_draft.INTERRUPTED), 7)
    draft |= {stored_draft.LANGUAGE: "ko"}
    draft |= dict.fromkeys((stored_draft.ORDER, stored_draft.TYPED, stored_draft.PARTS), "said")
    draft |= QuestionButtons((15,), 16, (17, 18)).to_mapping()
    rows = {"supporters": [{"draft": orjson.dumps(draft).decode()}]}
    page = unescape(data_page.write(_, rows, LABELS))
    kept_beside = [name for name, key in vars(stored_draft).items() if name.isupper() and isinstance(key, str)]
    fields = (*Draft.__dataclass_fields__, *QuestionButtons.__dataclass_fields__, *kept_beside)
    assert len(draft) == len(fields), "the draft has something new"
    lines = page.partition('<dd dir="auto">')[2].partition("</dd>")[0].split("\n")
    assert len(lines) == len(draft)
    assert not [line for line in lines if line.partition(": ")[0] in draft], "a key without words"
    for told in ("Sam", _.direct(f"🇨🇦 {_.country('CA')}"), "No one <b>", f"🇰🇷 {_.country('KR')}", "한국어"):
        assert [line for line in lines if line.endswith(f": {told}")], told


def test_page_of_an_organizer_has_no_json(translators: Mapping[Language, Translator]) -> None:
    rows = {
        "audit_log": [{"details": '{"before":null,"broadcast":3,"name":"Sam"}'}],
        "jobs": [{"details": '{"broadcast":3}', "progress": '{"about-me.html":1}'}],
        "signatures": [{"reason": "{ this is what somebody wrote long ago"}],
    }
    page = unescape(data_page.write(translators["en"], rows, LABELS))
    assert "Update: 3\nName: Sam" in page
    assert '"' not in re.sub(r"<[^>]*>", "", page)
    assert "{ this is what somebody wrote long ago" in page

"""The question of the human check, and what counts as a surge."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from chatbot.i18n import Translator
from chatbot.petition.signing.draft import Draft
from chatbot.petition.signing.human_check import AUTO_DURATION, WINDOW, HumanCheck, SigningTimes, is_surge
from chatbot.petition.signing.picture_question import PICTURES, REST, PictureQuestion
from chatbot.screens.supporter.human_check import WORDS, find_words

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def test_pictures_have_distinct_words_in_each_language(translators: Mapping[str, Translator]) -> None:
    assert WORDS.keys() == PICTURES.keys()
    assert len(set(PICTURES.values())) == len(PICTURES)
    for _ in translators.values():
        words = [word(_) for word in WORDS.values()]
        assert all(words)
        assert not [pair for pair in permutations(words, 2) if pair[0] in pair[1]], "a typed word could mean two"


def test_right_picture_is_equally_likely_at_each_position() -> None:
    chance = random.Random(7)
    drawn = [PictureQuestion.draw(chance) for _ in range(2000)]
    places = [picture_question.shown.index(picture_question.wanted) for picture_question in drawn]
    assert all(len(set(picture_question.shown)) == 4 for picture_question in drawn)
    assert all(400 < places.count(place) < 600 for place in range(4))
    assert len({picture_question.mark for picture_question in drawn}) == 2000
    assert {picture_question.wanted for picture_question in drawn} == PICTURES.keys()


def test_wrong_answer_brings_other_pictures_and_every_third_a_pause() -> None:
    first = picture_question = PictureQuestion.draw()
    rests = []
    for _ in range(6):
        before, picture_question = picture_question, picture_question.ask_again(NOW)
        assert not set(before.shown) & set(picture_question.shown)
        assert picture_question.mark != before.mark
        rests.append(picture_question.is_resting(NOW))
        assert not picture_question.is_resting(NOW + REST)
    assert rests == [False, False, True, False, False, True]
    assert picture_question.find_tapped(f"0.{first.mark}") is None, "a button of an earlier question"


def test_question_is_stored_with_the_draft_and_invalid_text_is_none() -> None:
    picture_question = PictureQuestion.draw().ask_again(NOW).ask_again(NOW).ask_again(NOW)
    draft = Draft("Sam", "CA", None, picture_question)
    assert Draft.from_mapping(draft.to_mapping()) == draft
    assert draft.fingerprint() == Draft("Sam", "CA").fingerprint()
    for text in (None, "", "cat", "cat ab 0 0 cat dog tree moon", "cat ab x 0 cat key tree moon", "cat ab 0 0 cat key"):
        assert PictureQuestion.from_text(text) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Cat", "cat"),
        ("고양이입니다", "cat"),
        ("the SCISSORS!", "scissors"),
        ("✂", "scissors"),
        ("✂️", "scissors"),
        ("☂", "umbrella"),
        ("cat tree", None),
        ("moon", None),
        ("", None),
    ],
)
def test_answer_can_be_typed(translators: Mapping[str, Translator], typed: str, found: str | None) -> None:
    picture_question = PictureQuestion(("cat", "scissors", "tree", "umbrella"), "scissors", "ab")
    assert picture_question.find_typed(typed, find_words(translators.values())) == found


@pytest.mark.parametrize("choice", ["", "0", "4.ab", "-1.ab", "0.cd", "x.ab", "0.ab.ab", "²."])
def test_foreign_button_chooses_no_picture(choice: str) -> None:
    assert PictureQuestion(("cat", "scissors", "tree", "umbrella"), "scissors", "ab").find_tapped(choice) is None


def signed(minutes_ago: float, knew_for: timedelta) -> SigningTimes:
    return SigningTimes(NOW - timedelta(minutes=minutes_ago), NOW - timedelta(minutes=minutes_ago) - knew_for)


def test_surge_is_many_signatures_by_mostly_new_people() -> None:
    new, old = timedelta(minutes=1), timedelta(days=2)
    assert is_surge([signed(9, new)] * 30, 30, NOW)
    assert not is_surge([signed(9, new)] * 29, 30, NOW)
    assert not is_surge([signed(9, new)] * 29 + [signed(11, new)], 30, NOW), "too slow"
    assert not is_surge([signed(9, new)] * 15 + [signed(9, old)] * 15, 30, NOW), "subscribers called to sign"
    assert is_surge([signed(9, new)] * 16 + [signed(9, old)] * 14, 30, NOW)
    assert not is_surge([], 30, NOW)
    assert not is_surge([signed(9, WINDOW)] * 30, 30, NOW)


def test_check_asks_by_its_mode() -> None:
    assert HumanCheck("on").asks(NOW)
    assert not HumanCheck("off", until=NOW + AUTO_DURATION).asks(NOW)
    assert not HumanCheck("auto").asks(NOW)
    assert HumanCheck("auto", until=NOW + AUTO_DURATION).asks(NOW)
    assert not HumanCheck("auto", until=NOW).asks(NOW)

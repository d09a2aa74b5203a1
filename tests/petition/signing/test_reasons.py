"""A reason is stored as written, without invisible characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.signing.reasons import MAX_REASON_LENGTH, ReasonProblem, ReasonRefusedError, read_reason


def test_words_emoji_and_links_stay() -> None:
    reason = "가족이 그곳에 있습니다. ❤️ ❤️‍🔥 👩‍👩‍👧\nSee https://example.org/a_b?c=d"
    assert read_reason(reason) == reason


def test_lines_stay_with_at_most_one_blank_line() -> None:
    assert read_reason("\n\none  two \r\nthree\n\n\n \nfour\u2028five\x85\n") == "one two\nthree\n\nfour\nfive"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("free\u202edom", "freedom"),
        ("a\u200bb\u3164c\x00", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Z" + "\u0301" * 40 + "algo", unicodedata.normalize("NFC", "Z" + "\u0301" * 4) + "algo"),
        ("\ud800lone", "lone"),
    ],
)
def test_invisible_characters_are_removed(typed: str, reason: str) -> None:
    assert read_reason(typed) == reason


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "\u3164\u2800"])
def test_invisible_text_is_refused(text: str) -> None:
    with pytest.raises(ReasonRefusedError) as refused:
        read_reason(text)
    assert (refused.value.problem, refused.value.length) == (ReasonProblem.EMPTY, 0)


def test_reason_one_character_too_long_is_refused() -> None:
    assert read_reason("나" * MAX_REASON_LENGTH + " \n" * 900) == "나" * MAX_REASON_LENGTH
    with pytest.raises(ReasonRefusedError) as refused:
        read_reason("나" * (MAX_REASON_LENGTH + 7))
    assert (refused.value.problem, refused.value.length) == (ReasonProblem.TOO_LONG, MAX_REASON_LENGTH + 7)


@given(st.text(st.characters(codec=None)))
def test_reading_a_reason_again_changes_nothing(text: str) -> None:
    try:
        reason = read_reason(text)
    except ReasonRefusedError:
        return
    assert read_reason(reason) == reason
    assert "\n\n\n" not in reason
    reason.encode("utf-8")

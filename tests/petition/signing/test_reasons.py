"""A reason is stored as written, without invisible characters."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.signing.reasons import MAX_REASON_LENGTH, ReasonProblem, ReasonRefusedError, read_reason


def refuse(text: str) -> ReasonProblem:
    """Return why `text` is refused."""
    with pytest.raises(ReasonRefusedError) as refused:
        read_reason(text)
    return refused.value.problem


def test_words_emoji_and_signs_stay() -> None:
    reason = "가족이 그곳에 있습니다. ❤️ ❤️‍🔥 👩‍👩‍👧\n#SaveMyFriend <3 & “100 %”"
    assert read_reason(reason) == reason


def test_no_honest_reason_is_refused() -> None:
    lines = Path(__file__).with_name("honest_reasons.txt").read_text("utf-8").splitlines()
    reasons = [line for line in lines if not line.startswith("# ")]
    refused = {}
    for reason in reasons:
        try:
            if read_reason(reason) != reason:
                refused[reason] = read_reason(reason)
        except ReasonRefusedError as error:
            refused[reason] = error.problem.value
    assert refused == {}
    assert len(reasons) >= 200


@pytest.mark.parametrize(
    "text",
    [
        *("See https://example.org/a_b?c=d", "www.example.org", "example.com", "http://spam", "한국.com", "t.me/spam"),
        *("write to hana@example.org", "follow @hana_kim", "bit.ly/abc", "example.page/x", "tg://resolve?domain=x"),
        *("ｅｘａｍｐｌｅ．ｃｏｍ", "exam\u200bple.com", "spam.co.kr", "mailto:hana"),
    ],
)
def test_address_is_refused(text: str) -> None:
    assert refuse(text) is ReasonProblem.LINK


@pytest.mark.parametrize(
    "text",
    [
        *(
            "<b>자유</b>",
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)",
            "<a href='x'>여기</a>",
            "&lt;b&gt;",
        ),
        *(
            "{name}",
            "{{ 7 * 7 }}",
            "{% if x %}",
            "${HOME}",
            "$(ls)",
            "a\\b",
            "[url=x]y[/url]",
            "＜script＞",
        ),
        f"sealed:1:deadbeef.{'A' * 120}",
        *("' OR '1'='1", "1; DROP TABLE users", "javascript:alert(1)", "../../etc/passwd", "%s%s%s", "\x1b[31mred"),
    ],
)
def test_code_is_refused(text: str) -> None:
    assert refuse(text) is ReasonProblem.CODE


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

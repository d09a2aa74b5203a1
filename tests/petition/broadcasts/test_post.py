"""The button of a post as organizers type it: its label and its link."""

import pytest

from chatbot.petition.broadcasts.post import PostButton, PostProblem, PostRefusedError, read_button


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("Read more https://example.org", PostButton("Read more", "https://example.org")),
        ("HTTPS://example.org 자세히 보기", PostButton("자세히 보기", "HTTPS://example.org")),
        ("자세히 보기 example.org", PostButton("자세히 보기", "https://example.org")),
        ("www.example.org/ko?a=1#b 자세히", PostButton("자세히", "https://www.example.org/ko?a=1#b")),
        ("Version 2.0 at EXAMPLE.ORG", PostButton("Version 2.0 at", "https://EXAMPLE.ORG")),
        ("예시.example.org 보기", PostButton("보기", "https://예시.example.org")),
        ("Say a.b. https://example.org", PostButton("Say a.b.", "https://example.org")),
        ("Beyond example.com https://example.org", PostButton("Beyond example.com", "https://example.org")),
    ],
)
def test_button_has_a_label_and_a_link(typed: str, button: PostButton) -> None:
    assert read_button(typed) == button


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Read more", PostProblem.NO_LINK),
        ("Read v2.0 or 3.5 ...", PostProblem.NO_LINK),
        ("끝났습니다.감사합니다 보기", PostProblem.NO_LINK),
        ("Read http://example.org", PostProblem.NO_LINK),
        ("Read example.org or example.com", PostProblem.NO_LINK),
        ("a@example.org Read", PostProblem.NO_LINK),
        ("example.org", PostProblem.NO_LABEL),
        (f"{'a' * 41} example.org", PostProblem.LONG_LABEL),
        (f"Read example.org/{'a' * 500}", PostProblem.NO_LINK),
    ],
)
def test_button_without_one_link_or_label_is_refused(typed: str, problem: PostProblem) -> None:
    with pytest.raises(PostRefusedError) as refused:
        read_button(typed)
    assert refused.value.problem == problem


def test_label_in_another_language_keeps_the_known_link() -> None:
    assert read_button("Read example.org", "https://example.net/ko") == PostButton(
        "Read example.org", "https://example.net/ko"
    )

"""The order of the parts of a line: directions, hashtags and isolated values."""

import pytest

from chatbot.documents.typesetting.bidi import find_direction, isolate_tags, order


@pytest.mark.parametrize(
    ("text", "document", "direction"),
    [
        ("Sam", "rtl", "ltr"),
        ("+1,204", "rtl", "ltr"),
        ("#SaveMyFriend אבג", "rtl", "rtl"),
        ("אבג Sam", "ltr", "rtl"),
        ("Sam אבג", "ltr", "ltr"),
    ],
)
def test_direction_of_a_text_depends_on_its_letters(text: str, document, direction: str) -> None:
    assert find_direction(text, document) == direction


@pytest.mark.parametrize("tag", ["#SaveMyFriend", "(#SaveMyFriend)", "@petition_bot"])
def test_sign_of_a_hashtag_is_before_its_letters_in_a_right_to_left_line(tag: str) -> None:
    parts = [part for part in order(isolate_tags(tag), "rtl") if not part.is_right_to_left]
    assert [part.text for part in parts] == [tag.strip("()")]
    assert isolate_tags("https://x.org/a#b sam@example.org") == "https://x.org/a#b sam@example.org"


def test_isolated_values_do_not_turn_the_text_around_them() -> None:
    parts = [(part.text, part.is_right_to_left) for part in order("אבג \u2068Sam (7)\u2069, דהו", "rtl")]
    assert parts == [
        (", דהו", True),
        ("Sam (7)", False),
        ("אבג ", True),
    ]

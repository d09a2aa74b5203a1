"""Where a line may end inside a word, in scripts without spaces between words."""

import pytest

from chatbot.documents.typesetting.line_breaks import split_word


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("「難民」を救って。", ["「難", "民」", "を", "救っ", "て。"]),
        ("ประเทศไทยและจีนต่างๆ", ["ประ", "เทศ", "ไทย", "และ", "จีนต่างๆ"]),
        ("脱北者(refugees)を", ["脱", "北", "者", "(refugees)", "を"]),
        ("https://example.org/x", ["https://example.org/x"]),
        ("주십시오", ["주십시오"]),
    ],
)
def test_word_is_split_where_lines_may_end(word: str, parts: list[str]) -> None:
    assert split_word(word) == parts

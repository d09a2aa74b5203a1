import pytest

from chatbot.emulator.text.typed import read_entities, split


def test_typed_formatting_is_read():
    bold = {"type": "bold", "offset": 0, "length": 2}
    link = {"type": "text_link", "offset": 2, "length": 1, "url": "example.org"}
    assert read_entities([bold | {"odd": 1}, link]) == [bold, link | {"url": "http://example.org/"}]
    assert read_entities(None) == []


@pytest.mark.parametrize(
    "raw",
    [
        {},
        ["bold"],
        [{"type": "bold", "offset": 0}],
        [{"type": "bold", "offset": -1, "length": 1}],
        [{"type": "bold", "offset": 0, "length": 0}],
        [{"type": "custom_emoji", "offset": 0, "length": 1}],
        [{"type": [], "offset": 0, "length": 1}],
        [{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}],
        [{"type": "text_link", "offset": 0, "length": 1}],
    ],
)
def test_formatting_that_the_app_cannot_send_is_refused(raw):
    with pytest.raises((ValueError, TypeError)):
        read_entities(raw)


def test_long_text_is_cut_with_its_formatting():
    bold = {"type": "bold", "offset": 2, "length": 4}
    assert list(split("😀abcd", [bold], 3)) == [
        ("😀ab", [{"type": "bold", "offset": 2, "length": 2}]),
        ("cd", [{"type": "bold", "offset": 0, "length": 2}]),
    ]
    assert list(split("", [], 3)) == []

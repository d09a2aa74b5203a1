import pytest

from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.text.formatting import formatted, found


def shape(text, parse_mode="HTML", entities=None):
    plain, marks = formatted(text, parse_mode, entities)
    return plain, [(mark["type"], mark["offset"], mark["length"]) for mark in marks]


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("  \n hello \n ", ("hello", [])),
        (" <b> hello </b> ", (" hello", [("bold", 0, 6)])),
        ("a\r\nb\tc\u202e", ("a\nb c", [])),
        ("\u202e<b>x</b>\u2028<i>y</i>", ("xy", [("bold", 0, 1), ("italic", 1, 1)])),
        ("<b>a</b><b>b</b>", ("ab", [("bold", 0, 2)])),
        ("<b>x<b>y</b></b>", ("xy", [("bold", 0, 2)])),
        ("x<b> </b>y", ("x y", [])),
        ("<i><b>x</b></i>", ("x", [("bold", 0, 1), ("italic", 0, 1)])),
        ("<b>a<i>b</i></b>", ("ab", [("bold", 0, 2), ("italic", 1, 1)])),
    ],
)
def test_text_is_cleaned_as_telegram_does(source, kept):
    assert shape(source) == kept


def test_text_without_html_is_unchanged():
    assert shape("<b>1 < 2</b>", "") == ("<b>1 < 2</b>", [])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("/start now", [("bot_command", 0, 6)]),
        ("see https://example.org/a?b=1.", [("url", 4, 25)]),
        ("example.org and t.me/petition_bot", [("url", 0, 11), ("url", 16, 17)]),
        ("write to hana@example.org!", [("email", 9, 16)]),
        ("#SaveMyFriend 와 @petition_bot", [("hashtag", 0, 13), ("mention", 16, 13)]),
        ("and/or 1/2 a.b #1", []),
    ],
)
def test_links_and_commands_are_detected(text, kinds):
    marks = sorted(found(text), key=lambda mark: mark["offset"])
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in marks] == kinds


def test_nothing_is_detected_inside_links_and_code():
    assert shape('<a href="https://example.org">/start</a> <code>/help</code>')[1] == [
        ("text_link", 0, 6),
        ("code", 7, 5),
    ]


def test_entities_replace_html():
    assert shape("abc", "", [{"type": "bold", "offset": 0, "length": 1}]) == ("abc", [("bold", 0, 1)])


@pytest.mark.parametrize(
    ("text", "parse_mode", "description"),
    [
        ("가" * 10_923, "", "Bad Request: text is too long"),
        ("<b>x", "HTML", "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""),
        ("x", "BBCode", "Bad Request: unsupported parse_mode"),
        ("<b>x</b> " * 101, "HTML", "Bad Request: ENTITIES_TOO_LONG"),
    ],
)
def test_invalid_text_is_refused(text, parse_mode, description):
    with pytest.raises(RefusalError) as refused:
        formatted(text, parse_mode)
    assert refused.value.description == description


def test_message_may_have_a_hundred_entities():
    assert len(formatted("<b>x</b> " * 100, "HTML")[1]) == 100

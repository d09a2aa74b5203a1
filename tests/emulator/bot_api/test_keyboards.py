import pytest

from chatbot.emulator.bot_api import keyboards
from chatbot.emulator.bot_api.refusal import RefusalError

PARSE = "Bad Request: can't parse inline keyboard button: "


def keyboard(*row):
    return {"inline_keyboard": [list(row)]}


def kept(*row):
    return keyboards.read(keyboard(*row)).settle()


@pytest.mark.parametrize(
    "button",
    [
        {"text": "Sign", "callback_data": "sign"},
        {"text": "Sign", "style": "primary", "callback_data": "가" * 21},
        {"text": "Read", "url": "https://example.org/a?b=%EA%B0%80#c"},
        {"text": "Person", "url": "tg://user?id=42"},
        {"text": "Copy", "copy_text": {"text": "x" * 256}},
        {"text": "Share", "switch_inline_query": ""},
    ],
)
def test_correct_button_is_returned_unchanged(button):
    assert kept(button) == keyboard(button)


def test_button_urls_are_normalized():
    assert kept({"text": "x", "url": "Example.org"}) == keyboard({"text": "x", "url": "http://example.org/"})


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ("text", PARSE + "InlineKeyboardButton must be an Object"),
        ({"callback_data": "x"}, PARSE + 'Can\'t find field "text"'),
        ({"text": 1, "callback_data": "x"}, PARSE + 'Field "text" must be of type String'),
        ({"text": "x"}, PARSE + "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": ""}, PARSE + "Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "callback_data": "y", "style": "loud"}, PARSE + "invalid button style specified"),
        ({"text": "x", "callback_data": "y" * 65}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "가" * 22}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "ftp://a.b"},
         "Bad Request: inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol"),
        ({"text": "x", "url": "localhost"},
         "Bad Request: inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL"),
        ({"text": "x", "url": "http://"},
         "Bad Request: inline keyboard button URL 'http://' is invalid: URL host is empty"),
        ({"text": "x", "web_app": {"url": "http://a.b"}},
         "Bad Request: inline keyboard button Web App URL 'http://a.b' is invalid: Only HTTPS links are allowed"),
    ],
)  # fmt: skip
def test_wrong_button_is_refused(button, description):
    with pytest.raises(RefusalError) as refused:
        kept(button)
    assert refused.value.description == description


def test_too_many_buttons_are_refused():
    button = {"text": "x", "callback_data": "y"}
    rows = {"inline_keyboard": [[button] * 10] * 10}
    assert keyboards.read(rows).settle() == rows
    with pytest.raises(RefusalError, match="reply markup is too long"):
        keyboards.read({"inline_keyboard": [[button] * 10] * 10 + [[button]]}).settle()


def test_buttons_without_text_are_dropped():
    assert keyboards.read(keyboard({"text": "", "callback_data": "x"})).settle() is None


def test_other_keyboards_show_no_inline_buttons():
    markup = keyboards.read({"remove_keyboard": True})
    assert markup.settle() is None
    with pytest.raises(RefusalError, match="inline keyboard expected"):
        markup.settle(inline_only=True)

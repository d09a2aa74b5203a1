"""Screens in Telegram's words, checked against two libraries' idea of the Bot API."""

import pytest
from aiogram.methods import EditMessageText, SendMessage
from markupsafe import Markup
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from chatbot.screens.screen import Copy, Link, Press, Screen
from chatbot.transport.rendering import render

SCREEN = Screen(
    Markup("<b>Save My Friend</b>"),
    (
        (Press("Sign", "sign", "primary"),),
        (Press("Read", "read:1"), Press("Yes", "yes", "success"), Press("No", "no", "danger")),
        (Link("Go on", "https://t.me/bot", "primary"),),
        (Link("Share", "https://t.me/share/url?url=x"), Copy("Copy", "https://t.me/savemyfriend_bot")),
    ),
)


def test_text_is_html_and_plain():
    values = render(SCREEN)
    assert values["text"] == "<b>Save My Friend</b>"
    assert type(values["text"]) is str
    assert values["parse_mode"] == "HTML"


def test_buttons_are_what_ptb_would_make_of_them():
    expected = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Sign", callback_data="sign", style="primary")],
            [
                InlineKeyboardButton("Read", callback_data="read:1"),
                InlineKeyboardButton("Yes", callback_data="yes", style="success"),
                InlineKeyboardButton("No", callback_data="no", style="danger"),
            ],
            [InlineKeyboardButton("Go on", url="https://t.me/bot", style="primary")],
            [
                InlineKeyboardButton("Share", url="https://t.me/share/url?url=x"),
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("https://t.me/savemyfriend_bot")),
            ],
        ]
    )
    assert render(SCREEN)["reply_markup"] == expected.to_dict()


def test_the_newest_bot_api_accepts_it():
    assert SendMessage.model_validate({"chat_id": 7, **render(SCREEN)}).reply_markup is not None
    assert EditMessageText.model_validate({"chat_id": 7, "message_id": 1, **render(SCREEN)}).text


@pytest.mark.parametrize("preview", [True, False])
def test_links_unfold_only_when_asked(preview):
    screen = Screen(Markup("https://example.org"), preview=preview)
    assert render(screen)["link_preview_options"] == {"is_disabled": not preview}


def test_a_screen_without_buttons_takes_the_old_ones_away():
    assert "reply_markup" not in render(Screen(Markup("Thank you")))

"""Screens as calls of the Bot API, compared with python-telegram-bot and checked by aiogram's models."""

from dataclasses import replace

import pytest
from markupsafe import Markup
from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from chatbot.petition.broadcasts.post import MEDIA_KINDS, Media
from chatbot.screens.screen import Copy, Link, Press, Screen
from chatbot.transport.outgoing.rendering import render, render_edit, render_message
from tests.support.bot_api_models import build, methods
from tests.support.bot_api_schema import check_request

SCREEN = Screen(
    Markup("<b>Save My Friend</b>"),
    (
        (Press("Sign", "sign", "primary"),),
        (Press("Read", "read:1"), Press("Yes", "yes", "success"), Press("No", "no", "danger")),
        (Link("Continue", "https://t.me/bot", "primary"),),
        (Link("Share", "https://t.me/share/url?url=x"), Copy("Copy", "https://t.me/savemyfriend_bot")),
    ),
)


def test_rendering_makes_text_html():
    values = render(SCREEN)
    assert values["text"] == "<b>Save My Friend</b>"
    assert type(values["text"]) is str
    assert values["parse_mode"] == "HTML"


def test_message_without_buttons_removes_a_former_keyboard():
    method, values = render_message(Screen(Markup("Hello"), removes_keyboard=True))
    assert values["reply_markup"] == {"remove_keyboard": True}
    check_request(method, {"chat_id": 7, **values})
    assert "reply_markup" not in render_edit(Screen(Markup("Hello"), removes_keyboard=True))[1]
    assert "inline_keyboard" in render_message(replace(SCREEN, removes_keyboard=True))[1]["reply_markup"]


def test_buttons_render_as_ptb_does():
    expected = InlineKeyboardMarkup(
        [
            [InlineKeyboardButton("Sign", callback_data="sign", style="primary")],
            [
                InlineKeyboardButton("Read", callback_data="read:1"),
                InlineKeyboardButton("Yes", callback_data="yes", style="success"),
                InlineKeyboardButton("No", callback_data="no", style="danger"),
            ],
            [InlineKeyboardButton("Continue", url="https://t.me/bot", style="primary")],
            [
                InlineKeyboardButton("Share", url="https://t.me/share/url?url=x"),
                InlineKeyboardButton("Copy", copy_text=CopyTextButton("https://t.me/savemyfriend_bot")),
            ],
        ]
    )
    assert render(SCREEN)["reply_markup"] == expected.to_dict()


def test_newest_bot_api_accepts_a_screen_with_every_button():
    assert build(methods.SendMessage).model_validate({"chat_id": 7, **render(SCREEN)}).reply_markup is not None
    assert build(methods.EditMessageText).model_validate({"chat_id": 7, "message_id": 1, **render(SCREEN)}).text


@pytest.mark.parametrize("preview", [True, False])
def test_links_have_a_preview_only_if_the_screen_says_so(preview):
    screen = Screen(Markup("https://example.org"), preview=preview)
    assert render(screen)["link_preview_options"] == {"is_disabled": not preview}


def test_screen_without_buttons_has_no_markup():
    assert "reply_markup" not in render(Screen(Markup("Thank you")))


def test_text_uses_the_methods_for_texts():
    assert render_message(SCREEN) == ("sendMessage", render(SCREEN))
    assert render_edit(SCREEN) == ("editMessageText", render(SCREEN))


@pytest.mark.parametrize("kind", MEDIA_KINDS)
def test_file_is_sent_by_its_id_with_a_caption(kind):
    screen = replace(SCREEN, media=Media(kind, "AgAC-1"), preview=True)
    method, values = render_message(screen)
    assert method.lower() == f"send{kind}"
    assert values == {
        kind: "AgAC-1",
        "caption": "<b>Save My Friend</b>",
        "parse_mode": "HTML",
        "reply_markup": render(SCREEN)["reply_markup"],
    }
    check_request(method, {"chat_id": 7, **values})


def test_edit_changes_caption_and_buttons_of_a_file():
    method, values = render_edit(replace(SCREEN, media=Media("video", "BAAC-1")))
    assert method == "editMessageCaption"
    assert build(methods.EditMessageCaption).model_validate({"chat_id": 7, "message_id": 1, **values}).caption
    assert "video" not in values


@pytest.mark.parametrize("media", [None, Media("photo", "AgAC-1")])
def test_only_a_new_message_can_be_silent(media):
    screen = replace(SCREEN, media=media, silent=True)
    method, values = render_message(screen)
    assert values["disable_notification"] is True
    assert "disable_notification" not in render_edit(screen)[1]
    check_request(method, {"chat_id": 7, **values})

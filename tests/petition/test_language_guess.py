"""Guessing the language of a text from its letters."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from chatbot.petition.language_guess import guess_written_language, strip_tags


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("친구가 풀려났습니다!", "ko"),
        ("Our friend is free!", "en"),
        ("<b>#SaveMyFriend</b> 오늘 제네바에서 서명을 전달했습니다. https://example.org/en/delivered", "ko"),
        ("Today 김하나 spoke in Geneva, on behalf of all of us.", "en"),
        ("UN 인권이사회에 다녀왔습니다", "ko"),
        ("OK", None),
        ("감사", None),
        ("", None),
        ("https://example.org/a-long-address-in-latin-letters", None),
        ("🎉🎉🎉 2026", None),
        ("Спасибо вам всем", None),
    ],
)
def test_language_is_guessed_from_letters(text: str, language: str | None) -> None:
    assert guess_written_language(Markup(text), ("ko", "en")) == language


@pytest.mark.parametrize(
    ("text", "languages", "language"),
    [
        ("친구가 풀려났습니다!", ("en", "de", "ko"), "ko"),
        ("Our friend is free!", ("en", "de", "ko"), None),
        ("Unser Freund ist frei!", ("de", "ko"), "de"),
        ("友人が解放されました", ("ja", "zh_Hant", "en"), "ja"),
        ("朋友已獲釋放", ("ja", "zh_Hant", "en"), None),
        ("朋友已獲釋放", ("ko", "zh_Hant", "en"), "zh_Hant"),
        ("Наш друг свободен", ("ru", "en"), "ru"),
        ("Naš prijatelj je slobodan", ("sr", "sr_Latn"), "sr_Latn"),
        ("صديقنا حر", ("ar", "en", "ko"), None),
        ("أُفرج عن صديقنا اليوم", ("ar", "en", "ko"), "ar"),
        ("ثم أُفرج عن صديقنا", ("ar", "fa"), None),
        ("Our friend is free!", ("en", "qps"), None),
        ("हमारा मित्र आज़ाद है", ("hi", "en"), "hi"),
        ("Our friend is free!", ("en",), "en"),
        ("Our friend is free!", (), None),
    ],
)
def test_language_is_guessed_only_where_one_has_the_script(
    text: str, languages: tuple[str, ...], language: str | None
) -> None:
    assert guess_written_language(Markup(text), languages) == language


@given(st.text())
def test_tags_are_stripped_from_any_text(text: str) -> None:
    assert strip_tags(Markup("<b>{}</b>").format(text)) == html.unescape(str(escape(text)))

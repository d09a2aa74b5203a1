"""Telegram's limits of a screen."""

import html
import re
from typing import Final

from chatbot.screens.screen import Copy, Link, Press, Screen

_TAG: Final = re.compile(r"</?([a-z-]+)[^>]*>")
_TAGS: Final = {"b", "i", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


def assert_fits(name: str, screen: Screen) -> None:
    """Assert that Telegram accepts a screen, and that its text has no placeholder left."""
    text = str(screen.text)
    shown = html.unescape(_TAG.sub("", text))
    assert shown.strip(), name
    assert len(shown) <= 4096, name
    assert len(text.encode()) <= 32_768, name
    assert set(_TAG.findall(text)) <= _TAGS, name
    assert len(_TAG.findall(text)) <= 200, f"{name}: more than 100 entities"
    assert "{" not in shown, f"{name}: a placeholder was left"
    assert sum(len(row) for row in screen.rows) <= 100, name
    assert not (screen.keyboard and screen.rows), f"{name}: a message has one keyboard"
    for written in screen.keyboard:
        assert 0 < len(written if isinstance(written, str) else written.label) <= 64, name
    for button in (button for row in screen.rows for button in row):
        assert 0 < len(button.label) <= 64, f"{name}: {button.label}"
        match button:
            case Press(action=action):
                assert 1 <= len(action.encode()) <= 64, f"{name}: {action}"
            case Link(url=url):
                assert url.startswith("https://"), f"{name}: {url}"
                assert len(url) <= 2048, f"{name}: {url}"
            case Copy(text=copied):
                assert 1 <= len(copied) <= 256, f"{name}: {copied}"

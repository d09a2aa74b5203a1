"""Golden files of every screen in both languages: a change of words shows in a diff.

`UPDATE_GOLDEN=1 python -m pytest tests/screens` writes them.
"""

import os
from pathlib import Path

import pytest

from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Button, ChatRequest, ChooseChat, Copy, Link, Press, Screen
from tests.screens.galleries.all_screens import ORDINARY, screens
from tests.support.languages import LANGUAGES

GOLDEN = Path(__file__).parent.parent / "golden"


def draw(screen: Screen) -> str:
    """Write a screen as text: its HTML, then a line for each row of buttons."""
    rows = [" ".join(_draw_button(button) for button in row) for row in screen.rows]
    below = [f"⌨ {_draw_keyboard_button(button)}" for button in screen.keyboard]
    return "\n".join([str(screen.text), "", *rows, *below]).rstrip() + "\n"


def _draw_keyboard_button(button: ChatRequest | str) -> str:
    return f"[{button}]" if isinstance(button, str) else f"[{button.label}](asks for a {button.kind})"


def _draw_button(button: Button) -> str:
    match button:
        case Press(label, action, style):
            return f"[{label}]({action}{'' if style == 'plain' else f', {style}'})"
        case Link(label, url, style):
            return f"[{label}]({url}{'' if style == 'plain' else f', {style}'})"
        case Copy(label, text):
            return f"[{label}](copies {text!r})"
        case ChooseChat(label, style):
            return f"[{label}](opens their chats{'' if style == 'plain' else f', {style}'})"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_reads_as_reviewed(campaign: Campaign, translators, language: Language) -> None:
    directory = GOLDEN / language
    drawn = {
        f"{name}.txt": draw(screen) for name, screen in screens(translators, campaign, language, ORDINARY[language])
    }
    if os.environ.get("UPDATE_GOLDEN"):
        directory.mkdir(parents=True, exist_ok=True)
        for old in directory.glob("*.txt"):
            old.unlink()
        for file, text in drawn.items():
            (directory / file).write_text(text, encoding="utf-8")
    kept = {file.name: file.read_text(encoding="utf-8") for file in directory.glob("*.txt")}
    assert sorted(drawn) == sorted(kept)
    for file, text in drawn.items():
        assert text == kept[file], f"{language}/{file} reads differently"

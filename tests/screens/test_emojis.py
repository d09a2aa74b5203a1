"""An emoji marks a button that leads on; buttons that end, keep or erase something have words alone.

✏️ stands before the name of what a button changes: "Name" alone would not say that it asks for another one. The 🔕 below
an update stands for words in two languages.
"""

import re
from collections.abc import Mapping

import pytest

from chatbot.i18n import Translator
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.screen import Press
from tests.screens.galleries.all_screens import ORDINARY, screens
from tests.support.languages import LANGUAGES

WAYS = re.compile(rf"(?:{callbacks.SIGN}|{callbacks.SHARE}|{callbacks.ME}|read:1|updates:1|subscribe)")
DECISIONS = re.compile(r"(?:unsubscribe|withdraw|forget)(?::.*)?|keep:.*|\w+\.(?:keep|skip|back)")
CHANGES = {f"{step}{line}" for step in ("me:", "check.") for line in ("name", "country", "reason")}
EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
SPOKEN_NO = ("Later", "나중에", "Not now", "No, thanks", "괜찮", "Keep", "그대로 두기", "‹")
"""How buttons begin that decline, and so decide, though they lead to a screen."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_emojis_mark_ways_and_no_decisions(
    campaign: Campaign, translators: Mapping[Language, Translator], language: Language
) -> None:
    buttons = {
        (button.label, button.action)
        for _, screen in screens(translators, campaign, language, ORDINARY[language])
        for row in screen.rows
        for button in row
        if isinstance(button, Press)
    }
    plain = [
        (label, action)
        for label, action in buttons
        if WAYS.fullmatch(action) and not EMOJI.search(label) and not label.startswith(SPOKEN_NO)
    ]
    marked = [(label, action) for label, action in buttons if DECISIONS.fullmatch(action) and EMOJI.match(label)]
    pencils = {action for label, action in buttons if label.startswith("✏️")}
    assert plain == []
    assert marked == []
    assert pencils >= CHANGES

"""Cards that Telegram always refuses delay no other cards, and are tried less and less often."""

from collections.abc import Mapping

import pytest

from chatbot.broadcasting.card_keeper import LONGEST_REST
from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import CardEdit
from chatbot.storage import Database
from tests.broadcasting.test_card_keeper import SHOWN, Cards

BAD = 40


@pytest.mark.slow
async def test_refused_cards_delay_no_others(database: Database, translators: Mapping[str, Translator]) -> None:
    posted = Cards(database, translators)
    await posted.keeper.refresh()
    names = await posted.post(5)
    mallory = set(await posted.post(BAD))  # the newest cards come first
    await posted.keeper.refresh()
    posted.answer = lambda name: CardEdit("refused") if name in mallory else SHOWN
    for _ in range(6):
        await posted.sign(10)
        await posted.pass_seconds(600, every=20)
        shown = f"{178_920 + posted.signed:,}+"
        assert all(shown in posted.texts[name] for name in names)
    tries = [name for _, name in posted.calls if name in mallory]
    assert len(tries) <= BAD * (7 + 3600 / LONGEST_REST), "each refused card waits longer before the next try"
    assert await posted.count_stored() == 5 + BAD

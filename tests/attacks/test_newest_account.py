"""The threshold for new accounts does not reveal whether the newest account of all has signed.

Mallory has twenty-five accounts a little older than X's. If the highest account that has signed set the threshold, X's
signature would decide whether Mallory's flood raises a signal.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.app import anomaly_watch
from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import WINDOW
from tests.attacks.test_who_signed import (
    X,
    Y,
    petition,
)
from tests.support.cast import MALLORY


@pytest.mark.slow
@pytest.mark.parametrize("first", [7_500_000_000, 7_560_000_000, 7_640_000_000])
async def test_flood_of_older_accounts_reveals_nothing_of_one(
    first: int,
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anomaly_watch, "draw_noise", lambda: 0)
    read: list[list[str]] = []
    for signer in (X, Y):
        async with petition(tmp_path / signer.country, campaign, translators, signer, sealed=True) as chats:
            chats.jobs.now = chats.driver.now
            for nth in range(25):
                await chats.jobs.sign(first + nth, first + nth, country="CA", source=None, seconds=90, name=str(nth))
            chats.driver.now += WINDOW
            await detect_in_new_signatures(chats.database, chats.driver.now)
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            await mallory.says("/doubts")
            texts = ["\n".join([mallory.text, *mallory.labels])]
            for action in [action for action in mallory.actions if ":look:" in action]:
                await mallory.presses(action)
                texts += sorted((await chats.run_jobs())[MALLORY])
            read.append(texts)
    assert read[0] == read[1]
    assert "New accounts" in read[0][0]

"""The threshold for new accounts does not reveal whether X, the newest account of all, has signed.

Mallory signs with twenty-five accounts that are a little older. If the newest signer set the threshold, X's signature
would decide whether that flood raises a signal.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.app.anomaly_watch import detect_in_new_signatures
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.review.detector import WINDOW
from tests.attacks.twin_petitions import X, Y, petition
from tests.support.cast import MALLORY


@pytest.mark.slow
@pytest.mark.usefixtures("no_noise")
@pytest.mark.parametrize("first", [7_500_000_000, 7_560_000_000, 7_640_000_000])
async def test_flood_of_older_accounts_does_not_reveal_the_newest_signer(
    first: int,
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
) -> None:
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

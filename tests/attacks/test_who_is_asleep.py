"""The forecast of how many recipients are asleep does not tell organizers in which country a subscriber lives.

An organizer can ask for the forecast of any hour, and the audit log does not show it. In one petition the last
subscriber has signed in New Zealand, in the other one in Norway, where night falls at other hours.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.model import Campaign
from chatbot.storage.broadcasts import deliveries
from tests.attacks.twin_petitions import X, petition
from tests.support.cast import MALLORY
from tests.support.written_broadcasts import write_both

HOURS = range(1, 25, 3)


@pytest.mark.slow
@pytest.mark.parametrize("readers", [0, 35])
@pytest.mark.parametrize("quiet_hours", [QuietHours(time(21), time(8)), None], ids=["quiet", "loud"])
async def test_forecasts_for_any_hour_tell_no_country(
    quiet_hours: QuietHours | None,
    readers: int,
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
) -> None:
    read: list[list[str]] = []
    for country in ("NZ", "NO"):
        quiet = replace(campaign, quiet_hours=quiet_hours)
        async with petition(tmp_path / country, quiet, translators, replace(X, country=country), sealed=True) as chats:
            await chats.driver.subscribe(range(1, readers + 1), "ko", "KR")
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            await write_both(mallory)
            draft = await chats.driver.newest()
            texts = []
            for hours in HOURS:
                at = int((chats.driver.now + timedelta(hours=hours)).timestamp())
                await mallory.presses(f"broadcast:hour:{draft.id}:{draft.revision}:{at}")
                texts.append("\n".join([mallory.text, *mallory.labels]))
                chats.driver.now += timedelta(hours=3)
                for what in ("ask", "urgent"):
                    await mallory.presses(f"broadcast:{what}:{draft.id}:{draft.revision}")
                    texts.append("\n".join([mallory.text, *mallory.labels]))
            read.append(texts)
    assert len(read[0]) == 3 * len(HOURS)
    for one, other in zip(*read, strict=True):
        assert one == other
    assert readers == 0 or any("night" in text or "in their morning" in text for text in read[0])


@pytest.mark.parametrize("readers", [4, 35])
async def test_running_broadcast_tells_no_country(
    readers: int, tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    """At an hour that is night in one of the two countries, the progress and every question about it read the same."""
    read: list[list[str]] = []
    for country in ("NZ", "NO"):  # at 9 in the evening in Seoul it is night in New Zealand, and day in Norway
        quiet = replace(campaign, quiet_hours=QuietHours(time(21), time(8)))
        async with petition(tmp_path / country, quiet, translators, replace(X, country=country), sealed=True) as chats:
            chats.driver.campaign = quiet
            chats.driver.now = chats.driver.now.replace(hour=12)
            await chats.driver.subscribe(range(1, readers + 1), "ko", "KR")
            await chats.driver.subscribe(range(101, 126), "en", "DE")
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            await write_both(mallory)
            draft = await chats.driver.newest()
            await mallory.presses(f"broadcast:start:{draft.id}:{draft.revision}")
            while await chats.database.transact(deliveries.find_running, chats.driver.now):
                await chats.driver.deliver()
            texts = []
            for what in ("open", "sleepers", "correct", "ask", "recall", "halt", "open", "goon", "open"):
                newest = await chats.driver.newest()
                number, more = (newest.id, f":{newest.revision}") if what == "ask" else (draft.id, "")
                await mallory.presses(f"broadcast:{what}:{number}{more}")
                texts.append("\n".join([mallory.text, *mallory.labels]))
            read.append(texts)
    for one, other in zip(*read, strict=True):
        assert one == other
    assert "waiting for their morning" in read[0][0]

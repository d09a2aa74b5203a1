"""After copies, corrections and deletions nobody has a text twice unless the review warned the organizer."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from tests.broadcasting.test_truth import STEPS, Walk, walk_through


class CopyWalk(Walk):
    """A walk with few broadcasts, half of them cancelled at once. The organizers mostly copy and change them."""

    async def begin_broadcast(self, words: str) -> None:
        if self.begun > 2:
            return
        started = await self.driver.start(ko=words)
        if self.chance.random() < 0.5:
            await self.driver.cancel(started)

    def prefer(self, offered: list[str]) -> list[str]:
        liked = ("copy", "correct", "recall", "takeback", "ask", "start", "halt", "cancel")
        return [each for each in offered if each.split(":")[1] in liked and self.chance.random() < 0.7] or offered


@pytest.mark.parametrize("seed", [1])
async def test_review_warns_of_every_copy_in_a_walk(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CopyWalk, sqlite_url, campaign, translators, tmp_path, seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
async def test_review_warns_of_every_copy_in_long_walks(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CopyWalk, url, campaign, translators, tmp_path, 1000 + seed, 4 * STEPS)

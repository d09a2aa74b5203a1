"""Copies after copies, corrections and deletions: the organizer is told of everybody who may get a text twice."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from tests.broadcasting.test_truth import STEPS, Walk, walk_through


class CopyWalk(Walk):
    """The same walk with few broadcasts, half of them cancelled at once, and organizers who like to copy and change."""

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
async def test_whoever_has_a_copy_is_told_of_after_a_walk(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CopyWalk, sqlite_url, campaign, translators, tmp_path, seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
async def test_whoever_has_a_copy_is_told_of_after_long_walks(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CopyWalk, url, campaign, translators, tmp_path, 1000 + seed, 4 * STEPS)

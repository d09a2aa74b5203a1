"""However people live and organizers act, each chat, the ledger and the reports agree, and nobody is woken."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from tests.broadcasting.crowd_walk import CrowdWalk
from tests.broadcasting.test_truth import STEPS, walk_through


@pytest.mark.parametrize("seed", [1, 2])
async def test_chats_ledger_and_reports_agree_for_a_crowd(
    sqlite_url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CrowdWalk, sqlite_url, campaign, translators, tmp_path, seed, STEPS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("WALKS", "2"))))
async def test_chats_ledger_and_reports_agree_for_crowds_on_long_walks(
    url: str, campaign: Campaign, translators: Mapping[str, Translator], tmp_path: Path, seed: int
) -> None:
    await walk_through(CrowdWalk, url, campaign, translators, tmp_path, 3000 + seed, 5 * STEPS)

"""Counts and their growth do not reveal who signed or withdrew."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import STEP, round_growth
from chatbot.screens.organizer.petition import appeal_versions
from chatbot.storage import Database, Transaction
from chatbot.storage.admin.integrity import find_problems
from chatbot.storage.people import history, signatures, subscriptions
from tests.attacks.twin_petitions import X, Y, petition
from tests.support.cast import MALLORY, NOW
from tests.support.signers import add_signer


@pytest.mark.parametrize("period", ["day", "week", "month", "all"])
async def test_statistics_do_not_reveal_who_withdrew(
    period: str, tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    """X, or somebody with another country and link, withdraws; on the same day somebody signs as X would."""
    read: list[list[str]] = []
    for signer in (X, Y):
        async with petition(tmp_path / signer.country, campaign, translators, X, sealed=False) as chats:
            other = {"country": Y.country, "source": Y.source, "seconds": 9, "name": "Sam"}
            await chats.jobs.sign(Y.account, Y.account, **other)

            async def write(tx: Transaction) -> None:
                await history.write(tx, chats.driver.now)

            chats.driver.now += timedelta(hours=1)
            await chats.database.transact(write)
            chats.driver.now += timedelta(days=1)

            async def take_back(tx: Transaction, account: int = signer.account) -> None:
                await signatures.take_back(tx, account)

            await chats.database.transact(take_back)
            chats.jobs.now = chats.driver.now
            more = {"country": X.country, "source": X.source, "seconds": 9, "name": "Mallory"}
            await chats.jobs.sign(900_000_001, 900_000_001, **more)
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            texts = []
            for view in ("overview", "country", "source", "language", "steps"):
                await mallory.presses(f"stats:{view}:{period}")
                texts.append(mallory.text)
            read.append(texts)
    assert read[0] == read[1]


def test_growth_changes_only_when_the_rounded_total_does() -> None:
    """So the growth of any period reveals no more than the total."""
    for before in range(40):
        for now in range(before, before + 120):
            grown = round_growth(now, before)
            assert grown <= now - before
            assert grown % STEP == 0
            if now // STEP == (now + 1) // STEP:
                assert grown == round_growth(now + 1, before), (before, now)


def test_notice_is_offered_even_without_earlier_signers(
    translators: Mapping[str, Translator],
) -> None:
    shown = [
        appeal_versions.list_versions(
            translators["en"], [("new", NOW, 5 - old), ("old", NOW - timedelta(days=9), old)], "new"
        )
        for old in (0, 1)
    ]
    assert shown[0] == shown[1]
    assert any("notice to signers" in button.label for row in shown[0].rows for button in row)


async def test_withdrawal_deletes_the_country_of_the_subscription(database: Database) -> None:

    async def work(tx: Transaction, *, leaves: bool) -> str | None:
        await add_signer(
            tx, X.account, name=X.name, country=X.country, language="en", appeal_version="x", first_number=1, now=NOW
        )
        await subscriptions.subscribe(tx, X.account, "en", NOW)
        if leaves:
            await subscriptions.end(tx, X.account, "asked", NOW)
        await signatures.take_back(tx, X.account)
        row = await tx.one("SELECT country FROM subscriptions WHERE supporter_id = :id", id=X.account)
        return row["country"] if row else "nothing"

    for leaves in (True, False):
        assert await database.transact(work, leaves=leaves) is None
    assert await find_problems(database) == []

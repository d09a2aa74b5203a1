"""A sharer who sends the link to one person learns only on which day a friend signed, and only of safe countries.

Mallory sends the link to Sam alone. She compares what the bot shows and writes her after each thing that Sam may do.
"""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chatbot.app.periodic import count_friends
from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import jobs
from chatbot.storage.people import friends, signatures, supporters
from chatbot.storage.privacy import erasure
from tests.support.cast import MALLORY, NOW, SAM
from tests.support.chat import Chat
from tests.support.signers import add_signer

CODE = "s-KqX4zP9a"
TOTAL = re.compile(r"\d{3},\d{3}|\d+ here|▮+▯*|[\d,]+ more")
"""The total, which is public; see docs/privacy.md."""
Act = Callable[[Transaction], Coroutine[Any, Any, object]]


async def sign(tx: Transaction, country: str = "CA") -> None:
    await add_signer(tx, SAM, source=CODE, country=country, now=NOW)


async def withdraw(tx: Transaction) -> None:
    await signatures.take_back(tx, SAM)


async def erase(tx: Transaction) -> None:
    await erasure.erase(tx, SAM, NOW)


async def stay_away(_tx: Transaction) -> None:
    """Sam does nothing that day."""


async def sign_in_danger(tx: Transaction) -> None:
    """Sam signs from a country where that is dangerous."""
    await sign(tx, "CN")


async def sign_untold(tx: Transaction) -> None:
    """Sam signs without telling a country."""
    await sign(tx, "ZZ")


async def read_as_mallory(
    database: Database, campaign: Campaign, translators: Mapping[str, Translator], acts: list[Act]
) -> str:
    """Let Sam do one thing a day; return what Mallory can see in the end, and the details of jobs that write her."""

    async def prepare(tx: Transaction) -> None:
        await erasure.erase(tx, SAM, NOW)
        await erasure.erase(tx, MALLORY, NOW)
        await tx.run("DELETE FROM app_state WHERE name = 'friends_counted_to'")
        await add_signer(tx, MALLORY, country="US", now=NOW, language="en")
        await supporters.give_share_code(tx, MALLORY, CODE)

    await database.transact(prepare)
    now = NOW
    for act in acts:
        await database.transact(act)
        now += timedelta(days=1)
        await count_friends(database, campaign, now)
    mallory = Chat(Dialog(database, campaign, translators, "https://t.me/b", lambda: now), Person(MALLORY, "M", "en"))
    seen = []
    for command in ("/start", "/sign", "/share", "/me"):
        await mallory.says(command)
        seen.append(TOTAL.sub("…", re.sub(r"no\. <b>[\d,]+</b>", "…", mallory.text)))
    told = await database.transact(_read_jobs, now)
    return "\n".join([*seen, *told])


async def _read_jobs(tx: Transaction, now: datetime) -> list[str]:
    return [str(each.details) for each in await jobs.find_due(tx, now, (), 10) if each.kind == friends.JOB]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([stay_away, stay_away], [sign_in_danger, stay_away]),
        ([stay_away, stay_away], [sign_untold, withdraw]),
        ([sign, stay_away, stay_away], [sign, withdraw, stay_away]),
        ([sign, stay_away, stay_away], [sign, erase, stay_away]),
        ([sign, stay_away, stay_away], [sign, withdraw, sign]),
    ],
)
async def test_sharer_cannot_tell_what_the_friend_did(
    database: Database,
    campaign: Campaign,
    translators: Mapping[str, Translator],
    one: list[Act],
    other: list[Act],
) -> None:
    is_open = replace(campaign, is_open=True)
    first = await read_as_mallory(database, is_open, translators, one)
    assert first == await read_as_mallory(database, is_open, translators, other)
    assert ("signed through your link" in first) == (one[0] is sign)

"""No screen tells which of two people blocked the bot, unsubscribed, was erased, has withdrawn or is excluded.

Two petitions have the same people. Two of them read English and live in New Zealand and in Norway, where night falls at
other hours. Something happened to the one in one petition, and to the other one in the other. Mallory, an organizer who
knows both, does the same in both petitions at every moment and reads every screen. They are compared while the states
of the broadcasts are the same, see `test_desk_at_all_hours`.

The number of subscribers is exact. So is a report once all have it, or have left. What such a number tells about a
night in which one of the two leaves is in docs/privacy.md.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final, Literal, get_args

import pytest

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.quiet_hours import QuietHours
from chatbot.petition.model import Campaign
from chatbot.storage import Transaction
from chatbot.storage.people import signatures, subscriptions, supporters
from chatbot.storage.privacy import erasure
from tests.attacks.test_desk_at_all_hours import AUDIENCES, Desk, passes_the_night, stops, writes
from tests.attacks.twin_petitions import X, explore, petition
from tests.support.cast import MALLORY, YUNA
from tests.support.team_chats import TeamChats

IN_NORWAY, IN_NEW_ZEALAND = X.account, X.account + 200
Fortune = Literal["blocked", "unsubscribed", "erased", "withdrew", "excluded"]
CASES: Final[list[tuple[Fortune, str]]] = [
    *((each, "before") for each in get_args(Fortune)),
    *((each, "meanwhile") for each in ("withdrew", "excluded")),
]


async def settle(chats: TeamChats) -> None:
    """Subscribe many readers of Korean and few of English, the two among them."""
    driver = chats.driver
    driver.campaign = replace(driver.campaign, quiet_hours=QuietHours(time(21), time(8)))
    driver.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    await driver.subscribe(range(1, 58), "ko", "KR")
    for first in (101, X.account + 1):
        await driver.subscribe(range(first, first + 12), "en", "DE")
    await driver.subscribe([IN_NEW_ZEALAND], "en", "NZ")


async def befall(chats: TeamChats, what: Fortune, person: int) -> None:
    """Let it happen to this person."""
    now = chats.driver.now

    async def work(tx: Transaction) -> None:
        match what:
            case "blocked":
                await supporters.mark_blocked(tx, person, now)
                await subscriptions.end(tx, person, "blocked", now)
            case "unsubscribed":
                await subscriptions.end(tx, person, "asked", now)
            case "erased":
                await erasure.erase(tx, person, now)
            case "withdrew":
                await signatures.take_back(tx, person)

    await chats.database.transact(work)
    if what == "excluded":
        signature = await chats.database.transact(signatures.find, person)
        assert signature is not None
        yuna = chats.chat(YUNA, "유나")
        await yuna.says("/start")
        await yuna.says(f"/doubts {signature.number}")
        await yuna.taps("Exclude it")
        await yuna.says("somebody else signed as them")
        await yuna.taps("Yes, exclude")
        await chats.run_jobs()


@pytest.mark.slow
@pytest.mark.usefixtures("no_noise")
@pytest.mark.parametrize("act", [stops, passes_the_night])
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize(("what", "when"), CASES)
async def test_desk_does_not_tell_which_of_two_it_was(
    what: Fortune,
    when: str,
    audience: str,
    act: Callable[[Desk], Awaitable[None]],
    tmp_path: Path,
    campaign: Campaign,
    translators: Mapping[str, Translator],
) -> None:
    read, last = [], []
    for person in (IN_NORWAY, IN_NEW_ZEALAND):
        quiet = replace(campaign, quiet_hours=QuietHours(time(21), time(8)))
        signer = replace(X, country="NO", source=None)
        async with petition(tmp_path / str(person), quiet, translators, signer, sealed=True) as chats:
            await settle(chats)
            at = Desk(chats, await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer"))
            if when == "before":
                await befall(chats, what, person)
            await writes(at, audience)
            if when == "meanwhile":
                await at.delivers(limit=20)
                await befall(chats, what, person)
            await act(at)
            await at.reads("all that was done")
            read.append(at.read)
            last.append(await explore(chats, at.chat))
    same = [(one, other) for one, other in zip(*read, strict=True) if one[1] == other[1]]
    assert len(same) > 6
    for one, other in same:
        assert one == other
    if read[0][-1][1] == read[1][-1][1]:
        assert last[0] == last[1]

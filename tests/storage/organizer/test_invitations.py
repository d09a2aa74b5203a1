"""An invitation is redeemed once, even by concurrent taps in several processes."""

import asyncio
from datetime import datetime, timedelta

from chatbot.storage import Database, open_database
from chatbot.storage.organizer import invitations
from tests.support.cast import YUNA


async def test_one_of_eight_concurrent_taps_redeems_an_invitation(url: str, now: datetime) -> None:
    first, second = await open_database(url), await open_database(url)
    secret = invitations.make_secret()
    made = await first.transact(invitations.add, secret, "organizer", YUNA, now)
    used = await asyncio.gather(
        *(database.transact(invitations.redeem, made.id, nth, now) for nth, database in enumerate((first, second) * 4))
    )
    assert sorted(used) == [False] * 7 + [True]
    found = await first.transact(invitations.follow, secret)
    assert found is not None
    assert found.used_by == used.index(True)
    assert not found.is_valid(now)
    await first.close()
    await second.close()


async def test_invitation_is_open_for_two_days_unless_revoked(database: Database, now: datetime) -> None:
    secret = invitations.make_secret()
    made = await database.transact(invitations.add, secret, "viewer", YUNA, now)
    again = await database.transact(invitations.add, secret, "organizer", 1, now + timedelta(hours=1))
    assert again == made
    assert made.is_valid(now + timedelta(hours=47))
    over = now + timedelta(hours=48)
    assert not made.is_valid(over)
    assert not await database.transact(invitations.redeem, made.id, 7, over)
    assert await database.transact(invitations.list_open, over) == []
    assert await database.transact(invitations.list_open, now) == [made]
    assert await database.transact(invitations.revoke, made.id, now)
    assert not await database.transact(invitations.revoke, made.id, now)
    assert not await database.transact(invitations.redeem, made.id, 7, now)
    assert await database.transact(invitations.follow, "another") is None

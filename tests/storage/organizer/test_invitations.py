"""An invitation is used once, whoever taps at the same moment, in however many processes."""

import asyncio
from datetime import datetime, timedelta

from chatbot.storage import Database, open_database
from chatbot.storage.organizer import invitations

YUNA = 3003


async def test_two_who_use_it_at_once_in_two_processes(url: str, now: datetime) -> None:
    first, second = await open_database(url), await open_database(url)
    secret = invitations.make_secret()
    made = await first.transact(lambda tx: invitations.add(tx, secret, "organizer", YUNA, now))
    used = await asyncio.gather(
        *(
            database.transact(lambda tx, who=who: invitations.use(tx, made.id, who, now))  # type: ignore[misc]
            for who, database in enumerate((first, second) * 4)
        )
    )
    assert sorted(used) == [False] * 7 + [True]
    found = await first.transact(lambda tx: invitations.follow(tx, secret))
    assert found is not None
    assert found.used_by == used.index(True)
    assert not found.holds(now)
    await first.close()
    await second.close()


async def test_it_holds_for_two_days_unless_it_is_taken_back(database: Database, now: datetime) -> None:
    secret = invitations.make_secret()
    made = await database.transact(lambda tx: invitations.add(tx, secret, "viewer", YUNA, now))
    again = await database.transact(lambda tx: invitations.add(tx, secret, "organizer", 1, now + timedelta(hours=1)))
    assert again == made
    assert made.holds(now + timedelta(hours=47))
    over = now + timedelta(hours=48)
    assert not made.holds(over)
    assert not await database.transact(lambda tx: invitations.use(tx, made.id, 7, over))
    assert await database.transact(lambda tx: invitations.list_open(tx, over)) == []
    assert await database.transact(lambda tx: invitations.list_open(tx, now)) == [made]
    assert await database.transact(lambda tx: invitations.take_back(tx, made.id, now))
    assert not await database.transact(lambda tx: invitations.take_back(tx, made.id, now))
    assert not await database.transact(lambda tx: invitations.use(tx, made.id, 7, now))
    assert await database.transact(lambda tx: invitations.follow(tx, "another")) is None

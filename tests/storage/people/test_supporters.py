"""Supporters: met once, moved from step to step, and never overwritten by accident."""

from datetime import datetime, timedelta

import pytest

from chatbot.storage import ConflictError, Database, Transaction, UnstorableValueError
from chatbot.storage.people import supporters
from tests.support.cast import HANA

SAM = 2**52 - 1
"""The highest id that Telegram may give."""


async def test_new_supporter_has_only_a_guessed_language(database: Database, now: datetime) -> None:
    hana = await database.transact(supporters.meet, HANA, language="ko", now=now)
    assert hana == supporters.Supporter(
        id=HANA,
        language="ko",
        language_chosen=False,
        source=None,
        step="idle",
        draft={},
        share_code=None,
        blocked=False,
        last_update_id=None,
        role=None,
        known_to_team=False,
        zone=None,
        passed_human_check=False,
        after_signing=supporters.AfterSigning(),
        reached=(),
    )


async def test_meeting_again_changes_the_last_visit_only(database: Database, now: datetime) -> None:
    later = now + timedelta(days=1)

    async def meet_twice(tx: Transaction) -> None:
        await supporters.meet(tx, SAM, language="en", now=now)
        await supporters.store_step(
            tx, SAM, step="name", draft={"name": "Sam", "page": 3, "x": None}, update_id=5, now=now
        )
        before = await tx.one("SELECT * FROM supporters")
        again = await supporters.meet(tx, SAM, language="ko", now=later)
        after = await tx.one("SELECT * FROM supporters")
        assert (again.id, again.language, again.step, again.last_update_id) == (SAM, "en", "name", 5)
        assert again.draft == {"name": "Sam", "page": 3, "x": None}
        assert before is not None
        assert after is not None
        columns = ["id", "language", "language_chosen_at", "step", "draft", "last_update_id", "first_seen_at"]
        assert [after[column] for column in columns] == [before[column] for column in columns]
        assert (before["last_seen_at"], after["last_seen_at"]) == (
            "2026-11-24T03:00:00.000000Z",
            "2026-11-25T03:00:00.000000Z",
        )

    await database.transact(meet_twice)


async def test_draft_stores_every_script(database: Database, now: datetime) -> None:
    draft = {"name": "하나 🕊️ عبد \"'; DROP TABLE", "reason": "nul \0 inside"}

    async def store(tx: Transaction) -> None:
        await supporters.meet(tx, HANA, language="ko", now=now)
        await supporters.store_step(tx, HANA, step="check", draft=draft, update_id=-3, now=now)

    await database.transact(store)
    hana = await database.transact(supporters.meet, HANA, language="ko", now=now)
    assert (hana.step, hana.draft, hana.last_update_id) == ("check", draft, -3)


async def test_draft_with_half_a_character_is_refused(database: Database, now: datetime) -> None:
    with pytest.raises(UnstorableValueError):
        await database.transact(supporters.store_step, HANA, step="x", draft={"name": "\ud83d"}, update_id=1, now=now)


async def test_supporter_keeps_the_first_source(database: Database, now: datetime) -> None:
    async def come_twice(tx: Transaction) -> supporters.Supporter:
        await supporters.meet(tx, HANA, language="ko", now=now)
        assert await supporters.remember_source(tx, HANA, "x")
        assert not await supporters.remember_source(tx, HANA, "facebook")
        return await supporters.meet(tx, HANA, language="ko", now=now)

    assert (await database.transact(come_twice)).source == "x"


async def test_chosen_language_is_no_guess(database: Database, now: datetime) -> None:
    async def choose(tx: Transaction) -> supporters.Supporter:
        await supporters.meet(tx, HANA, language="ko", now=now)
        await supporters.choose_language(tx, HANA, "en", now)
        return await supporters.meet(tx, HANA, language="ko", now=now)

    hana = await database.transact(choose)
    assert (hana.language, hana.language_chosen) == ("en", True)


async def test_block_is_stored_until_the_supporter_returns(database: Database, now: datetime) -> None:
    async def block_twice(tx: Transaction) -> str:
        await supporters.meet(tx, HANA, language="ko", now=now)
        await supporters.mark_blocked(tx, HANA, now)
        await supporters.mark_blocked(tx, HANA, now + timedelta(days=1))
        row = await tx.one("SELECT blocked_at FROM supporters")
        assert row is not None
        return str(row["blocked_at"])

    assert await database.transact(block_twice) == "2026-11-24T03:00:00.000000Z", "the first moment stays"
    assert (await database.transact(supporters.meet, HANA, language="ko", now=now)).blocked
    await database.transact(supporters.mark_returned, HANA)
    assert not (await database.transact(supporters.meet, HANA, language="ko", now=now)).blocked


async def test_share_code_is_given_once_to_one_supporter(database: Database, now: datetime) -> None:
    async def meet_both(tx: Transaction) -> None:
        await supporters.meet(tx, HANA, language="ko", now=now)
        await supporters.meet(tx, SAM, language="en", now=now)

    await database.transact(meet_both)
    assert await database.transact(supporters.give_share_code, HANA, "abc") == "abc"
    assert await database.transact(supporters.give_share_code, HANA, "def") == "abc"
    with pytest.raises(ConflictError):
        await database.transact(supporters.give_share_code, SAM, "abc")
    assert await database.transact(supporters.give_share_code, SAM, "def") == "def"
    with pytest.raises(LookupError):
        await database.transact(supporters.give_share_code, 404, "ghi")


async def test_only_meeting_creates_a_supporter(database: Database, now: datetime) -> None:
    """A late statement must not recreate a person who was erased."""

    async def late(tx: Transaction) -> None:
        await supporters.store_step(tx, HANA, step="name", draft={}, update_id=1, now=now)
        await supporters.choose_language(tx, HANA, "en", now)
        await supporters.mark_blocked(tx, HANA, now)
        await supporters.mark_returned(tx, HANA)
        assert not await supporters.remember_source(tx, HANA, "x")
        assert await tx.all("SELECT id FROM supporters") == []

    await database.transact(late)

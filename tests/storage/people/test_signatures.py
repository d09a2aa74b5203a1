"""Signatures: one for each account, with numbers that have no gap and no repeat, also under concurrency."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from chatbot.storage import ConflictError, Database, Transaction
from chatbot.storage.engine.database import Row, Value
from chatbot.storage.engine.postgres import database as postgres
from chatbot.storage.people import signatures, supporters
from chatbot.storage.people.signatures import Signature
from tests.storage.conftest import Sign
from tests.support.limits import GIVE_UP
from tests.support.signers import FIRST_NUMBER

Check = Callable[[Database], Awaitable[None]]


async def test_signature_is_stored_as_given(database: Database, now: datetime) -> None:
    async def sign(tx: Transaction) -> Signature | None:
        await supporters.meet(tx, 7, language="ko", now=now)
        return await signatures.add(
            tx,
            supporter_id=7,
            name="하나 O'Neill",
            country="KR",
            reason="친구를 위해 🕊️",
            language="ko",
            source="x",
            appeal_version="v1",
            first_number=FIRST_NUMBER,
            now=now.astimezone(timezone(timedelta(hours=9))),
        )

    signed = await database.transact(sign)
    assert signed == Signature(
        supporter_id=7,
        number=FIRST_NUMBER,
        name="하나 O'Neill",
        country="KR",
        reason="친구를 위해 🕊️",
        language="ko",
        source="x",
        appeal_version="v1",
        signed_at=now,
        counted_as="x",
    )
    assert await database.transact(signatures.find, 7) == signed
    assert await database.transact(signatures.find, 8) is None


async def test_signatures_are_counted(database: Database, sign: Sign) -> None:
    assert await database.transact(signatures.count) == 0
    assert await database.transact(signatures.count_by_country) == {}

    async def sign_some(tx: Transaction) -> None:
        for supporter_id, country in enumerate(["KR", "KR", "US", "KR", "XK"]):
            await sign(tx, supporter_id, country)

    await database.transact(sign_some)
    assert await database.transact(signatures.count) == 5
    assert await database.transact(signatures.count_by_country) == {"KR": 3, "US": 1, "XK": 1}


async def test_hundred_concurrent_taps_make_one_signature(
    database: Database, sign: Sign, assert_consistent: Check
) -> None:
    signed = await asyncio.gather(*(database.transact(sign, 7) for _ in range(100)))
    assert [signature is None for signature in signed].count(False) == 1
    assert await database.transact(signatures.count) == 1
    await assert_consistent(database)


async def test_thousand_concurrent_people_get_a_thousand_numbers(
    database: Database, sign: Sign, assert_consistent: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    # They wait for eight connections of PostgreSQL, on a busy machine for longer than a turn may wait.
    monkeypatch.setattr(postgres, "PATIENCE", GIVE_UP)
    signed = await asyncio.gather(*(database.transact(sign, supporter_id=nth) for nth in range(1000)))
    assert sorted(signature.number for signature in signed if signature) == list(
        range(FIRST_NUMBER, FIRST_NUMBER + 1000)
    )
    await assert_consistent(database)


async def test_failed_signature_takes_no_number(database: Database, sign: Sign, assert_consistent: Check) -> None:
    async def sign_and_fail(tx: Transaction) -> None:
        assert await sign(tx, 1) is not None
        raise ConnectionError

    async def attempt(supporter_id: int) -> Any:
        if supporter_id % 2:
            return await database.transact(sign_and_fail)
        return await database.transact(sign, supporter_id)

    signed = await asyncio.gather(*map(attempt, range(10)), return_exceptions=True)
    assert sorted(signature.number for signature in signed if isinstance(signature, Signature)) == list(
        range(FIRST_NUMBER, FIRST_NUMBER + 5)
    )
    await assert_consistent(database)


class StaleLook:
    """A transaction whose first query finds no signature: on PostgreSQL another tap may commit just after it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._looked = False

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        return await self._tx.all(sql, **values)

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        if sql.startswith("SELECT") and not self._looked:
            self._looked = True
            return None
        return await self._tx.one(sql, **values)

    async def run(self, sql: str, /, **values: Value) -> int:
        return await self._tx.run(sql, **values)


async def test_tap_that_misses_the_commit_of_another_makes_no_signature(
    database: Database, sign: Sign, assert_consistent: Check
) -> None:
    assert await database.transact(sign, 7) is not None
    assert await database.transact(lambda tx: sign(StaleLook(tx), 7)) is None
    await assert_consistent(database)
    signed = await database.transact(sign, 8)
    assert signed is not None
    assert signed.number == FIRST_NUMBER + 1, "the second tap took no number"


async def test_unknown_person_cannot_sign(database: Database, now: datetime, assert_consistent: Check) -> None:
    with pytest.raises(ConflictError):
        await database.transact(
            signatures.add,
            supporter_id=404,
            name="Mallory",
            country="US",
            reason=None,
            language="en",
            source=None,
            appeal_version="v1",
            first_number=1,
            now=now,
        )
    await assert_consistent(database)


@pytest.mark.parametrize("country", ["", "K", "KOR"])
async def test_country_has_two_letters(database: Database, sign: Sign, country: str, assert_consistent: Check) -> None:
    with pytest.raises(ConflictError):
        await database.transact(sign, 7, country)
    await assert_consistent(database)

"""After concurrent turns, of which some fail, the counters equal a recount."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.storage import Database, Transaction
from chatbot.storage.people import subscriptions, supporters
from tests.storage.conftest import POSTGRES_SLOWLY, Sign

supporter_ids = st.integers(1, 4)
actions = st.one_of(
    st.tuples(st.just("sign"), supporter_ids, st.sampled_from(["KR", "US", "ZZ"])),
    st.tuples(st.just("subscribe"), supporter_ids, st.sampled_from(["ko", "en"])),
    st.tuples(st.just("end"), supporter_ids, st.sampled_from(["asked", "blocked"])),
)
turns = st.tuples(st.lists(actions, min_size=1, max_size=3), st.booleans())


@pytest.mark.parametrize("url", POSTGRES_SLOWLY, indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(turns, max_size=12))
async def test_counters_equal_a_recount_after_concurrent_turns(
    database: Database,
    sign: Sign,
    now: datetime,
    assert_consistent: Callable[[Database], Awaitable[None]],
    turns: list[tuple[list[tuple[str, int, str]], bool]],
) -> None:
    async def clear(tx: Transaction) -> None:
        for table in ("signatures", "subscriptions", "counters", "sources", "supporters"):
            await tx.run(f"DELETE FROM {table}")

    async def carry_out(tx: Transaction, *, turn: list[tuple[str, int, str]], fails: bool) -> None:
        for action, supporter_id, choice in turn:
            await supporters.meet(tx, supporter_id, language="en", now=now)
            if action == "sign":
                await sign(tx, supporter_id, choice)
            elif action == "subscribe":
                await subscriptions.subscribe(tx, supporter_id, "ko" if choice == "ko" else "en", now)
            else:
                await subscriptions.end(tx, supporter_id, choice, now)
        if fails:
            raise ConnectionError

    await database.transact(clear)
    answers = await asyncio.gather(
        *(database.transact(carry_out, turn=turn, fails=fails) for turn, fails in turns),
        return_exceptions=True,
    )
    assert [isinstance(answer, ConnectionError) for answer in answers] == [fails for _, fails in turns]
    assert all(answer is None or isinstance(answer, ConnectionError) for answer in answers)
    await assert_consistent(database)

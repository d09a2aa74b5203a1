"""A thousand people sign at once, through the real polling client."""

import asyncio
import logging

import pytest

from tests.support.crowd import gather, numbers
from tests.support.database_reader import FIRST
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

PEOPLE = 1000


@pytest.fixture
def wire() -> Wire:
    """Do not check the 11,000 calls: other stories check each kind of call."""
    return Wire(checked=False)


async def test_thousand_supporters_sign_at_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    crowd = gather(stage.world, PEOPLE)
    await asyncio.gather(*(supporter.signs() for supporter in crowd))
    assert sorted(numbers(crowd).values()) == list(range(FIRST, FIRST + PEOPLE))
    assert (FIRST, FIRST + PEOPLE - 1) == (178_922, 179_921)
    assert stage.ledger.numbers() == numbers(crowd)
    stage.ledger.assert_consistent(signatures=PEOPLE)
    assert not [record for record in caplog.get_records("call") if record.levelno > logging.INFO]

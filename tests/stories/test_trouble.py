"""Telegram fails in every known way while people sign: no signature is lost, and everybody signs."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from chatbot.emulator.world.rates import Rates
from tests.support.crowd import Supporter, gather, numbers
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

pytestmark = pytest.mark.slow

PEOPLE = 25
KNOWN = re.compile(r"may have been sent|was given up|cannot be asked|stays as it was|refuses messages to")
"""Warnings that the log may have; any other fails the test."""


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


@pytest.fixture
async def crowd(stage: Stage, caplog: pytest.LogCaptureFixture) -> AsyncIterator[list[Supporter]]:
    """People who will sign. In the end all of them have signed, and one more person signs as usual."""
    crowd = gather(stage.world, PEOPLE)
    yield crowd
    stage.emulator.faults.clear()
    stage.emulator.api.rates = None
    last = gather(stage.world, 1)
    await last[0].signs()
    stage.ledger.assert_consistent(signatures=PEOPLE + 1)
    assert numbers(crowd + last) == stage.ledger.numbers()
    told = [record.getMessage() for record in caplog.get_records("call") if record.levelname in ("WARNING", "ERROR")]
    assert [line for line in told if not KNOWN.search(line)] == []
    stage.expected_errors = [
        record.getMessage() for record in caplog.get_records("call") if record.levelname == "ERROR"
    ]


async def all_sign(crowd: list[Supporter], patience: float | None = None) -> None:
    """Let everybody sign. With `patience` they repeat a step that gets no answer."""
    await asyncio.gather(*(supporter.signs(patience=patience) for supporter in crowd))


async def test_supporters_sign_through_a_storm_of_429(stage: Stage, crowd: list[Supporter]) -> None:
    """A refused call sends nothing, so it is safe to send it later, and nobody has to repeat a step."""
    storms = [stage.emulator.faults.flood(1, method, times=5) for method in ("sendMessage", "editMessageText")]
    storms += [stage.emulator.faults.flood(1, method, times=1) for method in ("answerCallbackQuery", "getUpdates")]
    await all_sign(crowd)
    assert [storm.hits for storm in storms] == [5, 5, 1, 1]
    await stage.wire.until_heard(stage.world)
    assert stage.world.queries == {}
    assert stage.expected_errors == []


async def test_supporters_sign_beyond_the_send_limit_of_telegram(stage: Stage, crowd: list[Supporter]) -> None:
    stage.emulator.api.rates = rates = Rates(overall=15)
    await all_sign(crowd)
    assert rates.refused > 0


@pytest.mark.parametrize("delivered", [False, True])
async def test_supporters_sign_through_5xx_and_broken_connections(
    stage: Stage, crowd: list[Supporter], delivered: bool
) -> None:
    """The outcome of such a call is unknown. It is retried a few times; then people repeat their step."""
    faults = stage.emulator.faults
    for method, times in {"sendMessage": 5, "editMessageText": 5, "answerCallbackQuery": 5, "getUpdates": 1}.items():
        faults.break_down(502, method, probability=0.2, times=times, delivered=delivered)
        faults.disconnect(method, probability=0.2, times=times, delivered=delivered)
    await all_sign(crowd, patience=1)
    assert all(fault.hits for fault in faults.active if fault.method != "getUpdates")


async def test_supporters_sign_through_timeouts(
    stage: Stage, crowd: list[Supporter], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("chatbot.transport.outgoing.client.READ", 1.5)  # enough for an answer on a busy machine
    for method in ("sendMessage", "editMessageText"):
        for delivered in (False, True):
            stage.emulator.faults.slow(5, method, probability=0.2, times=2, delivered=delivered)
    await all_sign(crowd, patience=2)
    assert any(fault.hits for fault in stage.emulator.faults.active)


async def test_supporters_sign_after_telegram_was_away(stage: Stage, crowd: list[Supporter]) -> None:
    signing = asyncio.create_task(all_sign(crowd, patience=1))
    for calls in (10, 30):
        await stage.wire.until(lambda calls=calls: stage.wire.calls["editMessageText"] > calls)
        await stage.emulator.stop()
        await asyncio.sleep(0.5)
        await stage.emulator.start()
    await signing

"""A proxy that cuts long polls, or answers them with 504, causes no outage: the next poll starts at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from markupsafe import Markup

from chatbot.broadcasting.pace import Pacer
from chatbot.conversation.interface import Answer, Heard
from chatbot.emulator import Emulator
from chatbot.screens.screen import Screen
from chatbot.transport.application import Application
from chatbot.transport.incoming import long_poll
from chatbot.transport.outgoing.retry import Retrier
from tests.support.fake_conversation import FakeConversation
from tests.support.limits import GIVE_UP
from tests.support.recorded_calls import Wire

CUTS = 4


@pytest.fixture
def wire() -> Wire:
    return Wire(checked=False)


@pytest.fixture
async def emulator(wire: Wire) -> AsyncIterator[Emulator]:
    async with Emulator(on_request=wire.on_request) as running:
        yield running


async def hear(heard: Heard) -> Answer:
    return Answer(heard.person.id, Screen(Markup("heard")))


async def ignore(_chat_id: int) -> None:
    """Do nothing when somebody has left."""


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each pause between two tries, which are not waited for."""
    asked: list[float] = []

    async def pause(_retrier: Retrier, seconds: float) -> None:
        asked.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(Retrier, "pause", pause)
    return asked


@pytest.mark.parametrize("how", ["cut", "504"])
async def test_cut_polls_cause_no_pause_and_log_one_line(
    emulator: Emulator,
    wire: Wire,
    pauses: list[float],
    how: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(long_poll, "WAITED", 0.2)
    monkeypatch.setattr(long_poll, "LATE", GIVE_UP)  # a busy machine answers late
    sam = emulator.world.add_person("Sam")
    asked: list[int] = []
    emulator.api.on_request = lambda method, params: (
        asked.append(int(params["timeout"])) if method == "getUpdates" else None,
        wire.on_request(method, params),
    )[1]
    # The first polls are idle for a while, then their connection is cut, or the proxy's error arrives.
    emulator.faults.slow(0.3, "getUpdates", times=CUTS)
    if how == "cut":
        emulator.faults.disconnect("getUpdates", times=CUTS)
    else:
        emulator.faults.break_down(504, "getUpdates", times=CUTS)
    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=ignore) as application:
        await application.introduce()
        running = asyncio.create_task(application.run_polling(FakeConversation(hear)))
        with emulator.world.watch(sam) as watch:
            await wire.until(lambda: wire.calls["getUpdates"] > CUTS)
            assert pauses == [], "the old code paused for 0.5 s, 1 s, 2 s …"
            emulator.world.says(sam, "hello")
            assert (await watch.next_message())["text"] == "heard"
        application.stop()
        await asyncio.wait_for(running, GIVE_UP)
    assert asked[0] == long_poll.LONGEST
    assert asked[1] < asked[0], "the next poll asks for less time"
    told = [each.getMessage() for each in caplog.records if each.name.startswith("chatbot.transport")]
    assert [line for line in told if "listening" not in line] == [
        "long polls do not last on this network: asking for 1 s at a time"
    ]


async def test_polling_backs_off_in_an_outage_and_logs_one_line(
    emulator: Emulator, wire: Wire, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    async with Application(emulator.token, emulator.url, pace=Pacer(), on_gone=ignore) as application:
        await application.introduce()
        emulator.faults.break_down(502, "getUpdates")
        running = asyncio.create_task(application.run_polling(FakeConversation(hear)))
        await wire.until(lambda: wire.calls["getUpdates"] >= 4)
        assert len(pauses) >= 3
        assert min(pauses) > 0.1
        application.stop()
        await asyncio.wait_for(running, GIVE_UP)
    assert caplog.text.count("Telegram cannot be asked, trying again") == 1

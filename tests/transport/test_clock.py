"""A wrong clock of this machine is reported once, by the dates of Telegram's responses."""

import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from chatbot.transport import clock
from chatbot.transport.clock import ClockWatch
from tests.support.clients import open_client


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "PAUSE", 0.0)
    monkeypatch.setattr(clock, "AGAIN", 0.0)


def answer(watch: ClockWatch, seconds: float, took: float = 0.0) -> None:
    """Note a response of a Telegram whose clock is behind by `seconds`, after a call that took `took` seconds."""
    now = time.time()
    date = format_datetime(datetime.fromtimestamp(now, UTC) - timedelta(seconds=seconds), usegmt=True)
    watch.note(now - took, date)


@pytest.mark.parametrize("seconds", [0, 29, -29])
def test_small_difference_is_not_reported(caplog: pytest.LogCaptureFixture, seconds: int) -> None:
    watch = ClockWatch()
    for _ in range(5):
        answer(watch, seconds)
    assert watch.ahead is None
    assert caplog.records == []


@pytest.mark.parametrize(
    ("seconds", "told"), [(3600, "3600 s ahead of"), (-90, "s behind Telegram"), (10**9, "ahead of")]
)
def test_wrong_clock_is_reported_once_and_so_is_its_end(
    caplog: pytest.LogCaptureFixture, seconds: int, told: str
) -> None:
    caplog.set_level(logging.INFO)
    watch = ClockWatch()
    for _ in range(10):
        answer(watch, seconds)
    assert watch.ahead == pytest.approx(seconds, abs=20)  # a busy machine takes its time
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert told in record.message
    for _ in range(3):
        answer(watch, 0)
    assert watch.ahead is None
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_single_response_with_a_wrong_date_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    watch = ClockWatch()
    for seconds in (0, 7200, 0, 7200, 0):
        answer(watch, seconds)
    assert watch.ahead is None
    assert caplog.records == []


def test_date_from_within_a_long_poll_is_right(caplog: pytest.LogCaptureFixture) -> None:
    watch = ClockWatch()
    for date_of in (0, 25, 50):
        answer(watch, date_of, took=50)
    assert watch.ahead is None


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 25:00:00 GMT", "0"])
def test_unreadable_date_is_ignored(date: str) -> None:
    watch = ClockWatch()
    for _ in range(3):
        watch.note(time.time(), date)
    assert watch.ahead is None


async def test_client_compares_the_dates_of_responses() -> None:
    async def answer_late(_request: web.Request) -> web.Response:
        date = format_datetime(datetime.now(UTC) - timedelta(seconds=100), usegmt=True)
        return web.json_response({"ok": True, "result": {}}, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer_late)
    async with TestServer(app) as server, open_client("1:abc", str(server.make_url("")).rstrip("/")) as api:
        for _ in range(2):
            await api.call("getMe", {})
        assert api.clock.ahead == pytest.approx(100, abs=20)

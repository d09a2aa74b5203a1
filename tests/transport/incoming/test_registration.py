"""The registration of the webhook reports each loss, refusal and failure once, and its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chatbot.transport.incoming import registration
from chatbot.transport.incoming.registration import Registration
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.retry import Retrier, TokenRefusedError
from tests.support.limits import GIVE_UP
from tests.transport.conftest import Telegram

URL = "https://petition.example.org/telegram"
VALUES = {"url": URL, "secret_token": "a-secret-of-the-webhook"}
OTHER = "https://rival.example.org/hook"


class Keeper:
    """A registration, and what it told the team."""

    def __init__(self, api: BotApi) -> None:
        self.told: list[tuple[str, str, int]] = []
        self.misses = 0
        self.retrier = Retrier(lambda tries: 0.01)
        self.registration = Registration(api, self.retrier, VALUES, self.tell, wait=lambda tries: 0.01)
        self.set_up = asyncio.Event()

    async def tell(self, trouble: str, told: str, waiting: int) -> bool:
        """Record a report; fail for the first `misses` ones."""
        if self.misses:
            self.misses -= 1
            return False
        self.told.append((trouble, told, waiting))
        return True


@pytest.fixture
async def shown(telegram: Telegram) -> dict[str, Any]:
    """The webhook that Telegram shows."""
    info: dict[str, Any] = {"url": URL, "has_custom_certificate": False, "pending_update_count": 0}
    telegram.results["getWebhookInfo"] = info
    return info


@pytest.fixture
def keep(api: BotApi, monkeypatch: pytest.MonkeyPatch, shown: dict[str, Any]) -> Callable[[], Any]:
    monkeypatch.setattr(registration, "CHECKS", (0.01, 0.02))
    monkeypatch.setattr(registration, "CALM", 0.05)

    @asynccontextmanager
    async def keep() -> AsyncIterator[Keeper]:
        keeper = Keeper(api)
        running = asyncio.create_task(keeper.registration.run(keeper.set_up.set))
        try:
            yield keeper
        finally:
            keeper.retrier.stop()
            await asyncio.wait_for(running, GIVE_UP)

    return keep


def has_checked(telegram: Telegram, times: int) -> Callable[[], bool]:
    """Return a condition: the registration has asked for the webhook so many times from now on."""
    before = len(telegram.said("getWebhookInfo"))
    return lambda: len(telegram.said("getWebhookInfo")) >= before + times


async def test_registration_sets_the_webhook_once(telegram: Telegram, keep: Any) -> None:
    async with keep() as keeper:
        await keeper.set_up.wait()
        assert keeper.registration.is_ours
        await telegram.until(has_checked(telegram, 5))
        assert telegram.said("setWebhook") == [VALUES]
        assert keeper.told == [("over", "", 0)], "a problem that an earlier process reported is over"


async def test_registration_repeats_a_report_until_it_succeeds(telegram: Telegram, keep: Any) -> None:
    async with keep() as keeper:
        keeper.misses = 2
        await telegram.until(has_checked(telegram, 5))
        assert keeper.told == [("over", "", 0)]
        assert keeper.misses == 0


@pytest.mark.parametrize("at", ["", OTHER])
async def test_registration_sets_a_removed_webhook_again(
    telegram: Telegram, keep: Any, shown: dict[str, Any], at: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with keep() as keeper:
        await telegram.until(has_checked(telegram, 2))
        telegram.fail("setWebhook", (502, "Bad Gateway"))
        shown["url"] = at
        await telegram.until(lambda: len(telegram.said("setWebhook")) == 2)
        assert not keeper.registration.is_ours, "no updates arrive until it is set again"
        shown["url"] = URL
        await telegram.until(has_checked(telegram, 3))
        assert keeper.registration.is_ours
        assert [trouble for trouble, _, _ in keeper.told] == ["over", "taken"]
    how = "leads elsewhere" if at else "was removed"
    assert caplog.text.count(f"the webhook {how}: another program used this token. It is set again") == 1


async def test_registration_reports_a_rival(
    telegram: Telegram, keep: Any, shown: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    shown["url"] = OTHER
    async with keep() as keeper:
        await telegram.until(lambda: len(telegram.said("setWebhook")) == 4)
        await telegram.until(has_checked(telegram, 1))
        shown["url"] = URL
        await telegram.until(has_checked(telegram, 3))
        assert keeper.registration.is_ours
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told
    assert all("another program runs with this token; stop it" in line for line in told)
    assert len(told) + 2 == len(telegram.said("setWebhook")), "each time it is set again logs a line"


async def test_registration_reports_a_refused_address_and_its_end(
    telegram: Telegram, keep: Any, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = (400, "Bad Request: bad webhook: Failed to resolve host: Name or service not known")
    telegram.fail("setWebhook", refusal, refusal, refusal)
    async with keep() as keeper:
        await telegram.until(lambda: len(telegram.said("setWebhook")) == 2)
        assert not keeper.registration.is_ours
        assert not keeper.set_up.is_set()
        await keeper.set_up.wait()
        await telegram.until(has_checked(telegram, 3))
        words = "Bad webhook: failed to resolve host: name or service not known"
        assert keeper.told == [("refused", words, 0), ("over", "", 0)]
    [error] = [record.getMessage() for record in caplog.records if record.levelname in ("WARNING", "ERROR")]
    assert error == f"WEBHOOK_URL: Telegram refuses it ({words}); the bot hears nothing until it accepts it"


async def test_registration_reports_undelivered_updates_and_their_end(
    telegram: Telegram,
    keep: Any,
    shown: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registration, "CALM", 60.0)  # checks may be far apart on a busy machine
    caplog.set_level("INFO", registration.__name__)
    shown |= {"last_error_date": 100, "last_error_message": "Connection timed out", "pending_update_count": 3}
    async with keep() as keeper:
        await telegram.until(has_checked(telegram, 2))
        assert keeper.told == [], "the error is older than this process, and updates wait"
        shown["pending_update_count"] = 0
        await telegram.until(lambda: keeper.told == [("over", "", 0)])
        shown |= {"last_error_date": 200, "last_error_message": "Wrong response from the webhook: 502 Bad Gateway"}
        await telegram.until(has_checked(telegram, 3))
        assert keeper.told == [("over", "", 0)], "an update that failed and then arrived is only logged"
        for nth in range(5):
            shown |= {"last_error_date": 300 + nth, "pending_update_count": 7 + nth}
            await telegram.until(has_checked(telegram, 2))
        failing = ("failing", "Wrong response from the webhook: 502 Bad Gateway", keeper.told[1][2])
        assert keeper.told == [("over", "", 0), failing]
        assert keeper.registration.is_ours
        shown["pending_update_count"] = 0
        await telegram.until(has_checked(telegram, 3))
        assert keeper.told == [("over", "", 0), failing, ("over", "", 0)]
    assert [record.levelname for record in caplog.records if record.name == registration.__name__] == [
        "WARNING",
        "WARNING",
        "ERROR",
        "INFO",
    ]


async def test_registration_sets_the_webhook_again_after_a_404(
    telegram: Telegram, keep: Any, shown: dict[str, Any]
) -> None:
    async with keep():
        await telegram.until(has_checked(telegram, 2))
        shown |= {"last_error_date": 5, "last_error_message": "Wrong response from the webhook: 404 Not Found"}
        await telegram.until(lambda: len(telegram.said("setWebhook")) == 2)
        await telegram.until(has_checked(telegram, 3))
        assert len(telegram.said("setWebhook")) == 2


@pytest.mark.parametrize("method", ["setWebhook", "getWebhookInfo"])
async def test_refused_token_ends_the_registration(telegram: Telegram, api: BotApi, keep: Any, method: str) -> None:
    telegram.fail(method, (401, "Unauthorized"))
    keeper = Keeper(api)
    with pytest.raises(TokenRefusedError):
        await asyncio.wait_for(keeper.registration.run(keeper.set_up.set), GIVE_UP)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (URL, URL, True),
        (URL, URL.replace("org/", "org:443/"), True),
        (URL, URL.upper().replace("TELEGRAM", "telegram"), True),
        ("https://x.example", "https://x.example/", True),
        ("https://x.example/%ED%95%98%EB%82%98", "https://x.example/하나", True),
        (URL, OTHER, False),
        (URL, "", False),
        (URL, f"{URL}/", False),
        (URL, URL.replace("org/", "org:8443/"), False),
        (URL, "https://[", False),
    ],
)
def test_registration_compares_addresses_whatever_their_spelling(one: str, other: str, same: bool) -> None:
    assert registration._is_same(one, other) is same

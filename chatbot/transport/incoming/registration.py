"""Sets the webhook and watches it: another program may remove it, and Telegram may fail to reach it.

A process that set the webhook only once would hear nothing, and yet report that it is ready, once another program polls
with the same token.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Literal
from urllib.parse import unquote, urlsplit

from telegram.error import BadRequest, TelegramError

from chatbot.transport.outgoing.backoff import back_off
from chatbot.transport.outgoing.client import BotApi
from chatbot.transport.outgoing.errors import cite
from chatbot.transport.outgoing.retry import Retrier

logger = logging.getLogger(__name__)

CHECKS: Final = (5.0, 15.0, 30.0, 60.0, 120.0, 180.0)
"""Seconds between two checks: often at first, then every time the last value."""
TROUBLED: Final = 60.0
"""Seconds until the next check while updates do not arrive."""
CALM: Final = 150.0
"""Seconds without a new error after which a problem is over: Telegram tries again within two minutes."""
RIVALRY: Final = 3_600.0
"""Seconds within which a second loss of the webhook means that a rival polls; then it is not set every few seconds."""

Trouble = Literal["refused", "failing", "taken", "over"]
Tell = Callable[[Trouble, str, int], Awaitable[bool]]
"""Tells the team about a problem, with Telegram's description and the number of waiting updates; False if not yet."""


async def be_silent(_trouble: Trouble, _told: str, _waiting: int) -> bool:
    """Do nothing."""
    return True


class Registration:
    """The webhook at Telegram. `values` are those of setWebhook; `tell` is called once for each problem and its end."""

    def __init__(
        self,
        api: BotApi,
        retrier: Retrier,
        values: Mapping[str, Any],
        tell: Tell,
        *,
        wait: Callable[[int], float] = back_off,
    ) -> None:
        self.is_ours = False
        """Whether Telegram delivers updates here, as far as is known."""
        self._api = api
        self._retrier = retrier
        self._values = values
        self._notify_team = tell
        self._wait = wait
        self._lost_at: list[float] = []
        self._error_at: float | None = None
        self._seen_at = 0.0
        self._failures = 0
        self._is_calm = False
        """Whether there is no known problem, and the team knows that."""

    async def run(self, on_set: Callable[[], None]) -> None:
        """Set the webhook, call `on_set`, and watch it until stopped. Raises `TokenRefusedError`."""
        if not await self._set():
            return
        on_set()
        checks = 0
        while not self._retrier.stopping:
            pause = CHECKS[min(checks, len(CHECKS) - 1)]
            await self._retrier.pause(min(pause, TROUBLED) if self._failures else pause)
            checks += 1
            if await self._check():
                checks = 0 if len(self._lost_at) < 2 else len(CHECKS)

    async def _set(self) -> bool:
        """Set the webhook, however long that takes; False if stopped before."""
        refusal, tries = "", 0
        while (told := await self._retrier.retry(self._try_to_set)) is not None:
            if not told:
                self.is_ours = True
                self._seen_at = asyncio.get_running_loop().time()
                if refusal:
                    logger.info("Telegram accepts WEBHOOK_URL now")
                return True
            if told != refusal:
                refusal = told
                logger.error("WEBHOOK_URL: Telegram refuses it (%s); the bot hears nothing until it accepts it", told)
                self._is_calm = False
                await self._notify_team("refused", told, 0)
            await self._retrier.pause(self._wait(tries))
            tries += 1
        return False

    async def _try_to_set(self) -> str:
        """Set the webhook; return Telegram's description if it refuses the address, otherwise an empty text."""
        try:
            await self._api.call("setWebhook", self._values)
        except BadRequest as error:
            return cite(error) or "no reason given"
        return ""

    async def _check(self) -> bool:
        """Check the webhook; return whether it had to be set again."""
        info = await self._retrier.retry(lambda: self._api.call("getWebhookInfo", {}))
        if not isinstance(info, dict) or not isinstance(info.get("url"), str) or self._retrier.stopping:
            return False
        if not _is_same(info["url"], self._values["url"]):
            await self._take_back("leads elsewhere" if info["url"] else "was removed")
            return True
        await self._check_errors(info)
        return False

    async def _take_back(self, how: str) -> None:
        self.is_ours = False
        now = asyncio.get_running_loop().time()
        self._lost_at = [*(at for at in self._lost_at if at > now - RIVALRY), now]
        if len(self._lost_at) > 1:
            logger.error(
                "the webhook %s again, %d times within an hour: another program runs with this token; stop it, or one "
                "of the two hears nothing. It is set again",
                how,
                len(self._lost_at),
            )
        else:
            logger.warning("the webhook %s: another program used this token. It is set again", how)
        if await self._set():
            await self._notify_team("taken", "", 0)

    async def _check_errors(self, info: Mapping[str, Any]) -> None:
        """Report errors of Telegram's last tries to deliver an update."""
        now = asyncio.get_running_loop().time()
        error_at, waiting = _read_number(info, "last_error_date"), int(_read_number(info, "pending_update_count"))
        if self._error_at is None:
            self._error_at = error_at  # from before this process, by Telegram's clock
        if error_at > self._error_at:
            told = cite(TelegramError(str(info.get("last_error_message") or "no reason given")))
            self._error_at, self._seen_at = error_at, now
            self._failures += 1
            if self._failures == 1:
                logger.warning("Telegram could not deliver an update (%s); %d wait", told, waiting)
            elif waiting and self._is_calm:
                logger.error("Telegram cannot deliver updates (%s); %d wait", told, waiting)
                self._is_calm = not await self._notify_team("failing", told, waiting)
            if "404" in told:  # this process responds with 404 to another secret: set ours again
                await self._set()
        elif not waiting or now > self._seen_at + CALM:
            if self._failures and not self._is_calm:
                logger.info("Telegram delivers updates again")
            self._failures = 0
            if not self._is_calm:
                self._is_calm = await self._notify_team("over", "", waiting)


def _is_same(one: str, other: str) -> bool:
    """Tell whether two addresses are the same, apart from their spelling."""
    if one == other:
        return True
    try:
        first, second = urlsplit(one), urlsplit(other)
        return (first.scheme, first.hostname, first.port or 443, unquote(first.path) or "/") == (
            second.scheme,
            second.hostname,
            second.port or 443,
            unquote(second.path) or "/",
        )
    except ValueError:
        return False


def _read_number(info: Mapping[str, Any], name: str) -> float:
    number = info.get(name)
    return float(number) if isinstance(number, int | float) else 0.0

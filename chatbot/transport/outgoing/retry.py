"""Asks Telegram until it answers, for what the bot cannot do without: its name, and the next updates."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from chatbot.transport.outgoing.backoff import LONGEST_ASKED, back_off
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe

logger = logging.getLogger(__name__)

T = TypeVar("T")
CONFLICT_PAUSE: Final = 10.0
"""Seconds between two tries while another instance polls: soon enough to take over, not so often as to disturb."""


class TokenRefusedError(Exception):
    """Telegram does not know the bot; the message is one line that names the setting and says what to do."""

    def __init__(self, told: str) -> None:
        super().__init__(f"TELEGRAM_TOKEN: Telegram does not accept it ({told}); get the right one from @BotFather")


class Retrier:
    """Repeats a call until it succeeds, and stops at once when told to."""

    def __init__(self, wait: Callable[[int], float] = back_off) -> None:
        self._wait = wait
        self._stopping = asyncio.Event()
        self._asking: asyncio.Future[object] | None = None

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End the call under way and every pause; nothing is asked from now on."""
        self._stopping.set()
        if self._asking is not None:
            self._asking.cancel()

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Give what `call` gives once it succeeds; None when stopped before. Raises `TokenRefusedError`.

        Each kind of trouble leaves one line in the log however long it lasts, and one more when it is over.
        """
        tries = 0
        trouble: ErrorClass | None = None
        while not self.stopping:
            try:
                answer = await self._interruptibly(call())
            except Exception as error:  # whatever it is, the bot is deaf until this succeeds
                failure = classify(error)
                if failure.outcome is ErrorClass.TOKEN:
                    raise TokenRefusedError(describe(error)) from None
                if failure.outcome is not trouble:
                    trouble = failure.outcome
                    _report(trouble, describe(error))
                await self.pause(_choose_pause(failure.outcome, failure.seconds, self._wait(tries)))
                tries += 1
            else:
                if trouble is not None and not self.stopping:
                    logger.info("Telegram answers again")
                return answer
        return None

    async def pause(self, seconds: float) -> None:
        """Wait `seconds`, or until stopped."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def wait_until_stopped(self) -> None:
        """Wait for `stop`."""
        await self._stopping.wait()

    async def _interruptibly(self, call: Awaitable[T]) -> T | None:
        asking = asyncio.ensure_future(call)
        self._asking = asking  # type: ignore[assignment]  # futures are invariant; it is only ever cancelled
        try:
            return await asking
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.stopping and not (task and task.cancelling()):
                return None
            asking.cancel()
            raise
        finally:
            self._asking = None


def _choose_pause(outcome: ErrorClass, asked: float, backoff: float) -> float:
    match outcome:
        case ErrorClass.WAIT:
            return min(asked, LONGEST_ASKED)
        case ErrorClass.CONFLICT:
            return min(CONFLICT_PAUSE, 20 * backoff)
    return backoff


def _report(trouble: ErrorClass, told: str) -> None:
    if trouble is ErrorClass.CONFLICT:
        logger.error("another instance is running with this token: stop it, or this one hears nothing (%s)", told)
    else:
        logger.warning("Telegram cannot be asked, trying again (%s)", told)

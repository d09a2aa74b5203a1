"""Retries calls that the bot cannot work without: its name, its webhook and the next updates."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from chatbot.problem import Problem, ProblemError
from chatbot.transport.outgoing.backoff import LONGEST_ASKED, back_off
from chatbot.transport.outgoing.errors import ErrorClass, classify, describe
from chatbot.waiting import wait_at_most

logger = logging.getLogger(__name__)

T = TypeVar("T")
CONFLICT_PAUSE: Final = 10.0
"""Seconds between two tries while another instance polls: soon enough to take over, rare enough not to disturb it."""


class TokenRefusedError(ProblemError):
    """Telegram rejects the token; the message names the setting and says what to do."""

    def __init__(self, told: str) -> None:
        problem = Problem(
            "TELEGRAM_TOKEN: Telegram does not accept it ({told}); get the right one from @BotFather", told=told
        )
        super().__init__(problem)


class Retrier:
    """Repeats a call until it succeeds, and stops at once when asked to."""

    def __init__(self, wait: Callable[[int], float] = back_off) -> None:
        self._wait = wait
        self._stopping = asyncio.Event()
        self._current: asyncio.Future[object] | None = None

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Cancel the current call and every pause, and make no more calls."""
        self._stopping.set()
        if self._current is not None:
            self._current.cancel()

    async def retry(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Return the result of `call` once it succeeds; None if stopped before. Raises `TokenRefusedError`.

        Each class of error is logged once, however long it lasts, and again when it is over.
        """
        tries = 0
        last_class: ErrorClass | None = None
        while not self.stopping:
            try:
                result = await self._interruptibly(call())
            except Exception as error:  # whatever the error, the bot hears nothing until this succeeds
                failure = classify(error)
                if failure.error_class is ErrorClass.TOKEN:
                    raise TokenRefusedError(describe(error)) from None
                if failure.error_class is not last_class:
                    last_class = failure.error_class
                    _report(last_class, describe(error))
                await self.pause(_choose_pause(failure.error_class, failure.seconds, self._wait(tries)))
                tries += 1
            else:
                if last_class is not None and not self.stopping:
                    logger.info("Telegram answers again")
                return result
        return None

    async def pause(self, seconds: float) -> None:
        """Wait `seconds`, or until stopped."""
        await wait_at_most(seconds, self._stopping)

    async def wait_until_stopped(self) -> None:
        """Wait for `stop`."""
        await self._stopping.wait()

    async def _interruptibly(self, call: Awaitable[T]) -> T | None:
        task = asyncio.ensure_future(call)
        self._current = task  # type: ignore[assignment]  # futures are invariant; it is only ever cancelled
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if self.stopping and not (caller and caller.cancelling()):
                return None
            task.cancel()
            raise
        finally:
            self._current = None


def _choose_pause(error_class: ErrorClass, asked: float, backoff: float) -> float:
    match error_class:
        case ErrorClass.WAIT:
            return min(asked, LONGEST_ASKED)
        case ErrorClass.CONFLICT:
            return min(CONFLICT_PAUSE, 20 * backoff)
    return backoff


def _report(error_class: ErrorClass, told: str) -> None:
    if error_class is ErrorClass.CONFLICT:
        logger.error("another instance is running with this token: stop it, or this one hears nothing (%s)", told)
    else:
        logger.warning("Telegram cannot be asked, trying again (%s)", told)

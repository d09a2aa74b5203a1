"""Group commit: transactions that wait at the same time run together and share one commit.

A durable commit waits for the disk, whether it holds one signature or two hundred. While one group is written the next
one gathers, so no transaction waits for others to join it, and a busy hour needs few more commits than a quiet one.
Callers get their result after the commit that holds their transaction.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar, cast

from chatbot.problem import Problem
from chatbot.storage.engine.database import DatabaseUnavailableError, Work

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """A transaction that a caller waits for: its work, and the caller's context variables."""

    work: Work[[], Any]
    context: Context


@dataclass(frozen=True, slots=True)
class Committed:
    """The transaction is durable; `result` is what its work returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The transaction was rolled back because of `error`."""

    error: BaseException


WorkOutcome = Committed | RolledBack


class GroupCommit:
    """The queue of an engine that runs one group of transactions at a time."""

    def __init__(
        self, carry_out: Callable[[Sequence[Request]], Awaitable[Sequence[WorkOutcome]]], *, at_most: int
    ) -> None:
        """`carry_out` returns one outcome per transaction, in order, after the commit; a group holds `at_most`."""
        self._carry_out = carry_out
        self._at_most = at_most
        self._waiting: deque[tuple[Request, asyncio.Future[WorkOutcome]]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    async def transact(self, work: Work[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in the next group; see `Database.transact`."""
        if self._closed:
            raise DatabaseUnavailableError(Problem("the database is closed"))
        answer: asyncio.Future[WorkOutcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((Request(lambda tx: work(tx, *args, **kwargs), copy_context()), answer))
        if self._pump is None:
            self._pump = asyncio.create_task(self._empty_the_queue())
        outcome = await answer
        if isinstance(outcome, RolledBack):
            raise outcome.error
        return cast("T", outcome.result)

    async def close(self) -> None:
        """Take no more requests, and return when the waiting ones are answered."""
        self._closed = True
        if self._pump is not None:
            await asyncio.wait([self._pump])

    async def _empty_the_queue(self) -> None:
        try:
            while group := self._next_group():
                await self._answer(group)
        finally:
            self._pump = None
            # Requests remain only if this task was cancelled.
            for _, answer in self._waiting:
                answer.cancel()
            self._waiting.clear()

    def _next_group(self) -> list[tuple[Request, asyncio.Future[WorkOutcome]]]:
        group: list[tuple[Request, asyncio.Future[WorkOutcome]]] = []
        while self._waiting and len(group) < self._at_most:
            asked, answer = self._waiting.popleft()
            if not answer.done():  # done already: its caller was cancelled
                group.append((asked, answer))
        return group

    async def _answer(self, group: list[tuple[Request, asyncio.Future[WorkOutcome]]]) -> None:
        try:
            outcomes = await self._carry_out([asked for asked, _ in group])
        except Exception as error:
            outcomes = [RolledBack(error)] * len(group)
        except asyncio.CancelledError:
            for _, answer in group:
                answer.cancel()
            raise
        for (_, answer), outcome in zip(group, outcomes, strict=True):
            if not answer.done():
                answer.set_result(outcome)

"""Faults that a test or the control API switches on."""

import asyncio
import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from chatbot.emulator.bot_api.refusal import RefusalError

FaultKind = Literal["slow", "refuse", "disconnect"]

SERVER_ERRORS = {500: "Internal Server Error: Request aborted", 502: "Bad Gateway", 504: "Gateway Timeout"}


@dataclass(slots=True, eq=False)
class Fault:
    """A fault. `method` is a name or pattern ("sendMessage", "send*"); None is every method but getUpdates.

    `person` limits it to one chat, `times` to the next so many calls, `probability` to a share of them.
    With `delivered` the call runs before the fault, which the caller cannot know.
    """

    what: FaultKind
    method: str | None = None
    person: int | None = None
    times: int | None = None
    probability: float = 1.0
    delivered: bool = False
    seconds: float = 0.0
    refusal: RefusalError | None = None
    hits: int = 0
    """Number of affected calls."""
    hit: asyncio.Event = field(default_factory=asyncio.Event)
    """Set at the first affected call."""

    def fits(self, method: str, chat_id: int) -> bool:
        """Whether the fault affects a call."""
        if self.times is not None and self.hits >= self.times:
            return False
        if self.person is not None and self.person != chat_id:
            return False
        if self.method is None:
            return method != "getupdates"
        return fnmatchcase(method, self.method.lower())


class Faults:
    """The active faults. `seed` makes probabilities repeatable."""

    def __init__(self, seed: int = 1) -> None:
        self.active: list[Fault] = []
        self._chance = random.Random(seed)  # noqa: S311 - not a secret

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on; `hits` and `hit` report its effect."""
        self.active.append(fault)
        return fault

    def slow(self, seconds: float, method: str | None = None, *, delivered: bool = False, **when: object) -> Fault:
        """Delay calls, before they run or (delivered) before the answer."""
        return self.add(Fault("slow", method, seconds=seconds, delivered=delivered, **when))  # type: ignore[arg-type]

    def refuse(
        self, code: int, description: str, method: str | None = None, *, delivered: bool = False, **when: object
    ) -> Fault:
        """Answer calls with an error, given with its prefix ("Bad Request: chat not found")."""
        refusal = RefusalError(code, description)
        return self.add(Fault("refuse", method, refusal=refusal, delivered=delivered, **when))  # type: ignore[arg-type]

    def break_down(
        self, code: int = 500, method: str | None = None, *, delivered: bool = False, **when: object
    ) -> Fault:
        """Answer calls with a server error, before or (delivered) after they ran."""
        description = SERVER_ERRORS.get(code, "Internal Server Error")
        return self.refuse(code, description, method, delivered=delivered, **when)

    def flood(self, seconds: int, method: str | None = None, **when: object) -> Fault:
        """Answer calls with a 429: wait so many seconds."""
        refusal = RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        return self.add(Fault("refuse", method, refusal=refusal, **when))  # type: ignore[arg-type]

    def disconnect(self, method: str | None = None, *, delivered: bool = False, **when: object) -> Fault:
        """Cut the connection, before or (delivered) after the call ran."""
        return self.add(Fault("disconnect", method, delivered=delivered, **when))  # type: ignore[arg-type]

    def remove(self, fault: Fault) -> None:
        """Switch a fault off."""
        self.active.remove(fault)

    def clear(self) -> None:
        """Switch all faults off."""
        self.active.clear()

    def striking(self, method: str, chat_id: int) -> list[Fault]:
        """List the faults for this call and count them as hits."""
        struck = []
        for fault in self.active:
            if fault.fits(method, chat_id) and (fault.probability >= 1 or self._chance.random() < fault.probability):
                fault.hits += 1
                fault.hit.set()
                struck.append(fault)
        return struck

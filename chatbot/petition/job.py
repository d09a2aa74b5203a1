"""Job: work that a turn asks for and that runs after its commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JobDetails = Mapping[str, str | int | None]
"""Parameters of a job: ids and choices of organizers; never a supporter's name."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work to do, stored until it is done."""

    id: int
    kind: str
    details: JobDetails
    chat_id: int | None
    """Private chat of the person who asked for it or gets it."""
    progress: dict[str, str | int | None] = field(default_factory=dict)
    """Progress, for work done in batches; the handler changes it."""
    tries: int = 0
    """Number of starts. A start that ended in a crash counts too."""


class ChatMovedError(Exception):
    """The group became a supergroup, which has another id. Nothing was sent."""

    def __init__(self, chat_id: int) -> None:
        super().__init__("the group has a new id")
        self.chat_id = chat_id


class RetryLaterError(Exception):
    """The job must be retried after `seconds`.

    `unsure`: it may have succeeded (a message may have arrived), so the number of retries is limited.
    """

    def __init__(self, seconds: float, *, unsure: bool = False) -> None:
        super().__init__(f"again after {seconds:g} s")
        self.seconds = seconds
        self.unsure = unsure

"""An errand: something that is to happen after a turn was committed, and is not the answer itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JobDetails = Mapping[str, str | int | None]
"""What an errand is about. Ids and what organizers chose; never a supporter's name."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do, kept until it is done."""

    id: int
    kind: str
    details: JobDetails
    chat_id: int | None
    """Who asked for it, or whom it is for."""
    progress: JobDetails = field(default_factory=dict)
    """How far it is, for work that is done little by little."""
    tries: int = 0
    """How often it was begun, whoever ended it: a crash counts as well."""


class RetryLaterError(Exception):
    """Not now: the errand is to be tried again after `seconds`.

    `unsure`: it may have been done all the same (a message may have arrived), so it is not tried for ever.
    """

    def __init__(self, seconds: float, *, unsure: bool = False) -> None:
        super().__init__(f"again after {seconds:g} s")
        self.seconds = seconds
        self.unsure = unsure

"""Tally: what became of a broadcast's deliveries, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chatbot.petition.languages import Language


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of deliveries by language, outcome and reason."""

    audience: Mapping[Language, int]
    outcomes: Mapping[tuple[Language, str, str], int]
    """By (language, outcome, reason). Outcomes are sent, gone, failed, unknown and skipped."""
    mornings: Mapping[datetime, int] = field(default_factory=dict)
    """Deliveries that wait for their readers' morning, by when it begins."""
    in_flight: Mapping[Language, int] = field(default_factory=dict, compare=False)
    """Deliveries without an outcome that are being made at this moment, by language."""
    is_partial: bool = field(default=False, compare=False)
    """Whether it is of a change of what had not reached all: how many had it tells for whom it was night."""

    @property
    def total(self) -> int:
        """Number of deliveries."""
        return sum(self.audience.values())

    def count(self, outcome: str, language: Language | None = None) -> int:
        """Count the deliveries with this outcome, in one language or in all."""
        return sum(
            count
            for (spoken, each, _), count in self.outcomes.items()
            if each == outcome and language in (None, spoken)
        )

    @property
    def landing(self) -> int:
        """Number of deliveries that are being made at this moment."""
        return sum(self.in_flight.values())

    @property
    def held(self) -> int:
        """Number of recipients who have it, or may have it."""
        return self.count("sent") + self.count("unknown") + self.landing

    @property
    def asleep(self) -> int:
        """Number of deliveries that wait for their readers' morning."""
        return sum(self.mornings.values())

    @property
    def left(self) -> int:
        """Number of deliveries without an outcome."""
        return self.total - sum(self.outcomes.values())

    def select(self, language: Language) -> "Tally":
        """Return the counts of one language, without mornings."""
        outcomes = {key: count for key, count in self.outcomes.items() if key[0] == language}
        in_flight = {language: self.in_flight.get(language, 0)}
        return Tally({language: self.audience.get(language, 0)}, outcomes, in_flight=in_flight)

    def count_again(self, outcome: str) -> int:
        """Count the deliveries with this outcome that can be tried again: a message that is too old stays as it is."""
        return self.count(outcome) - sum(
            count for (_, each, reason), count in self.outcomes.items() if (each, reason) == (outcome, "too_old")
        )

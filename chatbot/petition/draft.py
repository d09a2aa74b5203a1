"""A signature in the making: what the supporter has said so far, and what is still to be asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from chatbot.petition.puzzle import Puzzle

Question = Literal["name", "country", "reason", "check", "human"]


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far. A reason is optional, so `reason_asked` tells "none" from "not asked yet"."""

    name: str | None = None
    country: str | None = None
    reason: str | None = None
    reason_asked: bool = False
    puzzle: Puzzle | None = None
    """What they are asked by the human check, until they have passed it."""
    named: bool = False
    """Whether the name may be shown in public."""
    began_at: int | None = field(default=None, compare=False)
    """When the first question was asked, in seconds; it is no answer."""

    @property
    def next_question(self) -> Question:
        """The first thing still missing; `check` once everything is there."""
        if self.name is None:
            return "name"
        if self.country is None:
            return "country"
        return "check" if self.reason_asked else "reason"

    def fingerprint(self) -> str:
        """Eight hex digits naming exactly these answers, so that a Sign button signs only what was shown with it."""
        answers = json.dumps([self.name, self.country, self.reason, *["named"] * self.named], ensure_ascii=False)
        return hashlib.sha256(answers.encode()).hexdigest()[:8]

    def to_mapping(self) -> dict[str, str | int]:
        """Give the answers for storage, leaving out what is not there."""
        kept = {
            "name": self.name,
            "country": self.country,
            "reason": self.reason,
            "reason_asked": self.reason_asked,
            "puzzle": self.puzzle.to_text() if self.puzzle else None,
            "named": self.named,
            "began_at": self.began_at,
        }
        return {key: value for key, value in kept.items() if value}

    @classmethod
    def from_mapping(cls, kept: Mapping[str, object]) -> Self:
        """Read what `to_mapping` gave; anything of another type counts as not answered."""

        def text(key: str) -> str | None:
            value = kept.get(key)
            return value if isinstance(value, str) else None

        began_at = kept.get("began_at")
        return cls(
            text("name"),
            text("country"),
            text("reason"),
            kept.get("reason_asked") is True,
            Puzzle.from_text(text("puzzle")),
            kept.get("named") is True,
            began_at if isinstance(began_at, int) else None,
        )

"""A signature in the making: what the supporter has said so far, and what is still to be asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Self

from chatbot.petition.signing.picture_question import PictureQuestion

Question = Literal["name", "country", "reason", "check", "human"]
Line = Literal["name", "country", "reason"]
"""What is answered in words, and stands in a line of the check."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far. A reason is optional, so `reason_asked` tells "none" from "not asked yet"."""

    name: str | None = None
    country: str | None = None
    reason: str | None = None
    reason_asked: bool = False
    picture_question: PictureQuestion | None = None
    """What they are asked by the human check, until they have passed it."""
    named: bool = False
    """Whether the name may be shown in public."""
    began_at: int | None = field(default=None, compare=False)
    """When the first question was asked, in seconds; it is no answer."""
    name_message: int | None = field(default=None, compare=False)
    """The message in which they typed the name, taken or not; None once they tapped it. The same for the others."""
    country_message: int | None = field(default=None, compare=False)
    reason_message: int | None = field(default=None, compare=False)

    @property
    def next_question(self) -> Question:
        """The first thing still missing; `check` once everything is there."""
        if self.name is None:
            return "name"
        if self.country is None:
            return "country"
        return "check" if self.reason_asked else "reason"

    def find_line(self, message_id: int | None) -> Line | None:
        """The line whose last answer was typed in this message; None where something else was answered since."""
        if message_id is None:
            return None
        typed: dict[int | None, Line] = {
            self.name_message: "name",
            self.country_message: "country",
            self.reason_message: "reason",
        }
        return typed.get(message_id)

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
            "puzzle": self.picture_question.to_text() if self.picture_question else None,
            "named": self.named,
            "began_at": self.began_at,
            "name_message": self.name_message,
            "country_message": self.country_message,
            "reason_message": self.reason_message,
        }
        return {key: value for key, value in kept.items() if value}

    @classmethod
    def from_mapping(cls, kept: Mapping[str, object]) -> Self:
        """Read what `to_mapping` gave; anything of another type counts as not answered."""

        def text(key: str) -> str | None:
            value = kept.get(key)
            return value if isinstance(value, str) else None

        def number(key: str) -> int | None:
            value = kept.get(key)
            return value if isinstance(value, int) else None

        return cls(
            text("name"),
            text("country"),
            text("reason"),
            kept.get("reason_asked") is True,
            PictureQuestion.from_text(text("puzzle")),
            kept.get("named") is True,
            number("began_at"),
            number("name_message"),
            number("country_message"),
            number("reason_message"),
        )

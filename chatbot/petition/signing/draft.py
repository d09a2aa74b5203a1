"""Draft of a signature: the answers so far, and the next question."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, Self, get_args

from chatbot.petition.retention import DRAFTS
from chatbot.petition.signing.picture_question import PictureQuestion

_UNDO: Final = "undo_"
_JSON: Final = json.JSONEncoder(ensure_ascii=False)
"""Kept, because `json.dumps` makes a new one each time."""
Question = Literal["name", "country", "reason", "check", "human"]
Line = Literal["name", "country", "reason"]
"""Questions that are answered in words; the summary has a line for each."""
LINES: Final[tuple[Line, ...]] = get_args(Line)


@dataclass(frozen=True, slots=True)
class Undo:
    """What a signer changed last in the signature."""

    line: Line
    before: str | None
    """The line as it was stored before, so sealed if it was."""

    def fingerprint(self) -> str:
        """Return eight hex digits that identify this change: its button undoes no other."""
        return hashlib.sha256(f"{self.line} {self.before}".encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Draft:
    """The answers so far. A reason is optional."""

    name: str | None = None
    country: str | None = None
    reason: str | None = None
    picture_question: PictureQuestion | None = None
    """The open question of the human check, until it is passed."""
    named: bool = False
    """Whether the name may be shown in public."""
    began_at: int | None = field(default=None, compare=False)
    """When the first question was asked, in seconds since 1970."""
    name_message: int | None = field(default=None, compare=False)
    """The message with the typed name, accepted or not; None if it was chosen by a button. So are the others."""
    country_message: int | None = field(default=None, compare=False)
    reason_message: int | None = field(default=None, compare=False)
    asked_at: int | None = field(default=None, compare=False)
    """When a question was asked last, in seconds since 1970."""
    asked_after: int | None = field(default=None, compare=False)
    """The message that the last question stands in or follows."""
    undo: Undo | None = field(default=None, compare=False)
    """How a signer can undo the last change of the signature."""
    doubtful_name: str | None = field(default=None, compare=False)
    """A typed text that is hardly a name, until they say that it is one; `name` is the one before."""
    knows_risk: bool = field(default=False, compare=False)
    """Whether they were told how to leave less behind, and went on."""

    @property
    def next_question(self) -> Question:
        """The first unanswered question; `check` once name and country are answered."""
        if self.name is None:
            return "name"
        return "country" if self.country is None else "check"

    @property
    def has_begun(self) -> bool:
        """Whether somebody began to sign, even if no answer is there yet."""
        return self.began_at is not None or self != Draft()

    def note_typed(self, line: Line, message_id: int | None) -> Self:
        """Note in which message a line was answered."""
        match line:
            case "name":
                return replace(self, name_message=message_id)
            case "country":
                return replace(self, country_message=message_id)
            case "reason":
                return replace(self, reason_message=message_id)

    def find_line(self, message_id: int | None) -> Line | None:
        """Return the line whose last answer was typed in this message; None if it was answered again since."""
        if message_id is None:
            return None
        typed: dict[int | None, Line] = {
            self.name_message: "name",
            self.country_message: "country",
            self.reason_message: "reason",
        }
        return typed.get(message_id)

    def measure(self, now: datetime) -> int | None:
        """Return the seconds since they began; None if unknown, or if the clock was changed since."""
        if self.began_at is None:
            return None
        seconds = int(now.timestamp()) - self.began_at
        return seconds if 0 <= seconds <= DRAFTS.total_seconds() else None

    def fingerprint(self) -> str:
        """Return eight hex digits that identify these answers: a Sign button signs only what was shown with it."""
        answers = _JSON.encode([self.name, self.country, self.reason, *["named"] * self.named])
        return hashlib.sha256(answers.encode()).hexdigest()[:8]

    @property
    def doubtful_fingerprint(self) -> str:
        """Eight hex digits that identify the doubtful name: the button with its words takes no other text."""
        return hashlib.sha256((self.doubtful_name or "").encode()).hexdigest()[:8]

    def to_mapping(self) -> dict[str, str | int]:
        """Return the answers for storage, without empty ones."""
        kept = {
            "name": self.name,
            "country": self.country,
            "reason": self.reason,
            "puzzle": self.picture_question.to_text() if self.picture_question else None,
            "named": self.named,
            "began_at": self.began_at,
            "name_message": self.name_message,
            "country_message": self.country_message,
            "reason_message": self.reason_message,
            "asked_at": self.asked_at,
            "asked_after": self.asked_after,
            "doubtful_name": self.doubtful_name,
            "knows_risk": self.knows_risk,
        }
        undo = {f"{_UNDO}{self.undo.line}": self.undo.before or ""} if self.undo else {}
        return {key: value for key, value in kept.items() if value} | undo

    @classmethod
    def from_mapping(cls, kept: Mapping[str, object]) -> Self:
        """Read what `to_mapping` returned; a value of another type counts as no answer."""
        if not kept:
            return cls()

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
            PictureQuestion.from_text(text("puzzle")),
            kept.get("named") is True,
            number("began_at"),
            number("name_message"),
            number("country_message"),
            number("reason_message"),
            number("asked_at"),
            number("asked_after"),
            next((Undo(line, before or None) for line in LINES if (before := text(_UNDO + line)) is not None), None),
            text("doubtful_name"),
            kept.get("knows_risk") is True,
        )

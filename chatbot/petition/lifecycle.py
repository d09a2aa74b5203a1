"""The course of a petition: whether it goes on, was closed or was won, and what the team says about that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from markupsafe import Markup

from chatbot.petition.model import Campaign, Language
from chatbot.petition.signing.human_check import HumanCheck

PetitionEnding = Literal["closed", "victory"]
"""Closed: no more signatures are taken. Victory: none are needed any more."""
StatusChange = Literal["closed", "victory", "reopened", "statement", "answer", "milestone"]
"""What an owner can change. A statement is changed while it stands; the others say what they bring about."""
CHANGES: Final[tuple[StatusChange, ...]] = get_args(StatusChange)
WORDED: Final[frozenset[StatusChange]] = frozenset({"closed", "victory", "statement", "answer"})
"""Those that come with words of the team's own."""
MOST_WORDS: Final = 1000
"""Characters of a statement or an answer: with everything else on the welcome it must fit one message."""

Words = Mapping[Language, Markup]
"""What somebody says, as Telegram's HTML, in one language or both."""


@dataclass(frozen=True, slots=True)
class PetitionStatus:
    """How a petition stands, by what its owners decided in the chat."""

    ending: PetitionEnding | None = None
    ended_at: datetime | None = None
    statement: Words = field(default_factory=dict)
    """What the team says about the ending."""
    answer: Words = field(default_factory=dict)
    """What the addressee answered; it stands on the welcome."""
    next_milestone: int | None = None
    """What the team set itself to reach next; None: what the campaign's files name."""
    reached: int | None = None
    """The highest milestone that the team was congratulated on."""
    revision: int = 0
    """Grows with every change, so that of two who act at once one is told."""
    changed_by: int | None = None
    changed_at: datetime | None = None
    change: StatusChange | None = None
    """What was changed last."""
    human: HumanCheck = field(default_factory=HumanCheck)
    """Whether people are asked to tap the right picture before they sign."""

    def find_milestone(self, campaign: Campaign, total: int) -> int:
        """What `total` supporters work towards: what the team set itself, if that is still ahead."""
        if self.next_milestone is not None and self.next_milestone > total:
            return self.next_milestone
        return campaign.next_milestone(total)

    def find_reached(self, campaign: Campaign, total: int) -> int | None:
        """The highest milestone that `total` supporters have passed and nobody was congratulated on yet."""
        last = self.reached if self.reached is not None else campaign.carried_over
        if total <= last:
            return None
        passed = [each for each in (*campaign.milestones, self.next_milestone or 0) if last < each <= total]
        beyond, step = campaign.milestones[-1], campaign.milestones[-1]
        if total > beyond and total // step * step > last:
            passed.append(total // step * step)
        return max(passed, default=None)

    def can(self, change: StatusChange) -> bool:
        """Whether that makes sense as things stand."""
        match change:
            case "closed":
                return self.ending is None
            case "victory":
                return self.ending != "victory"
            case "reopened" | "statement":
                return self.ending is not None
        return True


def read_change(text: str) -> StatusChange | None:
    """The change that a word names."""
    return next((change for change in CHANGES if change == text), None)


def choose_words(words: Words, language: Language) -> Markup | None:
    """What is said to a reader: in their language, or in the only one it was said in."""
    return words.get(language) or next(iter(words.values()), None)

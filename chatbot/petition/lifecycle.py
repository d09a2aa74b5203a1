"""Petition status: open, closed or won, and what the team says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from markupsafe import Markup

from chatbot.petition.languages import Language, LanguageFacts, find_nearest
from chatbot.petition.model import Campaign
from chatbot.petition.signing.human_check import HumanCheck

PetitionEnding = Literal["closed", "victory"]
"""Closed: no more signatures are accepted. Victory: no more are needed."""
StatusChange = Literal["closed", "victory", "reopened", "statement", "answer", "milestone"]
"""Changes an owner can make. `statement` edits the published statement; the others are named after their result."""
CHANGES: Final[tuple[StatusChange, ...]] = get_args(StatusChange)
Told = Literal["answer", "statement", "end"]
"""What a prepared broadcast can tell subscribers: words of the team or, without any, that the petition has ended."""
WORDED: Final[frozenset[StatusChange]] = frozenset({"closed", "victory", "statement", "answer"})
"""Changes that come with a text by the team."""
MOST_WORDS: Final = 1000
"""Longest statement or answer, in characters: the welcome screen with it must fit one message."""

Words = Mapping[Language, Markup]
"""A text as Telegram's HTML, in one language or several."""


@dataclass(frozen=True, slots=True)
class PetitionStatus:
    """Status of a petition, as its owners set it in the chat."""

    ending: PetitionEnding | None = None
    ended_at: datetime | None = None
    statement: Words = field(default_factory=dict)
    """The team's statement on the ending."""
    answer: Words = field(default_factory=dict)
    """The addressee's answer; the welcome screen shows it."""
    next_milestone: int | None = None
    """Next milestone set by the team; None for those of the campaign's files."""
    reached: int | None = None
    """Highest milestone that was announced to the team."""
    revision: int = 0
    """Grows with every change: of two simultaneous changes, the second is refused."""
    changed_by: int | None = None
    changed_at: datetime | None = None
    change: StatusChange | None = None
    """The last change."""
    human: HumanCheck = field(default_factory=HumanCheck)
    """Settings of the human check."""

    def find_ending(self, campaign: Campaign) -> PetitionEnding | None:
        """Return how the petition has ended: in the chat, or by `is_open` of its file."""
        return self.ending or (None if campaign.is_open else "closed")

    def find_milestone(self, campaign: Campaign, total: int) -> int:
        """Return the next milestone: the one set by the team, if `total` is below it, or that of the files."""
        if self.next_milestone is not None and self.next_milestone > total:
            return self.next_milestone
        return campaign.next_milestone(total)

    def list_ahead(self, campaign: Campaign, total: int) -> list[int]:
        """List all milestones above `total`, from small to large."""
        ahead = {*campaign.milestones, self.find_milestone(campaign, total), self.next_milestone or 0}
        return sorted(each for each in ahead if each > total)

    def find_reached(self, campaign: Campaign, total: int) -> int | None:
        """Return the highest milestone that `total` has passed and that was not announced yet."""
        last = self.reached if self.reached is not None else campaign.carried_over
        if total <= last:
            return None
        passed = [each for each in (*campaign.milestones, self.next_milestone or 0) if last < each <= total]
        beyond, step = campaign.milestones[-1], campaign.milestones[-1]
        if total > beyond and total // step * step > last:
            passed.append(total // step * step)
        return max(passed, default=None)

    def can(self, change: StatusChange, campaign: Campaign) -> bool:
        """Whether the change is possible now."""
        match change:
            case "milestone":
                return self.find_ending(campaign) is None
            case "closed":
                return self.ending is None
            case "victory":
                return self.ending != "victory"
            case "reopened" | "statement":
                return self.ending is not None
        return True


def read_change(text: str) -> StatusChange | None:
    """Return the change of this name; None for any other text."""
    return next((change for change in CHANGES if change == text), None)


def choose_words(words: Words, language: Language, languages: Mapping[Language, LanguageFacts]) -> Markup | None:
    """Return the text in the reader's language, or in a fallback of it; any text is better than none."""
    nearest = find_nearest(language, words, languages)
    return words[nearest] if nearest else None

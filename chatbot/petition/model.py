"""Types of the domain: languages, the campaign and its texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from markupsafe import Markup

from chatbot.petition import retention

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def guess_language(language_code: str | None) -> Language:
    """Guess the language of a person: Korean for `ko`, `ko-KR`, `ko_KR` or `kor` in any case, otherwise English."""
    spoken = (language_code or "").lower().replace("_", "-").partition("-")[0]
    return "ko" if spoken in ("ko", "kor") else "en"


def read_language(text: str) -> Language | None:
    """Return the language of this code; None for any other text."""
    return next((language for language in LANGUAGES if language == text), None)


class CampaignError(ValueError):
    """The campaign's files have mistakes. Each problem is one line for their authors.

    A line names the file, the place in it, what is wrong and what to do.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long text, as Telegram's HTML, short enough for one or two phone screens."""

    text: Markup


@dataclass(frozen=True, slots=True)
class PlatformLink:
    """The campaign on another platform: label of the button and https address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """All texts of a campaign in one language."""

    title: str
    """The petition's headline."""
    addressee: str
    """The addressee of the petition."""
    starter: str
    """The person who started it."""
    share_text: str
    """Text for sharing, hashtag included; the bot adds the link."""
    bot_name: str
    """The bot's display name, at most 64 characters."""
    bot_description: str
    """Shown in the empty chat before the user presses start; at most 512 characters."""
    bot_short_description: str
    """The bot's profile line, at most 120 characters."""
    appeal: tuple[Page, ...]
    """The whole appeal, in pages for a phone; their number differs between languages."""
    paragraphs: tuple[str, ...]
    """What people sign, as plain text: title, addressee and the paragraphs of the appeal."""
    updates: tuple[Page, ...]
    """News of the campaign, newest first: one page each, the same number in every language."""
    links: tuple[PlatformLink, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """The facts of one petition, read from `campaign.toml` and the texts beside it."""

    hashtag: str
    """With its leading `#`."""
    started_on: date
    carried_over: int
    """Supporters from the first platform, before this bot; the numbers of signatures here follow theirs."""
    carried_over_from: str
    """The first platform's name."""
    milestones: tuple[int, ...]
    """Totals in ascending order."""
    is_open: bool
    likely_countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes offered first when asking for a country."""
    contact: str | None
    """Contact for questions about personal data: a mail address, a link or an @name."""
    appeal_version: str
    """Identifies the exact text that people sign: 12 hex digits over title, addressee and appeal in every language."""
    words: Mapping[Language, CampaignWords]
    retention_days: int = retention.DAYS
    """Days from closing until names are erased. This comes from the settings, not from the files."""

    def next_milestone(self, total: int) -> int:
        """Return the first milestone above `total`; above the last one, its next multiple."""
        for milestone in self.milestones:
            if milestone > total:
                return milestone
        step = self.milestones[-1]
        return (total // step + 1) * step

"""The words of the domain as types: languages, the campaign, its texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from markupsafe import Markup

from chatbot.petition import retention

Language = Literal["ko", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def guess_language(language_code: str | None) -> Language:
    """The language to greet somebody in: Korean for `ko`, `ko-KR`, `ko_KR` or `kor` in any case, otherwise English."""
    spoken = (language_code or "").lower().replace("_", "-").partition("-")[0]
    return "ko" if spoken in ("ko", "kor") else "en"


def read_language(text: str) -> Language | None:
    """The language of this code; None for any other text."""
    return next((language for language in LANGUAGES if language == text), None)


class CampaignError(ValueError):
    """The campaign's files cannot be used as they are. Each problem is one line for whoever edits them.

    A line names the file, the place in it, what is wrong and what to do.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long text, as Telegram's HTML, short enough for a phone screen or two."""

    text: Markup


@dataclass(frozen=True, slots=True)
class PlatformLink:
    """A place outside Telegram where the campaign lives: what the button says, and its https address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CampaignWords:
    """Everything a campaign says in one language."""

    title: str
    """The petition's headline."""
    addressee: str
    """Whom it is addressed to."""
    starter: str
    """Who started it."""
    share_text: str
    """The ready text for sharing, hashtag included; the link is added by the bot."""
    bot_name: str
    """The bot's display name, at most 64 characters."""
    bot_description: str
    """What the empty chat says before anybody presses start, at most 512 characters."""
    bot_short_description: str
    """The bot's profile line, at most 120 characters."""
    appeal: tuple[Page, ...]
    """The whole appeal, in pages made for a phone; how many differs between languages."""
    paragraphs: tuple[str, ...]
    """What people put their names to, without any look: the title, the addressee, the paragraphs of the appeal."""
    updates: tuple[Page, ...]
    """What happened since, newest first: one page each, equally many in every language."""
    links: tuple[PlatformLink, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """The facts of one petition, read from `campaign.toml` and the texts beside it."""

    hashtag: str
    """With its leading `#`."""
    started_on: date
    carried_over: int
    """Supporters won before this bot, on the first platform; signatures here are numbered after them."""
    carried_over_from: str
    """The first platform's name."""
    milestones: tuple[int, ...]
    """Ascending totals to work towards."""
    is_open: bool
    likely_countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes offered first when asking for a country."""
    contact: str | None
    """Where people may write about their data: a mail address, a link or an @name. None without such a place."""
    appeal_version: str
    """Names the exact wording people sign: 12 hex digits over title, addressee and appeal in every language."""
    words: Mapping[Language, CampaignWords]
    retention_days: int = retention.DAYS
    """How many days after closing names are erased: the one fact that the settings say, and not the files."""

    def next_milestone(self, total: int) -> int:
        """The first milestone above `total` supporters; past the last one, the next multiple of that last one."""
        for milestone in self.milestones:
            if milestone > total:
                return milestone
        step = self.milestones[-1]
        return (total // step + 1) * step

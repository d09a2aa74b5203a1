"""Types of the domain: the campaign and its texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chatbot.petition import retention
from chatbot.petition.actions.action import Action
from chatbot.petition.broadcasts.quiet_hours import QuietHours, find_zones
from chatbot.petition.languages import Language, LanguageFacts, choose_default, find_offered, match_language
from chatbot.petition.text.appeal_version import SignedText
from chatbot.petition.text.share_targets import ShareTarget
from chatbot.problem import Problem, ProblemError


class CampaignError(ProblemError, ValueError):
    """The campaign's files have mistakes. Each problem is one line for their authors.

    A line names the file, the place in it, what is wrong and what to do.
    """


class UnfinishedError(CampaignError):
    """Parts of a language are not written yet. It is not offered to people until they are."""


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
    lead: str | None
    """Why the petition matters, in at most 160 characters; None leaves the reason to the title."""
    hashtag: str
    """With its leading `#`; empty if there is none."""
    thanks: str | None
    """What signers are told with their number, in the cause's own words."""
    thanks_milestone: str | None
    """What subscribers are told when a milestone is reached, in the cause's own words."""
    share_text: str
    """Text for sharing while people can sign, hashtag included; the bot adds the link."""
    share_text_closed: str
    """Text for sharing once the petition is closed; `{count}` is the final count."""
    share_text_won: str
    """Text for sharing once the petition has reached its goal; `{count}` is the final count."""
    share_to: tuple[ShareTarget, ...]
    """Places that people share to, in the order of the buttons."""
    bot_name: str
    """The bot's display name, at most 64 characters."""
    bot_description: str
    """Shown in the empty chat before the user presses start; at most 512 characters."""
    bot_short_description: str
    """The bot's profile line, at most 120 characters."""
    appeal: tuple[Page, ...]
    """The whole appeal, in pages for a phone; their number differs between languages."""
    signed: SignedText
    """What people sign: title, addressee and appeal."""
    updates: tuple[Page, ...]
    """News of the campaign, newest first: one page each, the same number in every language."""
    links: tuple[PlatformLink, ...]
    likely_countries: tuple[str, ...]
    """ISO 3166-1 alpha-2 codes offered first when asking for a country."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """The facts of one petition, read from `campaign.toml` and the texts beside it."""

    started_on: date
    carried_over: int
    """Supporters from the first platform, before this bot; the numbers of signatures here follow theirs."""
    carried_over_from: str
    """The first platform's name."""
    milestones: tuple[int, ...]
    """Totals in ascending order."""
    is_open: bool
    named_zone: str | None
    """The time zone of the team, if the file names one."""
    at_risk_countries: frozenset[str]
    """Codes of the countries where a signature may endanger the signer, who is told how to leave less behind."""
    contact: str | None
    """Contact for questions about personal data: a mail address, a link or an @name."""
    appeal_version: str
    """Names the version of the appeal: 12 hex digits over title, addressee and appeal in every language.

    A running bot has the name that the database knows: it stays when languages are added or removed.
    """
    words: Mapping[Language, CampaignWords]
    """The texts of every language that has them all."""
    languages: Mapping[Language, LanguageFacts]
    """The languages that people are offered, in the order of `campaign.toml`. There is at least one."""
    listed: Mapping[Language, LanguageFacts]
    """All languages of `campaign.toml`, also those that are not whole yet."""
    missing: Mapping[Language, tuple[Problem, ...]] = field(default_factory=dict)
    """What the languages lack that are listed and not offered: one line for each thing, for the authors."""
    mistakes: Mapping[Language, tuple[Problem, ...]] = field(default_factory=dict)
    """The mistakes in files of one language, which is not offered until they are corrected: one line for each."""
    quiet_hours: QuietHours | None = None
    """When no broadcast reaches people, by their own clocks; None: broadcasts go out at any hour."""
    actions: tuple[Action, ...] = ()
    """What people can do after they signed, in the order in which it is offered."""
    retention_days: int = retention.DAYS
    """Days from closing until names are erased. This comes from the settings, not from the files."""

    @property
    def fallback(self) -> Language:
        """The language for people whose own is not offered."""
        return choose_default(self.languages)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the team: its days are those of statistics and files."""
        return ZoneInfo(self.named_zone or self.languages[self.fallback].zone)

    def list_actions(self, language: Language, country: str) -> tuple[Action, ...]:
        """List what a signer from `country` who reads `language` can do now."""
        return tuple(each for each in self.actions if each.is_for(language, country, self.at_risk_countries))

    def list_not_offered(self) -> list[Language]:
        """List the languages of `campaign.toml` that people are not offered."""
        return [language for language in self.listed if language not in self.languages]

    def list_problems(self, language: Language) -> tuple[Problem, ...]:
        """List why a language is not offered, one line for each mistake and each thing that is missing."""
        return (*self.mistakes.get(language, ()), *self.missing.get(language, ()))

    def match(self, tag: str | None) -> Language:
        """Return the language for a person whose app has this language tag."""
        return match_language(tag, self.languages, self.fallback)

    def find_offered(self, language: Language) -> Language:
        """Return the language in which a reader of `language` is written to: itself, or an offered fallback."""
        return find_offered(language, self.languages, self.listed)

    def find_morning(
        self, language: Language, country: str | None, now: datetime, quiet: QuietHours | None = None
    ) -> datetime | None:
        """Return when a reader of `language` from `country` can be written to; None: now.

        Without a country it is the zone of the language that counts, or of the campaign if the language has no one
        zone. `quiet` replaces the campaign's quiet hours.
        """
        quiet = quiet or self.quiet_hours
        if quiet is None:
            return None
        facts = self.listed.get(language)
        zone = facts.zone if facts and facts.has_zone else str(self.zone)
        return quiet.find_morning(find_zones(country, zone), now)

    def next_milestone(self, total: int) -> int:
        """Return the first milestone above `total`; above the last one, its next multiple."""
        for milestone in self.milestones:
            if milestone > total:
                return milestone
        step = self.milestones[-1]
        return (total // step + 1) * step

"""Words of the public page, its badge and its picture; `chatbot.site` makes the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus, choose_words
from chatbot.petition.model import Campaign
from chatbot.screens.context import ReaderContext, ending_line, stated
from chatbot.screens.organizer.records import share_cards


@dataclass(frozen=True, slots=True)
class PageWords:
    """What the page says, in Telegram's HTML or as plain text."""

    title: str
    """For previews, tabs and search engines."""
    heading: str
    """The title, in the direction of the language."""
    lead: str | None
    """Why the petition matters; None after the end."""
    summary: str
    """What previews of a link show below the title."""
    ending: Markup | None
    """How the petition ended; None while it is open."""
    statement: Markup | None
    answer: tuple[Markup, Markup] | None
    """The heading of the addressee's answer, and the answer."""
    count: Markup | None
    before: str | None
    """Where the count comes from, if supporters were carried over."""
    goal: str | None
    """How many are missing to the next milestone; None after the end."""
    facts: tuple[str, str]
    """To whom the petition is addressed, and who started it."""
    action: str
    """The button that opens Telegram."""
    effort: str | None
    """How long signing takes; None after the end."""
    scan: str
    appeal: str
    updates: str
    languages: str
    privacy: str


def describe_page(_: Translator, campaign: Campaign, status: PetitionStatus, signed_here: int) -> PageWords:
    """Describe the page. It never names anybody who signed."""
    words, total = campaign.words[_.language], campaign.carried_over + signed_here
    is_open = status.find_ending(campaign) is None
    answer = choose_words(status.answer, _.language, _.languages)
    shows_count = is_open or status.ending == "victory"  # otherwise the line about the end has it
    return PageWords(
        title=words.title,
        heading=_.label("<b>{title}</b>", title=words.title),
        lead=_.label("{lead}", lead=words.lead) if words.lead and is_open else None,
        summary=_summarise(_, campaign, status, total),
        ending=ending_line(_, ReaderContext(is_open, status=status), total),
        statement=stated(_, status),
        answer=(_("💬 <b>The answer</b> · {addressee}", addressee=words.addressee), answer) if answer else None,
        count=_count(_, total) if shows_count else None,
        before=_describe_sources(_, campaign, signed_here) if campaign.carried_over else None,
        goal=_describe_goal(_, campaign, status, total) if is_open else None,
        facts=(
            _.label("To: {addressee}", addressee=words.addressee),
            _.label("Started by {starter} on {day}", starter=words.starter, day=_.date(campaign.started_on)),
        ),
        action=_.label("Sign in Telegram") if is_open else _.label("Read on in Telegram"),
        effort=_.label("Signing takes about a minute.") if is_open else None,
        scan=_.label("Point your phone's camera at the code, or open:"),
        appeal=_.label("The appeal"),
        updates=_.label("Updates"),
        languages=_.label("Language"),
        privacy=_.label("This page has no cookies and no scripts. It never shows who signed."),
    )


def _count(_: Translator, total: int) -> Markup:
    return _.plural("<b>{count}</b> supporter", "<b>{count}</b> supporters", total)


def _summarise(_: Translator, campaign: Campaign, status: PetitionStatus, total: int) -> str:
    words = campaign.words[_.language]
    texts = {None: words.lead or words.share_text, "closed": words.share_text_closed, "victory": words.share_text_won}
    return texts[status.find_ending(campaign)].replace("{count}", _.number(total))


def _describe_sources(_: Translator, campaign: Campaign, signed_here: int) -> str:
    return _.label(
        "{before} on {platform} + {here} in Telegram",
        before=_.number(campaign.carried_over),
        platform=campaign.carried_over_from,
        here=_.number(signed_here),
    )


def _describe_goal(_: Translator, campaign: Campaign, status: PetitionStatus, total: int) -> str:
    milestone = status.find_milestone(campaign, total)
    return _.label(
        "{missing} more to reach {milestone}", missing=_.number(milestone - total), milestone=_.number(milestone)
    )


def describe_badge(_: Translator, campaign: Campaign, total: int) -> tuple[str, str]:
    """Return the two halves of the badge: the petition, and its count."""
    words = campaign.words[_.language]
    return words.hashtag or words.title, _count(_, total).striptags()


def describe_picture(
    _: Translator, campaign: Campaign, status: PetitionStatus, total: int, link: str
) -> Mapping[str, Any]:
    """Describe the picture that previews of a link show; `chatbot.documents.share_card` draws it."""
    ending, milestone = status.find_ending(campaign), status.find_milestone(campaign, total)
    card = share_cards.describe(_, campaign.words[_.language], total, ending, "square", link)
    is_open = ending is None
    return card | {
        "kind": "preview",
        "filled": total / milestone if is_open else None,
        "goal": _describe_goal(_, campaign, status, total) if is_open else "",
    }

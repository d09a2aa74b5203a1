"""The petition's card: one message that anybody may post in any chat. It never says who shares it or who signed."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionEnding, PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.petition.rounding import is_exact_in_public, round_in_public
from chatbot.screens import times
from chatbot.screens.context import ReaderContext, ending_line
from chatbot.screens.screen import Link, Screen

_BAR_LENGTH = 10


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """What changes on a card: the numbers as it shows them, and how the petition ended."""

    ending: PetitionEnding | None
    supporters: int
    """Rounded while the petition is open, so that nobody who watches a card sees one person sign."""
    milestone: int | None
    """The next number to reach; None once the petition has ended."""
    filled: int
    """How many of the bar's ten parts are filled."""


def read_numbers(campaign: Campaign, status: PetitionStatus, signed_here: int) -> CardNumbers:
    """Return what a card shows now. `signed_here` counts the signatures in this bot."""
    total, ending = campaign.carried_over + signed_here, status.find_ending(campaign)
    if ending is not None:
        return CardNumbers(ending, total, None, 0)
    milestone, shown = status.find_milestone(campaign, total), round_in_public(total)
    return CardNumbers(None, shown, milestone, shown * _BAR_LENGTH // milestone)


def card(_: Translator, campaign: Campaign, numbers: CardNumbers, link: str, at: datetime) -> Screen:
    """Draw the card in the translator's language. `link` starts the bot; the numbers were read `at` this moment."""
    words, is_open = campaign.words[_.language], numbers.ending is None
    parts = [
        _("<b>{title}</b>", title=words.title),
        _("{lead}", lead=words.lead) if words.lead and is_open else None,
        ending_line(_, ReaderContext(is_open, status=PetitionStatus(numbers.ending)), numbers.supporters),
        _count(_, campaign, numbers, at) if numbers.ending != "closed" else None,  # its ending line has the count
    ]
    label = _.label("✍️ Sign the petition") if is_open else _.label("📖 Read the appeal")
    text = Markup("\n\n").join(part for part in parts if part)
    return Screen(text, ((Link(label, link, "primary" if is_open else "plain"),),))


def sign_first(_: Translator) -> str:
    """Write the button above the cards for somebody who has not signed. Plain text."""
    return _.label("✍️ Sign first")


def describe(_: Translator, numbers: CardNumbers) -> str:
    """Describe a card in a list of cards. Plain text."""
    return _count_supporters(_, numbers).striptags()


def _count(_: Translator, campaign: Campaign, numbers: CardNumbers, at: datetime) -> Markup:
    lines = [_count_supporters(_, numbers)]
    if numbers.milestone is not None:
        bar = "▮" * numbers.filled + "▯" * (_BAR_LENGTH - numbers.filled)
        lines.append(_("{bar} 🎯 {milestone}", bar=_.direct(bar), milestone=_.number(numbers.milestone)))
        lines.append(_("<i>As of {moment}</i>", moment=times.full(_.in_zone(campaign.zone), at)))
    return Markup("\n").join(lines)


def _count_supporters(_: Translator, numbers: CardNumbers) -> Markup:
    total = numbers.supporters
    if numbers.ending is None and not is_exact_in_public(total):
        return _.plural("<b>{count}+</b> supporter", "<b>{count}+</b> supporters", total)
    return _.plural("<b>{count}</b> supporter", "<b>{count}</b> supporters", total)

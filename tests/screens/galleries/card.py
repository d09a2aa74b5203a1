"""The card that is posted in any chat, while the petition is open and after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus
from chatbot.petition.model import Campaign
from chatbot.screens.screen import Screen
from chatbot.screens.supporter.card import card, read_numbers


def card_screens(
    _: Translator, campaign: Campaign, signed_here: int, link: str, at: datetime
) -> Iterator[tuple[str, Screen]]:
    """Yield each card under its own name."""

    def draw(of: Campaign, status: PetitionStatus, signed: int) -> Screen:
        return card(_, of, read_numbers(of, status, signed), link, at)

    yield "card", draw(campaign, PetitionStatus(), signed_here)
    yield "card-few", draw(replace(campaign, carried_over=0, milestones=(100,)), PetitionStatus(), 12)
    yield "card-one", draw(replace(campaign, carried_over=0, milestones=(100,)), PetitionStatus(), 1)
    yield "card-closed", draw(campaign, PetitionStatus("closed"), signed_here)
    yield "card-won", draw(campaign, PetitionStatus("victory"), signed_here)

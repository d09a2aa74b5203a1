"""The bundled petition, for tests without a fixture."""

from dataclasses import replace
from typing import Final

from chatbot.petition.campaign import load_campaign
from chatbot.settings import BUNDLED_LOCALES

BUNDLED: Final = replace(load_campaign(BUNDLED_LOCALES), quiet_hours=None)
"""Without quiet hours, so that what tests send arrives at any hour of the day."""

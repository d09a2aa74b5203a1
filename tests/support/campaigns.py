"""The bundled petition, for tests without a fixture."""

from typing import Final

from chatbot.petition.campaign import load_campaign
from chatbot.settings import BUNDLED_LOCALES

BUNDLED: Final = load_campaign(BUNDLED_LOCALES)

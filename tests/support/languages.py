"""The languages of the bundled petition."""

from chatbot.petition.campaign import load_campaign
from chatbot.settings import BUNDLED_LOCALES

LANGUAGES = tuple(load_campaign(BUNDLED_LOCALES).languages)

"""Languages in their own names."""

from chatbot.petition.languages import Language

LANGUAGE_NAMES: dict[Language, str] = {"ko": "한국어", "en": "English"}

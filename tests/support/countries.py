"""Finds countries as the bundled campaign does, in Korean and English."""

from chatbot.petition.countries.find import Match, find_country

LANGUAGES = ("ko", "en")


def find(text: str, language: str = "en") -> Match:
    """Return the country that a text of somebody with this language means."""
    return find_country(text, tuple(dict.fromkeys((language, *LANGUAGES))))

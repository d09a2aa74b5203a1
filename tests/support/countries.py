"""Countries found as in the bundled campaign, which is Korean and English."""

from chatbot.petition.countries.find import Match, find_country

LANGUAGES = ("ko", "en")


def find(text: str, language: str = "en") -> Match:
    """What a reader of one of its languages gets for a text."""
    return find_country(text, tuple(dict.fromkeys((language, *LANGUAGES))))

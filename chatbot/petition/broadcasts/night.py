"""The languages whose readers sleep at a moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chatbot.petition.languages import Language, LanguageFacts

_NIGHT: Final = range(6)
"""Hours in which most people sleep."""


def list_at_night(languages: Mapping[Language, LanguageFacts], at: datetime) -> list[Language]:
    """List the languages in whose zone it is night at `at`.

    Readers of a language without one zone, which has UTC, live anywhere: nothing is known of their night.
    """
    zones = {language: facts.zone for language, facts in languages.items() if facts.zone != "UTC"}
    return [language for language, zone in zones.items() if at.astimezone(ZoneInfo(zone)).hour in _NIGHT]

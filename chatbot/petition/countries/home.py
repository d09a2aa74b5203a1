"""The country that is filled in for a person: one that is nearly sure, and not one where signing is dangerous."""

from collections.abc import Collection, Mapping

from chatbot.petition.countries.names import CODES
from chatbot.petition.languages import Language, LanguageFacts, find_country_of, split_tag


def find_home_country(
    tag: str | None, languages: Mapping[Language, LanguageFacts], at_risk: Collection[str]
) -> str | None:
    """Return the territory of a language tag, or else the one country of its language; None if neither is sure."""
    language, territory = split_tag(tag or "")
    known = languages.get(language)
    country = territory or (known.country if known else find_country_of(language))
    return country if country in CODES and country not in at_risk else None

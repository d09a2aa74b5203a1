"""Stored counts in words, for the findings of the integrity check: a volunteer reads them."""

import re
from typing import Final

from chatbot.problem import Problem

_NAMES: Final = (
    (r"signatures", Problem("signatures")),
    (r"set_aside", Problem("excluded signatures")),
    (r"signatures:(?P<country>.*)", Problem("signatures from the country {country}")),
    (r"languages:(?P<language>.*)", Problem("signatures of people who read the appeal in the language {language}")),
    (r"sources:\+direct", Problem("signatures of people who came directly")),
    (r"sources:\+friends", Problem("signatures through links of friends")),
    (r"sources:\+other", Problem("signatures through other links")),
    (r"sources:(?P<link>.*)", Problem("signatures through the link “{link}”")),
    (r"versions:(?P<version>.*)", Problem("signatures for the appeal's version {version}")),
    (
        r"readers:(?P<version>.*):(?P<language>.*)",
        Problem("signatures for the appeal's version {version}, read in the language {language}"),
    ),
    (r"generations:0", Problem("signatures of people whom no friend brought")),
    (r"generations:(?P<count>.*)", Problem("signatures at {count} steps from one whom no friend brought")),
    (r"subscriptions", Problem("subscriptions")),
    (r"subscriptions:(?P<language>.*):", Problem("subscriptions in the language {language}, country unknown")),
    (
        r"subscriptions:(?P<language>.*):(?P<country>.*)",
        Problem("subscriptions in the language {language} from the country {country}"),
    ),
    (r"steps:opened", Problem("people who wrote to the bot")),
    (r"steps:read", Problem("people who read the appeal")),
    (r"steps:began", Problem("people who began to sign")),
    (r"steps:country", Problem("people who gave a name")),
    (r"steps:reason", Problem("people who gave a country")),
    (r"steps:check", Problem("people who reached the last check")),
    (r"steps:signed", Problem("people who ever signed")),
    (r"steps:subscribed", Problem("people who ever subscribed")),
    (
        r"broadcast (?P<number>\d+), (?P<language>.*), audience",
        Problem("recipients of update {number} in the language {language}"),
    ),
    (
        r"broadcast (?P<number>\d+), (?P<language>.*), later .*",
        Problem("people who wait for their morning to get update {number} in the language {language}"),
    ),
    (
        r"broadcast (?P<number>\d+), (?P<language>.*), sent",
        Problem("people who got update {number} in the language {language}"),
    ),
    (
        r"broadcast (?P<number>\d+), (?P<language>.*), unknown.*",
        Problem("people who may have got update {number} in the language {language}"),
    ),
    (
        r"broadcast (?P<number>\d+), (?P<language>.*), \w.*",
        Problem("people who did not get update {number} in the language {language}"),
    ),
)


def name_count(what: str) -> str:
    """Name a count; one of an older version of the bot keeps its technical name."""
    for pattern, name in _NAMES:
        if found := re.fullmatch(pattern, what):
            return name.fill(**found.groupdict())
    return what

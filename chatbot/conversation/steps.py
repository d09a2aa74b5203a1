"""The map of the conversation: the steps of signing, and what can be said or tapped at any time.

    idle ──▶ name ──▶ country ──▶ reason ──▶ check ──▶ idle (signed)
              ▲          ▲           ▲         │
              └──────────┴───────────┴─────────┘  change a line, and straight back to check

`idle` is everybody who is not signing. /cancel leads from anywhere to idle; everything in `COMMANDS` and `BUTTONS`
is heard at every step and leaves the step as it is, but for `sign` and `cancel`. The README draws the same map, and
a test holds both against this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chatbot.conversation import browsing, signing
from chatbot.conversation.turn import Handler
from chatbot.petition.draft import Question
from chatbot.screens import actions


@dataclass(frozen=True, slots=True)
class Step:
    """One question: what a typed answer does, what a tapped one does, and where they lead ("idle": signed)."""

    hear: Handler
    choose: Handler
    leads_to: tuple[str, ...]


STEPS: Final[Mapping[Question, Step]] = {
    "name": Step(signing.hear_name, signing.choose_name, ("country", "check")),
    "country": Step(signing.hear_country, signing.choose_country, ("reason", "check")),
    "reason": Step(signing.hear_reason, signing.choose_reason, ("check",)),
    "check": Step(signing.hear_check, signing.choose_check, ("name", "country", "reason", "idle")),
}

COMMANDS: Final[Mapping[str, Handler]] = {
    "start": browsing.start,
    "sign": signing.begin,
    "read": browsing.read,
    "updates": browsing.updates,
    "subscribe": browsing.subscribe,
    "unsubscribe": browsing.unsubscribe,
    "stop": browsing.unsubscribe,
    "share": browsing.share,
    "language": browsing.choose_language,
    "privacy": browsing.privacy,
    "help": browsing.guide,
    "cancel": signing.cancel,
}

BUTTONS: Final[Mapping[str, Handler]] = {
    actions.HOME: browsing.home,
    actions.SIGN: signing.begin,
    actions.CANCEL: signing.cancel,
    actions.READ: browsing.read,
    actions.UPDATES: browsing.updates,
    actions.LANGUAGE: browsing.choose_language,
    actions.SHARE: browsing.share,
    actions.PRIVACY: browsing.privacy,
    actions.HELP: browsing.guide,
    actions.SUBSCRIBE: browsing.subscribe,
    actions.JOIN: browsing.join,
    actions.UNSUBSCRIBE: browsing.unsubscribe,
}

"""The map of the conversation: the steps of signing and of writing an update, and what can be said at any time.

    idle ──▶ name ──▶ country ──▶ reason ──▶ check ──▶ (human ──▶) idle (signed)
              ▲          ▲           ▲         │
              └──────────┴───────────┴─────────┘  change a line, and straight back to check

`idle` is everybody who is not signing. /cancel leads from anywhere to idle; everything in `COMMANDS` and `BUTTONS`
is heard at every step and leaves the step as it is, but for `sign` and `cancel`. The README draws the same map, and
a test holds both against this table. `human` (tap the right picture) is asked only while the human check is on, and
only of who has never passed it; it leads back to check as well.

Organizers write an update in steps of their own. A signature in the making waits meanwhile:

    idle ──▶ post_ko ──▶ post_en ──▶ review ──▶ idle (sent, scheduled or put aside)
                ▲           ▲           │
                └───────────┴───────────┴──▶ button_ko, button_en, countries, hour, and straight back to review

    idle ──▶ threshold ──▶ idle (the team agreed on a number)
    idle ──▶ words_ko ──▶ words_en ──▶ idle, idle ──▶ milestone ──▶ idle (the course of the petition)
    idle ──▶ export ──▶ idle (days and a country for a file were typed)
    idle ──▶ suspicion, because ──▶ idle (which signatures are doubted, and why)
    idle ──▶ own_name, own_country, own_reason ──▶ idle (who has signed changes it)

Their buttons all begin with `broadcast:`; what each does, and when, stands in `desk.ACTS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chatbot.conversation import (
    addressing,
    browsing,
    composing,
    deciding,
    desk,
    doubting,
    exporting,
    following,
    forgetting,
    inviting,
    myself,
    renewing,
    scheduling,
    signing,
    threshold,
    whereabouts,
    withdrawing,
)
from chatbot.conversation.desk import DeskButton, DeskCommand
from chatbot.conversation.turn import Handler, Place, Reply, Turn
from chatbot.petition.characters import begins_like_command
from chatbot.petition.team import Role
from chatbot.screens import actions


@dataclass(frozen=True, slots=True)
class Step:
    """One question: what a typed answer does, what a tapped one does, and where they lead ("idle": signed)."""

    hear: Handler
    choose: Handler
    leads_to: tuple[str, ...]
    needs: Role = "organizer"
    """Of a step at the desk: what somebody must be in the team to stay at it."""


async def _ask_again(turn: Turn, _choice: str) -> Reply:
    """No button of an organizer's belongs to one step: what is tapped here means nothing."""
    return await whereabouts.here(turn)


def _answer(hear: Handler) -> Handler:
    """Take a typed answer, unless it was meant as a command: Telegram takes only Latin ones for commands."""

    async def hear_answer(turn: Turn, text: str) -> Reply:
        return await whereabouts.no_command(turn) if begins_like_command(text) else await hear(turn, text)

    return hear_answer


STEPS: Final[Mapping[Place, Step]] = {
    "name": Step(_answer(signing.hear_name), signing.choose_name, ("country", "check")),
    "country": Step(_answer(signing.hear_country), signing.choose_country, ("reason", "check")),
    "reason": Step(_answer(signing.hear_reason), signing.choose_reason, ("check",)),
    "check": Step(_answer(signing.hear_check), signing.choose_check, ("name", "country", "reason", "human", "idle")),
    "human": Step(_answer(signing.hear_human), signing.choose_human, ("check", "idle")),
    "post_ko": Step(composing.hear_post_ko, _ask_again, ("post_en", "review")),
    "post_en": Step(composing.hear_post_en, _ask_again, ("review",)),
    "button_ko": Step(composing.hear_button_ko, _ask_again, ("button_en", "review")),
    "button_en": Step(composing.hear_button_en, _ask_again, ("review",)),
    "countries": Step(addressing.hear_country, _ask_again, ("review",)),
    "hour": Step(scheduling.hear_hour, _ask_again, ("review", "idle")),
    "review": Step(
        composing.hear_review,
        _ask_again,
        ("post_ko", "post_en", "button_ko", "button_en", "countries", "hour", "idle"),
    ),
    "threshold": Step(threshold.hear_number, _ask_again, ("idle",), needs="owner"),
    "words_ko": Step(deciding.hear_words_ko, _ask_again, ("words_en", "idle"), needs="owner"),
    "words_en": Step(deciding.hear_words_en, _ask_again, ("idle",), needs="owner"),
    "milestone": Step(deciding.hear_milestone, _ask_again, ("idle",), needs="owner"),
    "suspicion": Step(doubting.hear_conditions, _ask_again, ("idle",)),
    "because": Step(doubting.hear_reason, _ask_again, ("idle",)),
    "own_name": Step(_answer(myself.hear_name), myself.choose_name, ("idle",)),
    "own_country": Step(_answer(myself.hear_country), myself.choose_country, ("idle",)),
    "own_reason": Step(_answer(myself.hear_reason), myself.choose_reason, ("idle",)),
    "export": Step(exporting.hear_choice, _ask_again, ("idle",), needs="owner"),
}

COMMANDS: Final[Mapping[str, Handler]] = {
    "start": inviting.start,
    "sign": signing.begin,
    "read": browsing.read,
    "updates": following.updates,
    "subscribe": browsing.subscribe,
    "unsubscribe": browsing.unsubscribe,
    "stop": browsing.unsubscribe,
    "share": browsing.share,
    "language": browsing.choose_language,
    "me": myself.show,
    "withdraw": withdrawing.withdraw,
    "forget": forgetting.forget,
    "privacy": browsing.privacy,
    "help": browsing.guide,
    "cancel": whereabouts.cancel,
}

BUTTONS: Final[Mapping[str, Handler]] = {
    actions.HOME: browsing.home,
    actions.SIGN: signing.begin,
    actions.CANCEL: signing.cancel,
    actions.READ: browsing.read,
    actions.UPDATES: following.updates,
    actions.PICTURE: following.picture,
    actions.LEAVE: following.leave,
    actions.LANGUAGE: browsing.choose_language,
    actions.SHARE: browsing.share,
    actions.PRIVACY: browsing.privacy,
    actions.HELP: browsing.guide,
    actions.SUBSCRIBE: browsing.subscribe,
    actions.JOIN: browsing.join,
    actions.RENEW: renewing.press,
    actions.ACCEPT: inviting.accept,
    actions.UNSUBSCRIBE: browsing.unsubscribe,
    actions.ME: myself.press,
    actions.WITHDRAW: withdrawing.press,
    actions.FORGET: forgetting.press,
}

DESK_COMMANDS: Final[Mapping[str, DeskCommand]] = desk.COMMANDS
"""What only the team can say; to anybody else these are unknown commands."""

DESK_BUTTONS: Final[Mapping[str, DeskButton]] = desk.BUTTONS
"""The same of buttons."""

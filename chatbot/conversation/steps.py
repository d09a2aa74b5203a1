"""The map of the conversation: the steps of signing and of writing an update, and what can be said at any time.

    idle ──▶ name ──▶ country ──▶ reason ──▶ check ──▶ (human ──▶) idle (signed)
              ▲          ▲           ▲         │
              └──────────┴───────────┴─────────┘  change a line, and straight back to check

`idle` is everybody who is not signing. /cancel leads from anywhere to idle; everything in `COMMANDS` and `BUTTONS`
is heard at every step and leaves the step as it is, but for `sign` and `cancel`. `docs` draws the same maps, and
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

Their buttons all begin with `broadcast:`; what each does, and when, stands in `routes.ACTS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chatbot.conversation import links, resume
from chatbot.conversation.organizer import routes
from chatbot.conversation.organizer.broadcasts import audience, composing, scheduling
from chatbot.conversation.organizer.petition import lifecycle
from chatbot.conversation.organizer.records import exporting, review
from chatbot.conversation.organizer.routes import DeskButton, DeskCommand
from chatbot.conversation.organizer.team import approval_threshold, invitations
from chatbot.conversation.step_names import StepName
from chatbot.conversation.supporter import forgetting, home, my_data, resigning, signing, timeline, withdrawing
from chatbot.conversation.turn import Handler, Reply, Turn
from chatbot.petition.team import Role
from chatbot.petition.text.characters import begins_like_command
from chatbot.screens import callbacks


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
    return await resume.here(turn)


def _answer(hear: Handler) -> Handler:
    """Take a typed answer, unless it was meant as a command: Telegram takes only Latin ones for commands."""

    async def hear_answer(turn: Turn, text: str) -> Reply:
        return await resume.no_command(turn) if begins_like_command(text) else await hear(turn, text)

    return hear_answer


STEPS: Final[Mapping[StepName, Step]] = {
    "name": Step(_answer(signing.hear_name), signing.choose_name, ("country", "check")),
    "country": Step(_answer(signing.hear_country), signing.choose_country, ("reason", "check")),
    "reason": Step(_answer(signing.hear_reason), signing.choose_reason, ("check",)),
    "check": Step(_answer(signing.hear_check), signing.choose_check, ("name", "country", "reason", "human", "idle")),
    "human": Step(_answer(signing.hear_human), signing.choose_human, ("check", "idle")),
    "post_ko": Step(composing.hear_post_ko, _ask_again, ("post_en", "review")),
    "post_en": Step(composing.hear_post_en, _ask_again, ("review",)),
    "button_ko": Step(composing.hear_button_ko, _ask_again, ("button_en", "review")),
    "button_en": Step(composing.hear_button_en, _ask_again, ("review",)),
    "countries": Step(audience.hear_country, _ask_again, ("review",)),
    "hour": Step(scheduling.hear_hour, _ask_again, ("review", "idle")),
    "review": Step(
        composing.hear_review,
        _ask_again,
        ("post_ko", "post_en", "button_ko", "button_en", "countries", "hour", "idle"),
    ),
    "threshold": Step(approval_threshold.hear_number, _ask_again, ("idle",), needs="owner"),
    "words_ko": Step(lifecycle.hear_words_ko, _ask_again, ("words_en", "idle"), needs="owner"),
    "words_en": Step(lifecycle.hear_words_en, _ask_again, ("idle",), needs="owner"),
    "milestone": Step(lifecycle.hear_milestone, _ask_again, ("idle",), needs="owner"),
    "suspicion": Step(review.hear_conditions, _ask_again, ("idle",)),
    "because": Step(review.hear_reason, _ask_again, ("idle",)),
    "own_name": Step(_answer(my_data.hear_name), my_data.choose_name, ("idle",)),
    "own_country": Step(_answer(my_data.hear_country), my_data.choose_country, ("idle",)),
    "own_reason": Step(_answer(my_data.hear_reason), my_data.choose_reason, ("idle",)),
    "export": Step(exporting.hear_choice, _ask_again, ("idle",), needs="owner"),
}

COMMANDS: Final[Mapping[str, Handler]] = {
    "start": links.start,
    "sign": signing.begin,
    "read": home.read,
    "updates": timeline.updates,
    "subscribe": home.subscribe,
    "unsubscribe": home.unsubscribe,
    "stop": home.unsubscribe,
    "share": home.share,
    "language": home.choose_language,
    "me": my_data.show,
    "withdraw": withdrawing.withdraw,
    "forget": forgetting.forget,
    "privacy": home.privacy,
    "help": home.guide,
    "cancel": resume.cancel,
}

BUTTONS: Final[Mapping[str, Handler]] = {
    callbacks.HOME: home.home,
    callbacks.SIGN: signing.begin,
    callbacks.CANCEL: signing.cancel,
    callbacks.READ: home.read,
    callbacks.UPDATES: timeline.updates,
    callbacks.PICTURE: timeline.picture,
    callbacks.LEAVE: timeline.leave,
    callbacks.LANGUAGE: home.choose_language,
    callbacks.SHARE: home.share,
    callbacks.PRIVACY: home.privacy,
    callbacks.HELP: home.guide,
    callbacks.SUBSCRIBE: home.subscribe,
    callbacks.JOIN: home.join,
    callbacks.RENEW: resigning.press,
    callbacks.ACCEPT: invitations.accept,
    callbacks.UNSUBSCRIBE: home.unsubscribe,
    callbacks.ME: my_data.press,
    callbacks.WITHDRAW: withdrawing.press,
    callbacks.FORGET: forgetting.press,
}

DESK_COMMANDS: Final[Mapping[str, DeskCommand]] = routes.COMMANDS
"""What only the team can say; to anybody else these are unknown commands."""

DESK_BUTTONS: Final[Mapping[str, DeskButton]] = routes.BUTTONS
"""The same of buttons."""


def find_step(name: str) -> StepName | None:
    """The step of this name; None for none, and for one of an older version of this program."""
    return next((step for step in STEPS if step == name), None)

"""The map of the conversation: its steps, and the commands and buttons that work at every step.

    idle ──▶ name ──▶ country ──▶ check ──▶ (human ──▶) idle (signed)
              ▲          ▲          │
              └──────────┴─ reason ─┘  change a line, and straight back to check

`name` and `country` are passed over if they can be filled in. `idle` means that no answer is expected. /cancel leads
from every step to idle. The entries of `COMMANDS` and `BUTTONS` work at every step; except `sign` and `cancel` they
also lead from a question of signing, and from a change, to idle, and the answers stay. `human` (tap the right
picture) is asked only while the human check is on, and only of people who have never passed it; it leads back to
check as well. docs/architecture.md and docs/organizers.md draw the same maps, and a test compares them with this
module.

Organizers write a broadcast in other steps, whose buttons begin with `broadcast:`; `broadcasts.actions.ACTS` says what
each does, and in which states. An unfinished signature is kept meanwhile:

    idle ──▶ post ──▶ review ──▶ idle (sent, scheduled or put aside)
              ▲         │
              └─────────┴──▶ button, countries, hour, and straight back to review

    idle ──▶ approval_reason ──▶ idle (an approver said why not)
    idle ──▶ threshold ──▶ idle (the team agreed on a number)
    idle ──▶ zone ──▶ idle (a member chose a time zone)
    idle ──▶ words ──▶ idle, idle ──▶ milestone ──▶ idle (the petition status)
    idle ──▶ link ──▶ idle (what a new link is for)
    idle ──▶ place ──▶ idle (a channel or group is chosen below the message field)
    idle ──▶ export ──▶ idle (days and a country for a file were typed)
    idle ──▶ review_conditions, review_link, review_name ──▶ idle (which signatures to count)
    idle ──▶ review_reason ──▶ idle (why to set signatures aside)
    idle ──▶ own_name, own_country, own_reason ──▶ idle (a signer changes the signature)

`post`, `button` and `words` are asked once for each language; the language is kept with the draft.
"""

from collections.abc import Mapping
from typing import Final

from chatbot.conversation import links
from chatbot.conversation.organizer import desk
from chatbot.conversation.organizer.broadcasts.actions import FEATURE as BROADCASTS
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.petition import appeal_versions, lifecycle
from chatbot.conversation.organizer.places import places
from chatbot.conversation.organizer.records import audit_log, exporting, review, statistics
from chatbot.conversation.organizer.records import links as team_links
from chatbot.conversation.organizer.team import invitations, members, owner_link
from chatbot.conversation.step_names import StepName
from chatbot.conversation.supporter import (
    actions,
    forgetting,
    friends,
    home,
    my_data,
    resigning,
    signing,
    timeline,
    withdrawing,
)
from chatbot.conversation.turn import Handler, Reply, Step, Turn
from chatbot.petition.languages import Language
from chatbot.screens import callbacks

_FEATURES: Final = (
    *(statistics.FEATURE, BROADCASTS, appeal_versions.FEATURE, review.FEATURE, lifecycle.FEATURE),
    *(places.FEATURE, exporting.FEATURE, team_links.FEATURE, members.FEATURE, audit_log.FEATURE),
)
FEATURES: Final[tuple[Feature, ...]] = (desk.make_feature(_FEATURES), *_FEATURES)
"""What team members can do. For anybody else these commands and buttons are unknown."""

_RENAMED: Final = {"suspicion": "review_conditions", "because": "review_reason"}
"""Stored names of earlier versions, and the names of today."""

STEPS: Final[Mapping[StepName, Step]] = {
    **signing.STEPS,
    **my_data.STEPS,
    **{name: step for feature in FEATURES for name, step in feature.steps.items()},
}


async def ask_again(turn: Turn) -> Reply:
    """Ask the open question again, also one that they left. Without one, show the welcome."""
    if turn.step:
        return await STEPS[turn.step].ask(turn)
    return await (signing.begin(turn, "") if turn.question and turn.is_open else home.home(turn, ""))


async def cancel(turn: Turn, argument: str) -> Reply:
    """Leave the open question. Without one, discard an unfinished signature."""
    leave = STEPS[turn.step].leave if turn.step else signing.cancel
    return await leave(turn, argument)


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
    "cancel": cancel,
}

BUTTONS: Final[Mapping[str, Handler]] = {
    callbacks.HOME: home.home,
    callbacks.SIGN: timeline.sign,
    callbacks.CANCEL: signing.cancel,
    callbacks.READ: home.read,
    callbacks.UPDATES: timeline.updates,
    callbacks.PICTURE: timeline.picture,
    callbacks.LEAVE: timeline.leave,
    callbacks.LANGUAGE: home.choose_language,
    callbacks.SHARE: home.share,
    callbacks.FRIENDS: friends.press,
    callbacks.ACT: actions.press,
    callbacks.PRIVACY: home.privacy,
    callbacks.HELP: home.guide,
    callbacks.SUBSCRIBE: home.subscribe,
    callbacks.JOIN: home.join,
    callbacks.RENEW: resigning.press,
    callbacks.ACCEPT: invitations.accept,
    callbacks.OWNER: owner_link.accept,
    callbacks.UNSUBSCRIBE: home.unsubscribe,
    callbacks.ME: my_data.press,
    callbacks.WITHDRAW: withdrawing.press,
    callbacks.FORGET: forgetting.press,
}

TEAM_COMMANDS: Final = {command: feature for feature in FEATURES for command in feature.commands}
TEAM_BUTTONS: Final = {str(feature.verb): feature for feature in FEATURES}
_STEP_NAMES: Final[Mapping[str, StepName]] = {step: step for step in STEPS}


def find_step(name: str) -> StepName | None:
    """Find the step of this name. None for "idle", and for a step of an older version."""
    return _STEP_NAMES.get(_RENAMED.get(name, name))


def read_step(stored: str) -> tuple[StepName | None, Language | None]:
    """Read the stored name of a step. In earlier versions the language of a text was a part of it: `post_xx`."""
    if step := find_step(stored):
        return step, None
    name, _, language = stored.partition("_")
    return (find_step(name), language) if name in ("post", "button", "words") else (None, None)

"""What our buttons say back to us: the one list of actions, written by screens and read by the conversation.

An action is `verb` or `verb:argument` when it may be tapped at any time, and `step.choice` when it answers the
question of one step and means nothing once that step is left.
"""

from typing import Final

HOME: Final = "home"  # with a language: the welcome in that language from now on
SIGN: Final = "sign"
CANCEL: Final = "cancel"
READ: Final = "read"
UPDATES: Final = "updates"
LANGUAGE: Final = "language"
SPEAK: Final = "speak"  # a language from now on, and on with whatever was asked
SHARE: Final = "share"
PRIVACY: Final = "privacy"
HELP: Final = "help"
SUBSCRIBE: Final = "subscribe"
JOIN: Final = "join"  # subscribe as the last question of signing; sharing follows
UNSUBSCRIBE: Final = "unsubscribe"
ME: Final = "me"  # what is kept about them, as me:<what>[:<more>]
FORGET: Final = "forget"  # erase everything about them; with a code: they were asked once more and want it
WITHDRAW: Final = "withdraw"  # take the signature back; with a code: they were asked once more and want it
PICTURE: Final = "picture"  # of an update in the timeline, by the broadcast's id
LEAVE: Final = "leave"  # unsubscribe from below an update, which stays where it is
BROADCAST: Final = "broadcast"  # everything of the organizers', as broadcast:<what>:<id>[:<more>]
EXPORT: Final = "export"  # an organizer's, as export:<what>:<order>[:<code>]
TEAM: Final = "team"  # everything about the team, as team:<what>[:<more>]
RENEW: Final = "renew"  # below the notice of another wording, as renew:<read, keep or leave>[:<version>]
APPEAL: Final = "appeal"  # the wordings of the appeal, as appeal:<what>[:<more>]
STATUS: Final = "course"  # the course of the petition, as course:<what>[:<more>]
REVIEW: Final = "doubts"  # doubts about signatures, as doubts:<what>[:<id>[:<code>]]
LOG: Final = "log"  # what the team did, as log:<what>:<kind>:<who>:<number>
STATISTICS: Final = "stats"  # how the petition is doing, as stats:<view>:<span>
ACCEPT: Final = "accept"  # an invitation into the team, as accept:<id>:<code>

NAME: Final = "name"
COUNTRY: Final = "country"
REASON: Final = "reason"
CHECK: Final = "check"
HUMAN: Final = "human"
NAMED: Final = "named"  # whether the name may be shown in public, as named.yes and named.no
YES: Final = "yes"
NO: Final = "no"

OWN_NAME: Final = "own_name"  # the same questions, asked once more of who has signed
OWN_COUNTRY: Final = "own_country"
OWN_REASON: Final = "own_reason"

PROFILE: Final = "profile"
KEEP: Final = "keep"
SKIP: Final = "skip"
BACK: Final = "back"


def call(verb: str, argument: object) -> str:
    """Write an action that may be tapped at any time, with its argument."""
    return f"{verb}:{argument}"


def choose(step: str, *choice: str) -> str:
    """Write an action that answers the question of `step`."""
    return ".".join((step, *choice))


def desk(what: str, subject: int, *more: object) -> str:
    """Write an organizer's action: `what` to do with the broadcast whose id is `subject` (or the page of a list)."""
    return ":".join((BROADCAST, what, str(subject), *(str(each) for each in more)))


def export(what: str, order: str, *more: object) -> str:
    """Write an action about a document: `what` to do with the `order` (see `petition.order.to_code`)."""
    return ":".join((EXPORT, what, order, *(str(each) for each in more)))


def team(what: str, *more: object) -> str:
    """Write an action about the team: `what` to do, and whatever it is about."""
    return ":".join((TEAM, what, *(str(each) for each in more)))


def appeal(what: str, *more: object) -> str:
    """Write an action about the wordings of the appeal: `what` to do, and which of them."""
    return ":".join((APPEAL, what, *(str(each) for each in more)))


def status(what: str, *more: object) -> str:
    """Write an action about the course of the petition: `what` to do, and whatever it is about."""
    return ":".join((STATUS, what, *(str(each) for each in more)))


def statistics(view: str, period: str) -> str:
    """Write an action that looks at the numbers: `view` of them, in a `period` of time."""
    return f"{STATISTICS}:{view}:{period}"


def review(what: str, *more: object) -> str:
    """Write an action about doubts: `what` to do, and with which signal or set of signatures."""
    return ":".join((REVIEW, what, *(str(each) for each in more)))


def log(what: str = "list", kind: str = "", who: int = 0, number: int = 0) -> str:
    """Write an action that looks back on what the team did: of some kind, by somebody (0: everybody), around a line."""
    return ":".join((LOG, what, kind, str(who), str(number)))

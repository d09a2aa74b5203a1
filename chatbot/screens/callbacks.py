"""Button data: what a tapped button sends back to the bot. Screens write it, the conversation reads it.

Data is `verb` or `verb:argument:…` when the button works at any time, and `step.choice` when it answers the question
of one step and means nothing after that step. Clients can send any text as data, so reading trusts none of it.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

_LONGEST: Final = 64
"""Bytes of data that Telegram lets a button have."""
_WRITTEN: Final = re.compile(r"([a-z_]+)(?:([:.])([!-~]*))?")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,14}")


class Verb(str):
    """The first word of button data, and the whole of it where nothing follows. Call it to add arguments."""

    __slots__ = ()

    def __call__(self, *arguments: object) -> str:
        """Write the data of a button."""
        return _check(":".join((self, *map(str, arguments))))


class ButtonData(NamedTuple):
    """The data of a tapped button: a verb or a step, and what follows. All are empty for data of no such form."""

    verb: str
    step: str
    argument: str


def choose(step: str, *choice: str) -> str:
    """Write the data of a button that answers the question of `step`."""
    return _check(".".join((step, *choice)))


@lru_cache(maxsize=1_024)
def read(data: str) -> ButtonData:
    """Read the data of a button."""
    found = _WRITTEN.fullmatch(data) if len(data) <= _LONGEST else None
    if found is None:
        return ButtonData("", "", "")
    first, separator, argument = found.groups("")
    return ButtonData("", first, argument) if separator == "." else ButtonData(first, "", argument)


def split(argument: str, count: int) -> list[str]:
    """Split an argument at its colons into `count` parts. Missing parts are empty; the last part keeps its colons."""
    return [*argument.split(":", count - 1), *[""] * count][:count]


def read_number(text: str) -> int:
    """Read the number of a page or of a row; 0 for anything that is not a number as `Verb` writes it."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def _check(data: str) -> str:
    if len(data) > _LONGEST or not _WRITTEN.fullmatch(data):
        raise ValueError(f"button data is at most {_LONGEST} printable ASCII characters, verb first")
    return data


# Buttons of supporters. Comments say what follows the verb.
HOME: Final = Verb("home")  # [<language>]: the welcome, in this language from now on
SIGN: Final = Verb("sign")  # [below]: below the message, which stays as it is
CANCEL: Final = Verb("cancel")
READ: Final = Verb("read")  # <page>, or below: the first page below the message
UPDATES: Final = Verb("updates")  # <page>
PICTURE: Final = Verb("picture")  # <broadcast>
LANGUAGE: Final = Verb("language")  # [join or subscribe]: the list of languages for a subscription
CHOOSE_LANGUAGE: Final = Verb("speak")  # <language>, then the question they are at
SHARE: Final = Verb("share")  # [below]: below the message, which stays as it is
FRIENDS: Final = Verb("friends")  # mute or unmute[:me]: the messages about how many signed through their link
ACT: Final = Verb("act")  # <action>[:done or :later]: what can be done after signing
PRIVACY: Final = Verb("privacy")
HELP: Final = Verb("help")
SUBSCRIBE: Final = Verb("subscribe")  # [<language>]
JOIN: Final = Verb("join")  # <language>: subscribe as the last question of signing; sharing follows
UNSUBSCRIBE: Final = Verb("unsubscribe")
LEAVE: Final = Verb("leave")  # unsubscribe below a broadcast, which stays as it is
ME: Final = Verb("me")  # [<what>[:<more>]]: their own data
FORGET: Final = Verb("forget")  # [<code>]: with the code of the question, erase everything about them
WITHDRAW: Final = Verb("withdraw")  # [<code>]: with the code of the question, withdraw the signature
RENEW: Final = Verb("renew")  # <read, keep or leave>[:<version>]: below the notice of a changed appeal
ACCEPT: Final = Verb("accept")  # <invitation>:<code>
OWNER: Final = Verb("owner")  # <code>: become an owner

# Buttons of organizers.
BROADCAST: Final = Verb("broadcast")  # <what>:<id>[:<more>]
EXPORT: Final = Verb("export")  # <what>:<request>[:<code>]
TEAM: Final = Verb("team")  # <what>[:<more>]
APPEAL: Final = Verb("appeal")  # <what>[:<version>:<version>:<page>]
STATUS: Final = Verb("course")  # <what>[:<more>]
REVIEW: Final = Verb("doubts")  # <what>[:<id>[:<code>]]
LOG: Final = Verb("log")  # <what>:<kind>:<member>:<entry>
STATISTICS: Final = Verb("stats")  # <view>:<period>
LINK: Final = Verb("link")  # new, qr:<name>, poster:<name> or print:<language>:<name>
PLACES: Final = Verb("channels")  # <what>[:<code>[:<more>]]: linked channels and groups
DESK: Final = Verb("desk")  # show, or run:<command>

# Steps, and what can be chosen there.
NAME: Final = "name"
COUNTRY: Final = "country"
REASON: Final = "reason"
CHECK: Final = "check"
HUMAN: Final = "human"
OWN: Final = "own_"  # how the steps begin in which a signer changes the signature
OWN_COUNTRY: Final = "own_country"
NAMED: Final = "named"  # named.yes and named.no: whether the name may be shown in public
YES: Final = "yes"
NO: Final = "no"
PROFILE: Final = "profile"
KEEP: Final = "keep"
SKIP: Final = "skip"
BACK: Final = "back"
BELOW: Final = "below"
UNDO: Final = "undo"

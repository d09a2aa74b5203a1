"""Organizer commands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from chatbot.i18n import Translator
from chatbot.petition.lifecycle import PetitionStatus, StatusChange
from chatbot.petition.model import Campaign
from chatbot.petition.team import Role, is_at_least
from chatbot.screens.screen import Screen


class MenuCommand(NamedTuple):
    """A command of the team: the role that may use it, and its line in the menu."""

    needs: Role
    line: Callable[[Translator], str]


COMMANDS: Final[Mapping[str, MenuCommand]] = {
    "desk": MenuCommand("viewer", lambda _: _.label("Your desk: what's waiting, and all you can do")),
    "stats": MenuCommand("viewer", lambda _: _.label("How the petition is doing")),
    "broadcast": MenuCommand("organizer", lambda _: _.label("Write to all subscribers")),
    "scheduled": MenuCommand("organizer", lambda _: _.label("Scheduled updates")),
    "broadcasts": MenuCommand("organizer", lambda _: _.label("Sent updates, and how they went")),
    "channels": MenuCommand("organizer", lambda _: _.label("Channels and groups to post in")),
    "appeal": MenuCommand("organizer", lambda _: _.label("Versions of the appeal, and what changed")),
    "doubts": MenuCommand("organizer", lambda _: _.label("Signatures to review")),
    "petition": MenuCommand("organizer", lambda _: _.label("Manage the petition: status, closing, goal")),
    "close": MenuCommand("owner", lambda _: _.label("Close the petition")),
    "reopen": MenuCommand("owner", lambda _: _.label("Reopen the petition")),
    "victory": MenuCommand("owner", lambda _: _.label("Close the petition as won")),
    "export": MenuCommand("owner", lambda _: _.label("Signatures as a spreadsheet")),
    "team": MenuCommand("organizer", lambda _: _.label("Who runs this petition")),
    "log": MenuCommand("organizer", lambda _: _.label("Activity log")),
    "deliver": MenuCommand("owner", lambda _: _.label("The document to deliver")),
}
"""In the order of the menu."""


def commands(_: Translator, role: Role) -> tuple[tuple[str, str], ...]:
    """List the commands of a role with one line each, in menu order."""
    return tuple((name, command.line(_)) for name, command in COMMANDS.items() if is_at_least(role, command.needs))


def to_desk(_: Translator) -> dict[str, str]:
    """Return the command that opens the desk, with its line."""
    return {"desk": COMMANDS["desk"].line(_)}


_CHANGES: Final[Mapping[str, StatusChange]] = {"close": "closed", "reopen": "reopened", "victory": "victory"}


def list_menu(_: Translator, role: Role, status: PetitionStatus, campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """List the commands of Telegram's menu in a member's chat: without changes that are impossible now."""
    return tuple(
        line for line in commands(_, role) if line[0] not in _CHANGES or status.can(_CHANGES[line[0]], campaign)
    )


_GROUPS: Final[Sequence[tuple[Callable[[Translator], str], Sequence[str]]]] = (
    (lambda _: _.label("📣 Updates"), ("broadcast", "scheduled", "broadcasts", "channels")),
    (lambda _: _.label("📊 Numbers and files"), ("stats", "export", "deliver")),
    (lambda _: _.label("🔎 Signatures to review"), ("doubts",)),
    (lambda _: _.label("🎯 The petition"), ("petition", "appeal", "close", "reopen", "victory")),
    (lambda _: _.label("👥 The team"), ("team", "log")),
)
"""The commands below the desk, as /help groups them."""


def grouped(_: Translator, role: Role) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """List the commands of a role in groups, each with its name; the desk is not among them."""
    may = [name for name, command in COMMANDS.items() if is_at_least(role, command.needs)]
    groups = ((name(_), tuple(each for each in commands if each in may)) for name, commands in _GROUPS)
    return tuple((name, commands) for name, commands in groups if commands)


def may_not(_: Translator, needs: Role) -> Screen:
    """Tell a member that their role does not allow this."""
    if needs == "owner":
        return Screen(_("Only owners of this petition can do that. Ask one of them if you need it."))
    return Screen(_("Only organizers can do that. Ask an owner of this petition if you need it."))


def may_not_tap(_: Translator, needs: Role) -> str:
    """The same as a notice. Plain text."""
    if needs == "owner":
        return _.label("Only owners can do that.")
    return _.label("Only organizers can do that.")

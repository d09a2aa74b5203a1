"""The organizers' desk: what waits, and a button for everything that the team can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.lifecycle import PetitionEnding
from chatbot.petition.team import Role, is_at_least
from chatbot.screens import callbacks, times
from chatbot.screens.context import goal_line
from chatbot.screens.organizer import menu
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.petition import keeping
from chatbot.screens.organizer.team.own_zone import way_to_zone
from chatbot.screens.screen import ButtonRow, Press, Screen


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows to one member of the team."""

    role: Role
    total: int
    """Includes the supporters carried over."""
    subscribers: int
    milestone: int | None = None
    """The next one; None once the petition has ended."""
    drafts: int = 0
    scheduled: int = 0
    running: int = 0
    to_approve: Sequence[Broadcast] = ()
    """Broadcasts that wait for this member's approval."""
    signals: int = 0
    ending: PetitionEnding | None = None
    ended_at: datetime | None = None
    """None while it is open, and if it was closed in its files."""
    erased_at: datetime | None = None
    """When names are erased; None while it is open, and once they are."""


def desk(_: Translator, desk: Desk) -> Screen:
    """Show what waits, and a button for everything that the role may do."""
    parts = [_("🧭 <b>Your desk</b>"), _figures(_, desk), _waiting(_, desk)]
    rows: list[ButtonRow] = [
        (
            Press(
                _.label("👀 Approve: {title}", title=_.isolate(headline(_, each))),
                callbacks.BROADCAST("look", each.id),
                "plain" if nth else "primary",
            ),
        )
        for nth, each in enumerate(desk.to_approve)
    ]
    may = [command for command, _line in menu.commands(_, desk.role)]
    may += ["link"] if is_at_least(desk.role, "organizer") else []
    labels = _labels(_, desk)
    main = None if desk.to_approve else "broadcast"
    rows += [
        tuple(
            Press(
                labels[command],
                callbacks.LINK("new") if command == "link" else callbacks.DESK("run", command),
                "primary" if command == main else "plain",
            )
            for command in row
            if command in may
        )
        for row in _ROWS
    ]
    if "team" not in may:  # where all others choose it
        rows.append(way_to_zone(_))
    rows.append((Press(_.label("🔄 Refresh"), callbacks.DESK("show")),))
    text = times.name_zone_once(_, Markup("\n\n").join(part for part in parts if part))
    return Screen(text, tuple(row for row in rows if row))


def way_to_desk(_: Translator) -> ButtonRow:
    """Return the button that opens the desk."""
    return (Press(_.label("🧭 Your desk"), callbacks.DESK("show")),)


_ROWS = (
    ("broadcast",),
    ("scheduled", "broadcasts"),
    ("channels",),
    ("stats", "link"),
    ("doubts",),
    ("petition", "appeal"),
    ("export", "deliver"),
    ("team", "log"),
)
"""Closing and reopening are not here: they are under `petition`, away from the daily buttons."""


def _labels(_: Translator, desk: Desk) -> dict[str, str]:
    """Return the label of each command. What waits is counted in it."""
    write = _.label("📣 Write an update")
    if desk.drafts:
        write = _.label("📣 Write an update · drafts: {count}", count=_.number(desk.drafts))
    return {
        "broadcast": write,
        "scheduled": _counted(_, _.label("🕘 Scheduled"), desk.scheduled),
        "broadcasts": _counted(_, _.label("📚 Sent"), desk.running),
        "channels": _.label("📡 Channels and groups"),
        "link": _.label("🔗 Link and QR code"),
        "stats": _.label("📊 Numbers"),
        "doubts": _counted(_, _.label("🔎 Signatures to review"), desk.signals),
        "petition": _.label("🎯 Petition"),
        "appeal": _.label("📖 Versions"),
        "export": _.label("📄 Spreadsheet"),
        "deliver": _.label("🗂 Document"),
        "team": _.label("👥 Team"),
        "log": _.label("📒 Log"),
    }


def _counted(_: Translator, label: str, count: int) -> str:
    return _.label("{name} · {count}", name=label, count=_.number(count)) if count else label


def _figures(_: Translator, desk: Desk) -> Markup:
    lines = [
        _(
            "👥 Supporters: <b>{total}</b>\n🔔 Subscribed to updates: <b>{subscribers}</b>",
            total=_.number(desk.total),
            subscribers=_.number(desk.subscribers),
        )
    ]
    if desk.milestone is not None:
        lines.append(goal_line(_, desk.total, desk.milestone))
    if desk.ending == "victory" and desk.ended_at is not None:
        lines.append(_("🕊 Won on {date}", date=times.named(_, desk.ended_at)))
    elif desk.ending is not None and desk.ended_at is not None:
        lines.append(_("🔒 Closed since {date}", date=times.named(_, desk.ended_at)))
    elif desk.ending is not None:
        lines.append(_("🔒 Signing has closed."))
    if desk.erased_at is not None:
        lines.append(keeping.names_are_erased(_, desk.erased_at))
    return Markup("\n").join(lines)


def _waiting(_: Translator, desk: Desk) -> Markup | None:
    """List what waits, a line for each; None for viewers, for whom nothing waits."""
    if not is_at_least(desk.role, "organizer"):
        return None
    lines = []
    if desk.to_approve:
        lines.append(_("👀 Updates waiting for your approval: <b>{count}</b>", count=_.number(len(desk.to_approve))))
    if desk.running:
        lines.append(_("🚀 Updates on their way or paused: <b>{count}</b>", count=_.number(desk.running)))
    if desk.scheduled:
        lines.append(_("🕘 Scheduled updates: <b>{count}</b>", count=_.number(desk.scheduled)))
    if desk.drafts:
        lines.append(_("✏️ Your drafts: <b>{count}</b>", count=_.number(desk.drafts)))
    if desk.signals:
        lines.append(
            _("🔎 Unusual in the signatures of the last seven days: <b>{count}</b>", count=_.number(desk.signals))
        )
    if not lines:
        return _("Nothing is waiting.")
    return Markup("\n").join((_("<b>What is waiting</b>"), *lines))

"""The audit log page by page; `audit_lines` writes its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.audit_entry import AuditEntry
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.records.audit_lines import KINDS, write_line
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen

_SEAL = 8


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Filter by kind and by member; None means all."""

    kind: str | None = None
    member_id: int | None = None


def list_entries(
    _: Translator,
    entries: Sequence[AuditEntry],
    names: Mapping[int, str],
    choice: LogFilter,
    end: tuple[int, str],
    *,
    has_newer: bool,
    has_older: bool,
) -> Screen:
    """Show some entries, newest first. `end` has the number of all entries and the hash that seals them."""
    head = _("📒 <b>Activity log</b>, in {zone}", zone=times.zone(_))
    told = [
        _(
            "<b>{name}</b> · <i>{moment}</i>\n{entry}",
            name=shorten(_, names.get(entry.member_id, "")) if entry.member_id > 0 else _.label("(erased)"),
            moment=times.stamp(_, entry.done_at),
            entry=write_line(_, entry),
        )
        for entry in entries
    ]
    if not told:
        told = [_("Nothing yet.")]
    lines, link = end
    seal = _.plural(
        "🔗 <i>{count} line, check code {seal}. Keep the code, and nobody can change a line before it unnoticed.</i>",
        "🔗 <i>{count} lines, check code {seal}. Keep the code, and nobody can change a line before it unnoticed.</i>",
        lines,
        seal=link[:_SEAL],
    )
    turning: list[Press] = []
    if has_newer and entries:
        turning.append(Press(_.label("‹ More recent"), _choice("newer", choice, entries[0].number)))
    if has_older and entries:
        turning.append(Press(_.label("Earlier ›"), _choice("older", choice, entries[-1].number)))
    kind = KINDS[choice.kind](_) if choice.kind else _.label("everything")
    member = shorten(_, names.get(choice.member_id, "")) if choice.member_id else _.label("everyone")
    choosing: ButtonRow = (
        Press(_.label("🗂 {kind}", kind=kind), _choice("kinds", choice)),
        Press(_.label("👤 {name}", name=member), _choice("who", choice)),
    )
    parts = [head, *told] + ([seal] if lines else [])
    text = times.name_zone_once(_, Markup("\n\n").join(parts))
    return Screen(text, tuple(row for row in (tuple(turning), choosing) if row))


def choose_kind(_: Translator, choice: LogFilter) -> Screen:
    """Ask which kind of entries to show."""
    buttons = [Press(_.label("everything"), _choice("list", LogFilter(None, choice.member_id)))]
    buttons += [Press(name(_), _choice("list", LogFilter(kind, choice.member_id))) for kind, name in KINDS.items()]
    rows = (*(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)), _back(_, choice))
    return Screen(_("🗂 <b>What kind of activity?</b>"), rows)


def choose_member(_: Translator, choice: LogFilter, names: Mapping[int, str]) -> Screen:
    """Ask whose entries to show; former members are listed too."""
    buttons = [Press(_.label("everyone"), _choice("list", LogFilter(choice.kind)))]
    buttons += [
        Press(shorten(_, name), _choice("list", LogFilter(choice.kind, member_id)))
        for member_id, name in list(names.items())[-_MOST_NAMES:]
    ]
    rows = (*(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)), _back(_, choice))
    return Screen(_("👤 <b>Whose activity?</b>"), rows)


_MOST_NAMES = 90
"""Buttons that surely fit below one message."""


def _back(_: Translator, choice: LogFilter) -> ButtonRow:
    return (Press(_.label("‹ Back"), _choice("list", choice)),)


def _choice(what: str, choice: LogFilter, number: int = 0) -> str:
    return callbacks.LOG(what, choice.kind or "", choice.member_id or 0, number)

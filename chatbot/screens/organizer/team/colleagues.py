"""What the team writes and does: the list of drafts, takeovers, and notices about what colleagues did."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.job import JobDetails
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.broadcasts.title import headline, read_title
from chatbot.screens.organizer.records.audit_lines import describe
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen

_DAY: Final = 86_400
_MOST_LINES: Final = 10


def list_drafts(
    _: Translator, drafts: Sequence[Broadcast], names: Mapping[int, str], reader_id: int, now: datetime
) -> Screen:
    """List drafts, each with its age and, if a colleague writes it, with the name."""
    rows: list[ButtonRow] = []
    for draft in drafts:
        title = _.isolate(headline(_, draft))
        parts = [_.label("{age} ago", age=age(_, draft, now)), f"✏️ {title}" if draft.kind == "correction" else title]
        if draft.organizer_id != reader_id:
            parts.insert(0, f"👤 {_.isolate(shorten(_, names.get(draft.organizer_id, '')))}")
        rows.append((Press(" · ".join(parts), callbacks.BROADCAST("open", draft.id)),))
    rows.append((Press(_.label("➕ New update"), callbacks.BROADCAST("new"), "primary"),))
    text = _("📝 <b>Drafts</b>\n\nNone of them was sent. A name marks the draft of a colleague.")
    if any(draft.kind == "correction" for draft in drafts):
        text = Markup("\n").join((text, _("✏️ corrects an update that was sent.")))
    return Screen(text if drafts else _("📝 There is no draft."), tuple(rows))


def age(_: Translator, draft: Broadcast, now: datetime) -> str:
    """Say how old a draft is. Plain text."""
    seconds = max((now - draft.created_at).total_seconds(), 1)
    if seconds < _DAY:
        return times.duration(_, seconds)
    days = int(seconds // _DAY)
    return str(_.plural("{count} day", "{count} days", days))


def sent_recently(_: Translator, broadcast: Broadcast, sender: str | None, seconds: float) -> Markup:
    """Say who sent the latest broadcast, None for the reader, and how long ago."""
    title, age = headline(_, broadcast), times.duration(_, max(seconds, 1))
    if sender is None:
        return _("📚 You sent “{title}” {age} ago.", title=title, age=age)
    return _("📚 {name} sent “{title}” {age} ago.", name=shorten(_, sender), title=title, age=age)


def scheduled_by(_: Translator, name: str, *, is_told: bool) -> Markup:
    """Say which colleague scheduled it, and whether they are told of what is done with it."""
    if not is_told:
        return _("👤 {name} scheduled it.", name=shorten(_, name))
    return _("👤 {name} scheduled it, and is told what you do with it.", name=shorten(_, name))


def show_draft(
    _: Translator, draft: Broadcast, writer: str, reached: Markup, now: datetime, *, is_told: bool = True
) -> Screen:
    """Show the draft of a colleague below its posts: it can be taken over. A former one is not told of that."""
    text = _("📝 <b>A draft of {name}</b>, begun {age} ago.", name=shorten(_, writer), age=age(_, draft, now))
    means = _("If you take it over, {name} is told, and can take it back.", name=shorten(_, writer))
    return Screen(
        Markup("\n\n").join((text, reached, *([means] if is_told else []))),
        (
            (Press(_.label("✍️ Take it over"), callbacks.BROADCAST("takeover", draft.id, draft.revision)),),
            (Press(_.label("‹ Drafts"), callbacks.BROADCAST("drafts")),),
        ),
    )


def list_under_way(_: Translator, found: Sequence[Broadcast]) -> Markup | None:
    """Say what becomes of the broadcasts of a member who leaves the team; None if there are none."""
    lines = []
    for each in found:
        title = headline(_, each)
        if each.started_at is not None:
            lines.append(_("🚀 On its way: “{title}”. You take it over.", title=title))
        elif each.scheduled_for is not None:
            moment = times.named(_, each.scheduled_for)
            lines.append(_("🕘 Scheduled for {moment}: “{title}”. You take it over.", moment=moment, title=title))
        else:
            lines.append(_("📝 Draft: “{title}”. It stays in the list.", title=title))
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], _("… and {count} more", count=_.number(more))]
    return times.name_zone_once(_, Markup("\n").join(lines)) if lines else None


def changed_meanwhile(_: Translator) -> str:
    """Notice: somebody was faster. Plain text."""
    return _.label("It was changed meanwhile. This is how it is now.")


def was_changed(_: Translator) -> Markup:
    """Say that the colleague changed the draft before it was taken back."""
    return _("⚠️ Your colleague has changed it. Please read it before you schedule or send it.")


# Notices.


def taken_over(_: Translator, details: JobDetails) -> Screen:
    """Tell a writer that a colleague has their draft now."""
    title, name, hour = _read(_, details)
    text = _("✍️ <b>{name} has taken over your draft “{title}”.</b>", name=name, title=title)
    back = _.label("↩️ Take it back")
    if hour:
        text = _(
            "✍️ <b>{name} has taken “{title}” off the schedule, to change it.</b> It would have gone out on {moment}.",
            name=name,
            title=title,
            moment=times.named(_, hour),
        )
        back = _.label("↩️ Schedule it again")
    number, revision = int(details["broadcast"] or 0), int(details["revision"] or 0)
    rows: tuple[ButtonRow, ...] = (
        (Press(back, callbacks.BROADCAST("giveback", number, revision)),),
        (Press(_.label("👀 Show it"), callbacks.BROADCAST("open", number)),),
    )
    return Screen(text, rows)


def taken_back(_: Translator, details: JobDetails) -> Screen:
    """Tell the colleague that the former writer has the draft again."""
    title, name, _hour = _read(_, details)
    text = _("↩️ <b>{name} has taken “{title}” back.</b>", name=name, title=title)
    number = int(details["broadcast"] or 0)
    return Screen(text, ((Press(_.label("👀 Show it"), callbacks.BROADCAST("open", number)),),))


def acted(_: Translator, details: JobDetails) -> Screen:
    """Tell, without a sound, what a colleague did, in the words of the audit log."""
    name = shorten(_, str(details["by"]))
    line = describe(_, str(details["entry"]), {**details, "title": read_title(_, details)})
    text = _("👥 <b>{name}</b> {line}", name=name, line=line)
    number = int(details["broadcast"] or 0)
    show = Press(_.label("👀 Show it"), callbacks.BROADCAST("open", number))
    return Screen(text, () if details["entry"] == "broadcast.discarded" else ((show,),), silent=True)


def switch_notices(_: Translator, notices: str) -> Press:
    """The button that switches notices about colleagues; its label is what is set."""
    if notices == "own":
        return Press(_.label("🔔 Notices: only my updates"), callbacks.TEAM("notices", "all"))
    return Press(_.label("🔔 Notices: all updates"), callbacks.TEAM("notices", "own"))


def _read(_: Translator, details: JobDetails) -> tuple[str, str, datetime | None]:
    hour = details.get("hour")
    at = datetime.fromtimestamp(hour, UTC) if isinstance(hour, int) else None
    return read_title(_, details), shorten(_, str(details["by"])), at

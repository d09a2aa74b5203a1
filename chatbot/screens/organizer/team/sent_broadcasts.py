"""The list of sent broadcasts: each with its sender, its audience, its corrections and its recalls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.tally import Tally
from chatbot.screens import callbacks, rounded_counts, times
from chatbot.screens.organizer.broadcasts.summary import name_countries
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


@dataclass(frozen=True, slots=True)
class SentBroadcast:
    """A started broadcast, and the started corrections and recalls of it, the oldest first."""

    broadcast: Broadcast
    tally: Tally
    changes: Sequence[Broadcast] = ()


def list_broadcasts(
    _: Translator, sent: Sequence[SentBroadcast], names: Mapping[int, str], page: int, pages: int
) -> Screen:
    """List sent broadcasts, newest first, each in a few lines and a row of buttons; `page` counts from 1."""
    if not sent:
        return Screen(_("📚 Nothing sent yet. To write the first update: /broadcast"))
    rows: list[ButtonRow] = []
    for each in sent:
        rows.append((Press(_title(_, each.broadcast), callbacks.BROADCAST("open", each.broadcast.id)),))
        changes = each.changes[-_MOST_CHANGES:]
        rows.append(tuple(Press(_change(_, change), callbacks.BROADCAST("open", change.id)) for change in changes))
    turning = []
    if page > 1:
        turning.append(Press(_.label("‹ Newer"), callbacks.BROADCAST("list", page - 1)))
    if page < pages:
        turning.append(Press(_.label("Older ›"), callbacks.BROADCAST("list", page + 1)))
    rows.append(tuple(turning))
    text = _("📚 <b>Sent updates</b>")
    if pages > 1:
        text = _("📚 <b>Sent updates</b>\n<i>{page} / {pages}</i>", page=_.number(page), pages=_.number(pages))
    parts = [Markup("\n").join((text, times.note(_))), *(_describe(_, each, names) for each in sent)]
    return Screen(Markup("\n\n").join(parts), tuple(row for row in rows if row))


_MOST_CHANGES = 3
"""Corrections and recalls of one broadcast that have a button: the newest."""


def _describe(_: Translator, sent: SentBroadcast, names: Mapping[int, str]) -> Markup:
    """Say when a broadcast went out, who sent it to whom, and what was changed since."""
    broadcast = sent.broadcast
    moment = times.brief(_, broadcast.started_at) if broadcast.started_at else ""
    lines = [
        _("{sign} {moment} · “{title}”", sign=_sign(broadcast), moment=moment, title=headline(_, broadcast)),
        _.row((shorten(_, names.get(broadcast.organizer_id, "")), *_list_audience(_, sent))),
    ]
    lines += [_tell_change(_, change, shorten(_, names.get(change.organizer_id, ""))) for change in sent.changes]
    return Markup("\n").join(lines)


def _tell_change(_: Translator, change: Broadcast, name: str) -> Markup:
    """Say who corrected or deleted it, and whether that is done, under way or unfinished."""
    at = times.brief(_, change.started_at) if change.started_at else ""
    is_correction = change.kind == "correction"
    if change.state is BroadcastState.RUNNING:
        if is_correction:
            return _("✏️ being corrected by {name}, {moment}", name=name, moment=at)
        return _("🗑 being deleted by {name}, {moment}", name=name, moment=at)
    if change.ending == "replaced":  # and nobody knows any more whether it was finished before
        return _("✏️ correction by {name}, {moment}: another change came after it", name=name, moment=at)
    if change.state is BroadcastState.PAUSED or change.ending != "done":
        if is_correction:
            return _("✏️ correction by {name}, {moment}: not finished", name=name, moment=at)
        return _("🗑 deletion by {name}, {moment}: not finished", name=name, moment=at)
    if is_correction:
        return _("✏️ corrected by {name}, {moment}", name=name, moment=at)
    return _("🗑 deleted by {name}, {moment}", name=name, moment=at)


def _list_audience(_: Translator, sent: SentBroadcast) -> list[str]:
    broadcast = sent.broadcast
    count = rounded_counts.people(_, broadcast, sent.tally.total)
    parts = [_.label("👥 {count}", count=count)] if broadcast.gathered_at is not None else []
    if broadcast.places:
        parts.append(f"📡 {_.number(len(broadcast.places))}")
    if broadcast.audience.language:
        parts.append(_.label("🌐 {language}", language=_.language_name(broadcast.audience.language)))
    if broadcast.audience.countries:
        parts.append(_.label("🌍 {countries}", countries=name_countries(_, broadcast.audience.countries)))
    if broadcast.renews is not None:
        parts.append(_.label("signers of earlier versions"))
    return parts


def _title(_: Translator, broadcast: Broadcast) -> str:
    """Return one line for a button: state, start and title. Plain text."""
    moment = times.brief(_, broadcast.started_at) if broadcast.started_at else ""
    return f"{_sign(broadcast)} {moment} · {_.isolate(headline(_, broadcast))}"


def _change(_: Translator, change: Broadcast) -> str:
    sign = "✏️" if change.kind == "correction" else "🗑"
    return f"└ {sign} {times.brief(_, change.started_at) if change.started_at else ''}"


def _sign(broadcast: Broadcast) -> str:
    if broadcast.recalled_at:
        return "🗑"
    if broadcast.state is BroadcastState.RUNNING:
        return "🚀"
    if broadcast.state is BroadcastState.PAUSED:
        return "⏸"
    return {"cancelled": "✖", "content": "⛔", "strangers": "⛔"}.get(broadcast.ending or "", "✅")

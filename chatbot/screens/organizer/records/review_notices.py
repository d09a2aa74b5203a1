"""Notices to the team about set-asides and signals."""

import json
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.review.filter import ReviewFilter, Signal
from chatbot.screens import callbacks
from chatbot.screens.organizer.records.review import signal_line, single
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.rounded_counts import about_signatures
from chatbot.screens.screen import Press, Screen


def set_aside_changed(_: Translator, details: JobDetails) -> Screen:
    """Notify that a member set signatures aside, stopped that or put them back."""
    member, count = shorten(_, str(details["by"])), about_signatures(_, int(details["count"] or 0))
    is_one, reason = bool(details.get("one")), str(details.get("reason") or "")
    if is_one:
        count = single(_, int(details["count"] or 0))
    match details["what"]:
        case "started" if is_one:
            text = _("🗄 {by} has begun to exclude one signature: <i>{reason}</i>", by=member, reason=reason)
        case "started":
            text = _("🗄 {by} has begun to exclude signatures: <i>{reason}</i>", by=member, reason=reason)
        case "done":
            text = _("🗄 <b>Excluded by {by}: {count}</b>", by=member, count=count)
        case "stopped":
            text = _("✋ {by} has stopped it. Excluded: {count}", by=member, count=count)
        case "one_back":
            text = _(
                "↩️ {by} counts one excluded signature again. It was excluded because: <i>{reason}</i>",
                by=member,
                reason=reason,
            )
        case "back" if is_one:
            text = _("↩️ {by} has begun to count one excluded signature again.", by=member)
        case "back":
            text = _("↩️ {by} has begun to count signatures again: {count}", by=member, count=count)
        case _restored if is_one:
            text = _("↩️ <b>The signature that {by} restored counts again.</b>", by=member)
        case _restored:
            text = _("↩️ <b>The signatures that {by} restored count again.</b>", by=member)
    return Screen(text, ((Press(_.label("🔎 See how it stands"), callbacks.REVIEW("open", details["id"])),),))


def many_questions(_: Translator, details: JobDetails) -> Screen:
    """Notify owners of many questions, or of one about a name."""
    member, count = shorten(_, str(details["by"])), int(details["count"] or 0)
    if details["name"]:
        text = _("🔎 {by} has asked about signatures by a name.", by=member)
    else:
        text = _.plural(
            "🔎 {by} has asked about signatures {count} time within an hour.",
            "🔎 {by} has asked about signatures {count} times within an hour.",
            count,
            by=member,
        )
    return Screen(text, ((Press(_.label("📒 See the log"), callbacks.LOG("list", "doubts", 0, 0)),),))


def signal_found(_: Translator, details: JobDetails) -> Screen:
    """Announce a new signal."""
    signal = Signal(
        id=int(details["id"] or 0),
        kind=str(details["kind"]),
        review_filter=ReviewFilter.from_mapping(json.loads(str(details["conditions"]))),
        value=int(details["value"] or 0),
        usual=int(details["usual"] or 0) / 1000,
        found_at=datetime.fromisoformat(str(details["found_at"])),
    )
    text = _(
        "{line}\n\nIt may be a wave of real people, for instance after a report. Look at them before you decide.",
        line=signal_line(_, signal, {}),
    )
    return Screen(text, ((Press(_.label("🔎 Look at them"), callbacks.REVIEW("look", signal.id), "primary"),),))

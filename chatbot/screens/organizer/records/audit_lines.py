"""Lines of the audit log: one function for each action of the team."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.audit_entry import AuditEntry, EntryDetails
from chatbot.petition.team import read_role
from chatbot.screens import times
from chatbot.screens.organizer.petition import human_check
from chatbot.screens.organizer.team.members import role_name, shorten
from chatbot.screens.rounded_counts import about_signatures

LineWriter = Callable[[Translator, EntryDetails], Markup]

LINES: Final[Mapping[str, LineWriter]] = {
    "broadcast.started": lambda _, d: (
        _.plural(
            "began sending “{title}” to {count} person",
            "began sending “{title}” to {count} people",
            _number(d, "people"),
            title=d["title"],
        )
        if d["people"] is not None
        else _("began sending “{title}” to some of those who signed", title=d["title"])
    ),
    "broadcast.scheduled": lambda _, d: _(
        "scheduled “{title}” for {moment}", title=d["title"], moment=_moment(_, d["at"])
    ),
    "broadcast.unscheduled": lambda _, d: _("took “{title}” off the schedule, to change it", title=d["title"]),
    "broadcast.discarded": lambda _, d: _("discarded “{title}”, which wasn't sent", title=d["title"]),
    "broadcast.taken": lambda _, d: _("took over “{title}”, a draft of {name}", title=d["title"], name=d["name"]),
    "broadcast.urgent": lambda _, d: _("marked “{title}” as urgent: it goes out at night too", title=d["title"]),
    "broadcast.tested": lambda _, d: _("sent “{title}” to the team as a test", title=d["title"]),
    "broadcast.woken": lambda _, d: _("sent “{title}” also to those who were asleep", title=d["title"]),
    "broadcast.paused": lambda _, d: _of_kind(
        d,
        _("paused “{title}”", title=d["title"]),
        correction=_("paused the correction of “{title}”", title=d["title"]),
        recall=_("paused the deletion of “{title}”", title=d["title"]),
    ),
    "broadcast.resumed": lambda _, d: _of_kind(
        d,
        _("resumed “{title}”", title=d["title"]),
        correction=_("resumed the correction of “{title}”", title=d["title"]),
        recall=_("resumed the deletion of “{title}”", title=d["title"]),
    ),
    "broadcast.cancelled": lambda _, d: _of_kind(
        d,
        _("cancelled “{title}” while it was being sent", title=d["title"]),
        correction=_("stopped the correction of “{title}”", title=d["title"]),
    ),
    "broadcast.corrected": lambda _, d: (
        _.plural(
            "began correcting “{title}” for {count} person",
            "began correcting “{title}” for {count} people",
            _number(d, "people"),
            title=d["title"],
        )
        if d["people"] is not None
        else _("began correcting “{title}” for some of those who signed", title=d["title"])
    ),
    "broadcast.recalled": lambda _, d: _("began deleting “{title}” for everyone", title=d["title"]),
    "broadcast.again_failed": lambda _, d: _of_kind(
        d,
        _("sent “{title}” again where it had failed", title=d["title"]),
        correction=_("corrected “{title}” again where it had failed", title=d["title"]),
        recall=_("deleted “{title}” again where it had failed", title=d["title"]),
    ),
    "broadcast.again_rest": lambda _, d: _of_kind(
        d,
        _("began sending “{title}” to those who didn't have it", title=d["title"]),
        correction=_("went on correcting “{title}”", title=d["title"]),
        recall=_("went on deleting “{title}” for everyone", title=d["title"]),
    ),
    "broadcast.again_places": lambda _, d: _of_kind(
        d,
        _("posted “{title}” again in channels and groups", title=d["title"]),
        correction=_("corrected “{title}” again in channels and groups", title=d["title"]),
        recall=_("deleted “{title}” again in channels and groups", title=d["title"]),
    ),
    "export.signatures": lambda _, d: _(
        "exported signatures ({what}): {count}", count=about_signatures(_, _number(d, "rows")), what=_file(_, d)
    ),
    "export.log": lambda _, d: _("exported this log ({what})", what=_file(_, d)),
    "export.delivery": lambda _, d: _("made the document to deliver"),
    "broadcast.again_unknown": lambda _, d: _of_kind(
        d,
        _("sent “{title}” again where it was unknown", title=d["title"]),
        correction=_("corrected “{title}” again where it was unknown", title=d["title"]),
        recall=_("deleted “{title}” again where it was unknown", title=d["title"]),
    ),
    "broadcast.asked": lambda _, d: (
        _.plural(
            "asked for approval of “{title}” to {count} person",
            "asked for approval of “{title}” to {count} people",
            _number(d, "people"),
            title=d["title"],
        )
        if d["people"] is not None
        else _("asked for approval of “{title}” to some of those who signed", title=d["title"])
    ),
    "broadcast.unasked": lambda _, d: _("withdrew the request to approve “{title}”", title=d["title"]),
    "broadcast.declined": lambda _, d: _(
        "did not approve “{title}”, asked by {name}", title=d["title"], name=d["asker"]
    ),
    "broadcast.approved": lambda _, d: _("approved “{title}”, asked by {name}", title=d["title"], name=d["asker"]),
    "broadcast.approved_started": lambda _, d: _of_kind(
        d,
        _approved_to_start(_, d),
        correction=_("approved the correction of “{title}”, asked by {name}", title=d["title"], name=d["asker"]),
    ),
    "team.invited": lambda _, d: _("invited someone as {role}", role=_role(_, d["role"])),
    "team.withdrew": lambda _, d: _("cancelled an invitation as {role}", role=_role(_, d["role"])),
    "team.joined": lambda _, d: _("joined as {role}, invited by {name}", role=_role(_, d["role"]), name=d["inviter"]),
    "team.changed": lambda _, d: _(
        "changed the role of {name}: {before} → {after}",
        name=d["name"],
        before=_role(_, d["before"]),
        after=_role(_, d["after"]),
    ),
    "team.removed": lambda _, d: _("removed {name} ({role}) from the team", name=d["name"], role=_role(_, d["before"])),
    "team.forgotten": lambda _, d: _(
        "left the team ({role}) and erased everything about themselves", role=_role(_, d["before"])
    ),
    "course.closed": lambda _, d: _said(_, _("closed the petition"), d),
    "course.victory": lambda _, d: _said(_, _("closed the petition as won"), d),
    "course.reopened": lambda _, d: _("reopened the petition"),
    "course.statement": lambda _, d: _said(_, _("changed the closing note"), d),
    "course.answer": lambda _, d: _said(_, _("changed the answer received"), d),
    "course.milestone": lambda _, d: _(
        "next milestone: {before} → {after}",
        before=_goal(_, d["milestone_before"]),
        after=_goal(_, d["milestone_after"]),
    ),
    "course.human": human_check.line,
    "doubts.counted": lambda _, d: _("asked about signatures {what}", what=_conditions(_, d)),
    "doubts.started": lambda _, d: _("began to exclude signatures: {reason}", reason=d["reason"]),
    "doubts.done": lambda _, d: _("excluded signatures: {count}", count=_count(_, d)),
    "doubts.stopped": lambda _, d: _("stopped excluding signatures: {count}", count=_count(_, d)),
    "doubts.back": lambda _, d: _("began to count signatures again: {count}", count=_count(_, d)),
    "doubts.one_back": lambda _, _d: _("counted one signature again"),
    "doubts.restored": lambda _, _d: _("counted them all again"),
    "team.threshold": lambda _, d: _(
        "approval before sending: {before} → {after}", before=_above(_, d["before"]), after=_above(_, d["after"])
    ),
    "broadcast.added": lambda _, d: _("began sending “{title}” in another language as well", title=d["title"]),
    "team.owned": lambda _, _d: _("became an owner, by a link made on the machine the bot runs on"),
    "place.linked": lambda _, d: _("linked “{title}”", title=d["title"]),
    "place.paused": lambda _, d: _("paused “{title}”: nothing is posted there", title=d["title"]),
    "place.resumed": lambda _, d: _("resumed posting in “{title}”", title=d["title"]),
    "place.unlinked": lambda _, d: _("unlinked “{title}”", title=d["title"]),
    "place.pinned": lambda _, d: _("pinned a card in “{title}”", title=d["title"]),
    "place.unpinned": lambda _, d: _("unpinned the card in “{title}”", title=d["title"]),
    "place.language": lambda _, d: _(
        "chose {language} for “{title}”", language=_.language_name(str(d["language"])), title=d["title"]
    ),
}
"""By the action that `storage.organizer.audit_log.add` was given; each reads the details added with it."""


KINDS: Final[Mapping[str, Callable[[Translator], str]]] = {
    "broadcast": lambda _: _.label("Updates"),
    "team": lambda _: _.label("The team"),
    "course": lambda _: _.label("The petition"),
    "export": lambda _: _.label("Files"),
    "doubts": lambda _: _.label("Signatures to review"),
    "place": lambda _: _.label("Channels and groups"),
}
"""Names of the kinds of entries, as plain text, in the order of the filter of /log."""


def write_line(_: Translator, entry: AuditEntry) -> Markup:
    """Write what a member did, after their name. Actions of a newer version are shown by their code name."""
    if entry.action not in LINES:
        return _("did something else: {what}", what=entry.action)
    return describe(_, entry.action, entry.details)


def describe(_: Translator, action: str, details: EntryDetails) -> Markup:
    """Describe a known action, and in how many channels and groups it was done as well."""
    line, places = LINES[action](_, details), _number(details, "places")
    return _("{entry} (channels and groups: {count})", entry=line, count=_.number(places)) if places else line


def _number(details: EntryDetails, name: str) -> int:
    found = details.get(name)
    return found if isinstance(found, int) else 0


def _count(_: Translator, details: EntryDetails) -> str:
    return about_signatures(_, _number(details, "count"))


def _conditions(_: Translator, details: EntryDetails) -> str:
    """By what somebody chose signatures; of a name or a link no more than that."""
    parts = [
        _.label("by a name") if details.get("by_name") else "",
        _.label("by a link") if details.get("by_link") else "",
        _.label("by its number") if details.get("by_number") else "",
        _.label("by days") if details.get("since") or details.get("before") else "",
        _.country(str(details["country"])) if details.get("country") else "",
        _.label("by speed") if details.get("faster_than") is not None else "",
        _.label("by new accounts") if details.get("ids_from") is not None else "",
    ]
    return _.row(parts)


def _role(_: Translator, role: str | int | None) -> str:
    known = read_role(str(role))
    return role_name(_, known) if known else "…"


def _above(_: Translator, threshold: str | int | None) -> str:
    if not isinstance(threshold, int):
        return _.label("off")
    return _.label("above {count}", count=_.number(threshold))


def _of_kind(details: EntryDetails, update: Markup, **others: Markup) -> Markup:
    """Choose the line for a broadcast, its correction or its recall. Entries of earlier versions have no kind."""
    return others.get(str(details.get("kind")), update)


def _approved_to_start(_: Translator, d: EntryDetails) -> Markup:
    if d["people"] is None:
        return _(
            "approved “{title}”, asked by {name}: it goes out to some of those who signed",
            title=d["title"],
            name=d["asker"],
        )
    return _.plural(
        "approved “{title}”, asked by {name}: it goes out to {count} person",
        "approved “{title}”, asked by {name}: it goes out to {count} people",
        _number(d, "people"),
        title=d["title"],
        name=d["asker"],
    )


def _goal(_: Translator, milestone: str | int | None) -> str:
    return _.number(milestone) if isinstance(milestone, int) else _.label("as in the files")


def _said(_: Translator, entry: Markup, details: EntryDetails) -> Markup:
    """What was done, and the beginning of the words that came with it."""
    words = details.get("words_after")
    return entry if not words else _("{entry}: “{words}”", entry=entry, words=shorten(_, str(words)))


def _moment(_: Translator, seconds: str | int | None) -> str:
    return times.named(_, datetime.fromtimestamp(int(seconds or 0), UTC))


def _file(_: Translator, details: EntryDetails) -> str:
    """What is in a file, in a few plain words: CSV, 2026-11-01 – 2026-11-30, KR."""
    form = {"xlsx": "Excel"}.get(str(details["format"]), str(details["format"]).upper())
    first, last = details.get("first_day"), details.get("last_day")
    days = f"{first or ''} – {last or ''}" if first or last else ""
    return _.row((form, days, str(details.get("country") or "")))

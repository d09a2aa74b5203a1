"""Review of unusual signatures: signals, filters and set-asides."""

from collections.abc import Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.review.filter import ReviewFilter, SetAside, Signal
from chatbot.petition.rounding import FEW
from chatbot.screens import callbacks, times
from chatbot.screens.countries import flagged
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.rounded_counts import about
from chatbot.screens.screen import ButtonRow, Press, Screen

MOST_WORDS = 300
"""Most characters of a reason."""
_IDS_SHOWN = 100_000_000
"""Ids are rounded to this unit."""


def overview(
    _: Translator,
    signals: Sequence[Signal],
    latest: Sequence[SetAside],
    not_counted: int,
    problem: Markup | None = None,
    *,
    is_owner: bool = False,
) -> Screen:
    """List recent signals and set-asides, each a button; owners may choose a filter of their own."""
    parts = [problem, _("🔎 <b>Signatures to review</b>")]
    if not signals:
        parts.append(_("Nothing unusual was seen in the last seven days."))
    parts += [signal_line(_, each) for each in signals]
    if not_counted:
        parts.append(_("Set aside, and not counted: <b>{count}</b>", count=about(_, not_counted)))
    if signals or latest:
        parts.append(times.note(_))
    rows: list[ButtonRow] = [
        (
            Press(
                _.label(
                    "🔎 Look at {what} · {moment}",
                    what=_name_signal(_, each),
                    moment=times.brief(_, each.found_at),
                ),
                callbacks.REVIEW("look", each.id),
            ),
        )
        for each in signals
    ]
    rows += [
        (
            Press(
                f"{_SIGNS[each.state]} {times.brief(_, each.made_at)} · {about(_, each.done)}",
                callbacks.REVIEW("open", each.id),
            ),
        )
        for each in latest
    ]
    if is_owner:
        rows.append((Press(_.label("✏️ Choose others …"), callbacks.REVIEW("choose")),))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def _name_signal(_: Translator, signal: Signal) -> str:
    return {
        "source": _.label("one link"),
        "name": _.label("one name"),
        "speed": _.label("very fast"),
        "new": _.label("new accounts"),
    }.get(signal.kind, _seen(_, signal.value))


def signal_line(_: Translator, signal: Signal) -> Markup:
    """Describe a signal in a sentence."""
    what = {
        "source": _("Many signatures by one link"),
        "name": _("Many signatures with the same name"),
        "speed": _("Many signatures faster than a person reads"),
        "new": _("Many signatures by new Telegram accounts"),
    }.get(signal.kind, _("Many signatures"))
    return _(
        "⚠️ {what}: <b>{count}</b> within a short time, where about {usual} are usual.\n{conditions}",
        what=what,
        count=_seen(_, signal.value),
        usual=_.number(round(signal.usual)),
        conditions=described(_, signal.review_filter),
    )


def _seen(_: Translator, value: int) -> str:
    """Return the signal's count; it was counted with noise, so it is not round."""
    return _.label("about {count}", count=_.number(value)) if value >= FEW else about(_, value)


def described(_: Translator, review_filter: ReviewFilter) -> Markup:
    """Describe a filter, a line for each condition; all must match."""
    lines = []
    if review_filter.since:
        lines.append(_("• signed from {moment} on", moment=times.full(_, review_filter.since)))
    if review_filter.before:
        lines.append(_("• signed before {moment}", moment=times.full(_, review_filter.before)))
    if review_filter.country:
        lines.append(_("• from {country}", country=flagged(_, review_filter.country)))
    if review_filter.source:
        lines.append(_("• by this link: {source}", source=source_name(_, review_filter.source)))
    if review_filter.name:
        lines.append(_("• all with the same name"))
    if review_filter.faster_than is not None:
        told = _.plural(
            "• signed in less than {count} second from the first question",
            "• signed in less than {count} seconds from the first question",
            review_filter.faster_than,
        )
        lines.append(told)
    if review_filter.ids_from is not None:
        # Rounded: the exact block would reveal which accounts are newest.
        number = review_filter.ids_from - review_filter.ids_from % _IDS_SHOWN
        lines.append(_("• by new Telegram accounts, from about number {number} on", number=str(number)))
    return Markup("\n").join(lines)


def source_name(_: Translator, source: str) -> str:
    """Name a source; describe those that are no link of their own."""
    known = {
        "+direct": _.label("came directly"),
        "+friends": _.label("links of friends"),
        "+other": _.label("other links"),
    }
    return known.get(source, shorten(_, source))


def ask_conditions(_: Translator, problem: Markup | None = None) -> Screen:
    """Ask for typed conditions."""
    question = _(
        "✏️ <b>Which signatures?</b>\n\nType the conditions in one line; all of them must hold:\n"
        "<code>2026-11-24 – 2026-11-25</code> days\n<code>{country}</code> a country\n"
        "<code>source: flyer</code> the link that brought them\n<code>&lt;10s</code> faster than 10 seconds\n"
        "<code>id&gt;7000000000</code> new Telegram accounts\n<code>name: …</code> one and the same name, at the end"
        "\n\nNothing changes yet: they are counted first, in round numbers. Each question stands in the log.",
        country=_.country("CA"),
    )
    return Screen(Markup("\n\n").join(part for part in (problem, question) if part), (_back(_),))


def not_understood(_: Translator) -> Markup:
    """Say that the text is no condition."""
    return _("⚠️ I couldn't read that.")


def is_counting(_: Translator, review_filter: ReviewFilter) -> Screen:
    text = _("⏳ <b>I'm counting them.</b>\n\n{conditions}", conditions=described(_, review_filter))
    return Screen(text, (_back(_),))


def counted(_: Translator, asked: SetAside, total: int, seen: int | None, *, may: bool, is_owner: bool) -> Screen:
    """Show the rounded count; for a signal, also how many were `seen` then."""
    conditions = described(_, asked.review_filter)
    if is_owner and asked.review_filter.name and not asked.found:
        return Screen(
            _("🔎 <b>No signature that counts matches.</b>\n\n{conditions}", conditions=conditions), (_back(_),)
        )
    if seen is None:
        head = _("🔎 Matching: <b>{count}</b> of {total}", count=about(_, asked.found or 0), total=_.number(total))
    else:
        head = _("🔎 Pointed out: <b>{count}</b> of {total}", count=_seen(_, seen), total=_.number(total))
    parts = [head, conditions]
    if not may and is_owner:
        parts.append(_("So few can be set aside only if all of them have the same name."))
    if not may and not is_owner:
        parts.append(_("Only an owner can set aside so few."))
    why = (Press(_.label("Set them aside …"), callbacks.REVIEW("why", asked.id), "primary"),)
    return Screen(Markup("\n\n").join(parts), (why, _leave(_)) if may else (_back(_),))


def ask_reason(_: Translator, problem: Markup | None = None) -> Screen:
    """Ask for a typed reason."""
    question = _(
        "✏️ <b>Why should they be set aside?</b>\n\nType the reason, without anyone's name: it "
        "stays in the log, and the other organizers read it."
    )
    return Screen(Markup("\n\n").join(part for part in (problem, question) if part), (_leave(_),))


def no_reason(_: Translator) -> Markup:
    """Say that the reason is empty or too long."""
    return _("⚠️ Please write it in words: 3 to {count} characters.", count=_.number(MOST_WORDS))


def confirm(_: Translator, asked: SetAside, code: str) -> Screen:
    """Ask for confirmation."""
    text = _(
        "<b>Set these signatures aside?</b>\n\n{conditions}\n\nThe total falls by as many. Nothing "
        "is deleted, their signers see nothing unusual, and you can put them back any time.\n\n"
        "<i>{reason}</i>",
        conditions=described(_, asked.review_filter),
        reason=asked.reason or "",
    )
    return Screen(
        text,
        ((Press(_.label("✅ Yes, set them aside"), callbacks.REVIEW("start", asked.id, code), "danger"),), _leave(_)),
    )


def show_set_aside(_: Translator, one: SetAside, hint: Markup | None = None) -> Screen:
    """Show the state of a set-aside and the possible actions."""
    done = about(_, one.done)
    head = {
        "running": _("⏳ <b>Setting aside: {done} so far</b>", done=done),
        "done": _("🗄 <b>Set aside: {done}</b>", done=done),
        "cancelled": _("✋ <b>Stopped: {done} are set aside</b>", done=done),
        "restoring": _("⏳ <b>Putting back: {done} are left</b>", done=done),
        "restored": _("↩️ <b>Put back: all of them count again</b>"),
    }.get(one.state, _("🔎 <b>Not set aside</b>"))
    parts = [
        hint,
        head,
        described(_, one.review_filter),
        _("<i>{reason}</i>", reason=one.reason) if one.reason else None,
    ]
    rows: list[ButtonRow] = []
    if one.state == "running":
        rows.append((Press(_.label("✋ Stop"), callbacks.REVIEW("stop", one.id), "danger"),))
    if one.state in ("running", "restoring"):
        rows.append((Press(_.label("🔄 Refresh"), callbacks.REVIEW("go", one.id)),))
    if one.state in ("done", "cancelled"):
        rows.append((Press(_.label("↩️ Put back …"), callbacks.REVIEW("back", one.id)),))
    rows.append(_back(_))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def confirm_back(_: Translator, one: SetAside, code: str) -> Screen:
    """Ask for confirmation before the signatures count again."""
    text = _("<b>Put these signatures back?</b>\n\nThey count again, in the total and everywhere.")
    yes = Press(_.label("✅ Yes, put them back"), callbacks.REVIEW("restore", one.id, code), "success")
    return Screen(text, ((yes,), (Press(_.label("‹ Back"), callbacks.REVIEW("open", one.id)),)))


def used_up(_: Translator) -> Markup:
    """Say that the button was used, or another member was faster."""
    return _("That was already decided. This is how it is now:")


def gone(_: Translator) -> Markup:
    return _("⚠️ That question is no longer open. Please choose again.")


def _back(_: Translator) -> ButtonRow:
    return (Press(_.label("‹ All signatures to review"), callbacks.REVIEW("list")),)


def _leave(_: Translator) -> ButtonRow:
    return (Press(_.label("Leave them as they are"), callbacks.REVIEW("list")),)


_SIGNS = {
    "running": "⏳",
    "done": "🗄",
    "cancelled": "✋",
    "restoring": "⏳",
    "restored": "↩️",
    "asked": "🔎",
    "counted": "🔎",
}

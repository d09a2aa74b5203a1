"""Review of unusual signatures: signals and set-asides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.review.filter import SetAside, Signal
from chatbot.petition.review.merging import SignalGroup
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.records.review_conditions import (
    NamesByHash,
    described,
    leave_as_they_are,
    seen_count,
    title,
    way_to_review,
)
from chatbot.screens.rounded_counts import about_signatures
from chatbot.screens.screen import ButtonRow, Press, Screen

MOST_WORDS = 300
"""Most characters of a reason."""
_FIRST_SIGN: Final = 0x2460
"""The character ①."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many people signed here, and how many elsewhere before."""

    here: int
    carried_over: int


def overview(
    _: Translator,
    groups: Sequence[SignalGroup],
    latest: Sequence[SetAside],
    not_counted: int,
    names: NamesByHash,
    problem: Markup | None = None,
    *,
    is_owner: bool = False,
) -> Screen:
    """List recent signals and set-asides, each a button; owners may choose a filter of their own."""
    parts = [problem, _("🔎 <b>Signatures to review</b>")]
    if groups:
        parts.append(_("Something unusual was seen. It may be real people: look before you decide."))
    else:
        parts.append(_("Nothing unusual waits for you."))
    if not_counted:
        parts.append(_("Excluded from the count: <b>{count}</b>", count=about_signatures(_, not_counted)))
    titles = [
        *(title(_, group.first.review_filter, names) for group in groups),
        *(title(_, each.review_filter, names) for each in latest),
    ]
    moments = [*(group.first.found_at for group in groups), *(each.made_at for each in latest)]
    counts = [*(seen_count(_, group.left) for group in groups), *(_done(_, each) for each in latest)]
    signs = [*(chr(_FIRST_SIGN + nth) for nth in range(len(groups))), *(_SIGNS[each.state] for each in latest)]
    actions = [
        *(callbacks.REVIEW("look", group.first.id) for group in groups),
        *(callbacks.REVIEW("open", each.id) for each in latest),
    ]
    rows: list[ButtonRow] = []
    for nth, (sign, what, count, moment, action) in enumerate(
        zip(signs, titles, counts, moments, actions, strict=True)
    ):
        label = _.label("{sign} {what}: {count}", sign=sign, what=what, count=count)
        if titles.count(what) > 1:
            label = _.row([label, times.brief(_, moment)])
        rows.append((Press(label, action),))
        if nth < len(groups) and (same := groups[nth].signals[1:]):
            also = _.row([title(_, each.review_filter, names) for each in same])
            parts.append(_("{sign} the same signatures also stand out by: {also}", sign=sign, also=also))
    if len(set(titles)) < len(titles):
        parts.append(times.note(_))
    if is_owner:
        rows.append((Press(_.label("🔎 Find signatures …"), callbacks.REVIEW("choose")),))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def _done(_: Translator, one: SetAside) -> str:
    if one.state == "restored":
        return _.label("counted")
    return single(_, one.done) if one.review_filter.number is not None else about_signatures(_, one.done)


def single(_: Translator, done: int) -> str:
    """Say whether one signature is excluded: it is stopped before it begins, or begins a moment later."""
    return _.label("one") if done else _.label("none")


def signal_line(_: Translator, signal: Signal, names: NamesByHash) -> Markup:
    """Describe a signal in a sentence."""
    what = {
        "source": _("Many signatures by one link"),
        "name": _("Many signatures with the same name"),
        "speed": _("Many signatures faster than a person reads"),
        "new": _("Many signatures by new Telegram accounts"),
    }.get(signal.kind, _("Many signatures"))
    count, conditions = seen_count(_, signal.value), described(_, signal.review_filter, names)
    if not round(signal.usual):
        return _(
            "⚠️ {what}: <b>{count}</b> within a short time, where hardly any are usual.\n{conditions}",
            what=what,
            count=count,
            conditions=conditions,
        )
    return _(
        "⚠️ {what}: <b>{count}</b> within a short time, where about {usual} are usual.\n{conditions}",
        what=what,
        count=count,
        usual=_.number(round(signal.usual)),
        conditions=conditions,
    )


def ask_reason(_: Translator, problem: Markup | None = None, *, for_one: bool = False) -> Screen:
    """Ask for a typed reason, `for_one` signature or for several."""
    question = _(
        "✏️ <b>Reason?</b>\n\nType it without anyone's name: it stays in the log, and the other organizers read it."
    )
    text = Markup("\n\n").join(part for part in (problem, question) if part)
    return Screen(text, (leave_as_they_are(_, one=for_one),))


def no_reason(_: Translator) -> Markup:
    """Say that the reason is empty or too long."""
    return _("⚠️ Please write it in words: 3 to {count} characters.", count=_.number(MOST_WORDS))


def confirm(_: Translator, asked: SetAside, seen: int | None, names: NamesByHash, totals: Totals, code: str) -> Screen:
    """Ask for confirmation; `seen` is the count of the signal, None without a signal."""
    if asked.review_filter.number is not None:
        return _confirm_one(_, asked, totals, code)
    count = about_signatures(_, asked.found or 0) if seen is None else seen_count(_, seen)
    text = _(
        "<b>Exclude these signatures from the count?</b>\n\n{count}\n{conditions}\n\n<i>{reason}</i>\n\nThe total, "
        "now {total} (here {here}), falls by as many. Nothing is deleted, their signers notice nothing, and you can "
        "count them again any time.",
        count=_("Signatures: <b>{count}</b>", count=count),
        conditions=described(_, asked.review_filter, names),
        reason=asked.reason or "",
        total=_.number(totals.carried_over + totals.here),
        here=_.number(totals.here),
    )
    yes = Press(_.label("✅ Yes, exclude them"), callbacks.REVIEW("start", asked.id, code), "danger")
    return Screen(text, ((yes,), leave_as_they_are(_)))


def _confirm_one(_: Translator, asked: SetAside, totals: Totals, code: str) -> Screen:
    text = _(
        "<b>Exclude signature № {number} from the count?</b>\n\n<i>{reason}</i>\n\nThe total, now {total} (here "
        "{here}), falls by one. Nothing is deleted, the signer notices nothing, and you can count it again any time.",
        number=_.number(asked.review_filter.number or 0),
        reason=asked.reason or "",
        total=_.number(totals.carried_over + totals.here),
        here=_.number(totals.here),
    )
    yes = Press(_.label("✅ Yes, exclude it"), callbacks.REVIEW("start", asked.id, code), "danger")
    return Screen(text, ((yes,), leave_as_they_are(_, one=True)))


def show_set_aside(
    _: Translator,
    one: SetAside,
    names: NamesByHash,
    totals: Totals,
    hint: Markup | None = None,
    number: int | None = None,
) -> Screen:
    """Show the state of a set-aside and the possible actions. `number` is that of a single signature, for owners."""
    done, is_one = _done(_, one), one.review_filter.number is not None
    head = {
        "running": _("⏳ <b>Excluding: {done} so far</b>", done=done),
        "done": _("🗄 <b>Excluded: {done}</b>", done=done),
        "cancelled": _("✋ <b>Stopped. Excluded: {done}</b>", done=done),
        "restoring": _("⏳ <b>Counting again. Still excluded: {done}</b>", done=done),
        "restored": _("↩️ <b>It is no longer excluded</b>") if is_one else _("↩️ <b>They are no longer excluded</b>"),
    }.get(one.state, _("🔎 <b>Not excluded</b>"))
    parts = [
        hint,
        head,
        described(_, one.review_filter, names),
        _("<i>{reason}</i>", reason=one.reason) if one.reason else None,
        _change(_, one.total_before, totals),
    ]
    rows: list[ButtonRow] = []
    if one.state == "running":
        rows.append((Press(_.label("✋ Stop"), callbacks.REVIEW("stop", one.id), "danger"),))
    if one.state in ("running", "restoring"):
        rows.append((Press(_.label("🔄 Refresh"), callbacks.REVIEW("go", one.id)),))
    if number is not None:
        rows.append((Press(_.label("№ {number}", number=_.number(number)), callbacks.REVIEW("one", number)),))
    if one.state in ("done", "cancelled"):
        rows.append((Press(_.label("↩️ Count again …"), callbacks.REVIEW("back", one.id)),))
    rows.append(way_to_review(_))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def _change(_: Translator, before: int | None, totals: Totals) -> Markup | None:
    """Write the public total at the beginning and now, with and without those carried over."""
    if before is None:
        return None
    if not totals.carried_over:
        return _("Total: {before} → {now}", before=_.number(before), now=_.number(totals.here))
    return _(
        "Total: {before} → {now} (here: {here_before} → {here})",
        before=_.number(totals.carried_over + before),
        now=_.number(totals.carried_over + totals.here),
        here_before=_.number(before),
        here=_.number(totals.here),
    )


def confirm_back(_: Translator, one: SetAside, names: NamesByHash, code: str) -> Screen:
    """Ask for confirmation before the signatures count again."""
    text = _(
        "<b>Count these signatures again?</b>\n\n{count}\n{conditions}\n\nThey are in the total and everywhere again.",
        count=_("Signatures: <b>{count}</b>", count=_done(_, one)),
        conditions=described(_, one.review_filter, names),
    )
    label = _.label("✅ Yes, count them again")
    if one.review_filter.number is not None:
        text = _(
            "<b>Count this signature again?</b>\n\nThe total rises by one, unless the signature was withdrawn since."
        )
        label = _.label("✅ Yes, count it again")
    yes = Press(label, callbacks.REVIEW("restore", one.id, code), "success")
    return Screen(text, ((yes,), (Press(_.label("‹ Back"), callbacks.REVIEW("open", one.id)),)))


def used_up(_: Translator) -> Markup:
    """Say that the button was used, or another member was faster."""
    return _("That was already decided. This is how it is now:")


def gone(_: Translator) -> Markup:
    return _("⚠️ That question is no longer open. Please choose again.")


_SIGNS = {
    "running": "⏳",
    "done": "🗄",
    "cancelled": "✋",
    "restoring": "⏳",
    "restored": "↩️",
    "asked": "🔎",
    "counted": "🔎",
}

"""Doubts about signatures: what was pointed out, which are meant, and how setting them aside stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.countries import country_flag, country_name
from chatbot.petition.doubt import SetAside, Signal, Suspicion
from chatbot.screens import actions, times
from chatbot.screens.members import shorten
from chatbot.screens.screen import Press, Row, Screen

MOST_WORDS = 300
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One signature of those that are meant, without its name."""

    number: int
    signed_at: datetime
    country: str


def overview(
    _: Translator,
    signals: Sequence[Signal],
    latest: Sequence[SetAside],
    not_counted: int,
    problem: Markup | None = None,
) -> Screen:
    """What was pointed out lately, and what was set aside, each one tap away."""
    parts = [problem, _("🔎 <b>Doubts about signatures</b>")]
    if not signals:
        parts.append(_("Nothing unusual was seen in the last seven days."))
    parts += [signal_line(_, each) for each in signals]
    if not_counted:
        told = _.plural(
            "<b>{count} signature</b> is set aside and does not count.",
            "<b>{count} signatures</b> are set aside and do not count.",
            not_counted,
        )
        parts.append(told)
    rows: list[Row] = [
        (Press(_.label("🔎 Look at: {moment}", moment=times.brief(_, each.found_at)), actions.doubts("look", each.id)),)
        for each in signals
    ]
    rows += [
        (
            Press(
                f"{_SIGNS[each.state]} {times.brief(_, each.made_at)} · {_.number(each.done)}",
                actions.doubts("open", each.id),
            ),
        )
        for each in latest
    ]
    rows.append((Press(_.label("✏️ Choose others …"), actions.doubts("choose")),))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def signal_line(_: Translator, signal: Signal) -> Markup:
    """What was seen, in a sentence."""
    about = {
        "source": _("Many signatures by one link"),
        "name": _("Many signatures with the same name"),
        "speed": _("Many signatures faster than a person reads"),
        "new": _("Many signatures by new Telegram accounts"),
    }.get(signal.kind, _("Many signatures"))
    return _(
        "⚠️ {what}: <b>{count}</b> within a short time, where about {usual} are usual.\n{conditions}",
        what=about,
        count=_.number(signal.value),
        usual=_.number(round(signal.usual)),
        conditions=described(_, signal.suspicion),
    )


def described(_: Translator, suspicion: Suspicion) -> Markup:
    """Which signatures are meant, a line for each condition; all of them must hold."""
    lines = []
    if suspicion.since:
        lines.append(_("• signed from {moment} on", moment=times.stamp(_, suspicion.since)))
    if suspicion.before:
        lines.append(_("• signed before {moment}", moment=times.stamp(_, suspicion.before)))
    if suspicion.country:
        lines.append(_("• from {country}", country=_place(_, suspicion.country)))
    if suspicion.source:
        lines.append(_("• by this link: {source}", source=source_name(_, suspicion.source)))
    if suspicion.name:
        lines.append(_("• all with one and the same name"))
    if suspicion.faster_than is not None:
        told = _.plural(
            "• signed in less than {count} second from the first question",
            "• signed in less than {count} seconds from the first question",
            suspicion.faster_than,
        )
        lines.append(told)
    if suspicion.ids_from is not None:
        lines.append(_("• by Telegram accounts from number {number} on: the new ones", number=str(suspicion.ids_from)))
    return Markup("\n").join(lines)


def source_name(_: Translator, source: str) -> str:
    """What a source counts as, in words where it is no link of its own."""
    known = {
        "+direct": _.label("came by themselves"),
        "+friends": _.label("links of friends"),
        "+other": _.label("other links"),
    }
    return known.get(source, shorten(_, source))


def ask_conditions(_: Translator, problem: Markup | None = None) -> Screen:
    """Ask which signatures are meant, to be typed."""
    question = _(
        "✏️ <b>Which signatures?</b>\n\nType the conditions in one line; all of them must hold:\n"
        "<code>2026-11-24 – 2026-11-25</code> days\n<code>{country}</code> a country\n"
        "<code>source: flyer</code> the link that brought them\n<code>&lt;10s</code> faster than 10 seconds\n"
        "<code>id&gt;7000000000</code> new Telegram accounts\n<code>name: …</code> one and the same name, at the end"
        "\n\nNothing changes yet: they are counted first.",
        country=country_name("CA", "ko" if _.language == "ko" else "en"),
    )
    return Screen(Markup("\n\n").join(part for part in (problem, question) if part), (_back(_),))


def not_understood(_: Translator) -> Markup:
    """What was typed is no condition."""
    return _("⚠️ I could not read that.")


def is_counting(_: Translator, suspicion: Suspicion) -> Screen:
    """They are being counted."""
    text = _("⏳ <b>I am counting them.</b>\n\n{conditions}", conditions=described(_, suspicion))
    return Screen(text, (_back(_),))


def counted(_: Translator, asked: SetAside, total: int, samples: Sequence[Sample]) -> Screen:
    """How many there are, and a few of them without names."""
    found, in_all = asked.found or 0, _.number(total)
    conditions = described(_, asked.suspicion)
    if not found:
        return Screen(
            _("🔎 <b>No signature that counts is like that.</b>\n\n{conditions}", conditions=conditions), (_back(_),)
        )
    head = _.plural(
        "🔎 <b>{count} signature</b> is like that, of {total}:\n{conditions}",
        "🔎 <b>{count} signatures</b> are like that, of {total}:\n{conditions}",
        found,
        total=in_all,
        conditions=conditions,
    )
    lines = Markup("\n").join(
        _(
            "№ {number} · {moment} · {country}",
            number=_.number(each.number),
            moment=times.stamp(_, each.signed_at),
            country=_place(_, each.country),
        )
        for each in samples
    )
    parts = [head, _("Some of them, in {zone}:\n{lines}", zone=times.zone(_), lines=lines)]
    why = (Press(_.label("Set them aside …"), actions.doubts("why", asked.id), "primary"),)
    return Screen(Markup("\n\n").join(parts), (why, _leave(_)))


def ask_reason(_: Translator, asked: SetAside, problem: Markup | None = None) -> Screen:
    """Ask why, to be typed."""
    question = _.plural(
        "✏️ <b>Why is {count} signature to be set aside?</b>\n\nType the reason, without anybody's name: it stays in "
        "the log, and the other organizers read it.",
        "✏️ <b>Why are {count} signatures to be set aside?</b>\n\nType the reason, without anybody's name: it stays in "
        "the log, and the other organizers read it.",
        asked.found or 0,
    )
    return Screen(Markup("\n\n").join(part for part in (problem, question) if part), (_leave(_),))


def no_reason(_: Translator) -> Markup:
    """What was typed is no reason, or a very long one."""
    return _("⚠️ Write it in words, please: at least 3 characters and at most {count}.", count=_.number(MOST_WORDS))


def confirm(_: Translator, asked: SetAside, total: int, code: str) -> Screen:
    """Ask once more."""
    found, conditions = asked.found or 0, described(_, asked.suspicion)
    before, after = _.number(total), _.number(max(total - found, 0))
    text = _.plural(
        "<b>Set {count} signature aside?</b>\n\n{conditions}\n\nThe total goes from {before} to {after}. Nothing is "
        "deleted, its signer sees nothing unusual, and you can put it back at any time.\n\n<i>{reason}</i>",
        "<b>Set {count} signatures aside?</b>\n\n{conditions}\n\nThe total goes from {before} to {after}. Nothing is "
        "deleted, their signers see nothing unusual, and you can put them back at any time.\n\n<i>{reason}</i>",
        found,
        conditions=conditions,
        before=before,
        after=after,
        reason=asked.reason or "",
    )
    return Screen(
        text,
        ((Press(_.label("✅ Yes, set them aside"), actions.doubts("start", asked.id, code), "danger"),), _leave(_)),
    )


def standing(_: Translator, one: SetAside, hint: Markup | None = None) -> Screen:
    """How setting aside stands, and what can be done now."""
    done, of = _.number(one.done), _.number(one.found or 0)
    head = {
        "running": _("⏳ <b>Setting aside: {done} of {of}</b>", done=done, of=of),
        "done": _("🗄 <b>Set aside: {done}</b>", done=done),
        "cancelled": _("✋ <b>Stopped: {done} of {of} are set aside</b>", done=done, of=of),
        "restoring": _("⏳ <b>Putting back: {done} are left</b>", done=done),
        "restored": _("↩️ <b>Put back: all of them count again</b>"),
    }.get(one.state, _("🔎 <b>Not set aside</b>"))
    parts = [hint, head, described(_, one.suspicion), _("<i>{reason}</i>", reason=one.reason) if one.reason else None]
    rows: list[Row] = []
    if one.state == "running":
        rows.append((Press(_.label("✋ Stop"), actions.doubts("stop", one.id), "danger"),))
    if one.state in ("running", "restoring"):
        rows.append((Press(_.label("🔄 Look again"), actions.doubts("go", one.id)),))
    if one.state in ("done", "cancelled"):
        rows.append((Press(_.label("↩️ Put back …"), actions.doubts("back", one.id)),))
    rows.append(_back(_))
    return Screen(Markup("\n\n").join(part for part in parts if part), tuple(rows))


def confirm_back(_: Translator, one: SetAside, code: str) -> Screen:
    """Ask once more before they count again."""
    text = _.plural(
        "<b>Put {count} signature back?</b>\n\nIt counts again, in the total and everywhere.",
        "<b>Put {count} signatures back?</b>\n\nThey count again, in the total and everywhere.",
        one.done,
    )
    yes = Press(_.label("✅ Yes, put them back"), actions.doubts("restore", one.id, code), "success")
    return Screen(text, ((yes,), (Press(_.label("‹ Back"), actions.doubts("open", one.id)),)))


def used_up(_: Translator) -> Markup:
    """The button was tapped before, or somebody else was faster."""
    return _("That was decided already. This is how it stands:")


def gone(_: Translator) -> Markup:
    """The question is not open any more."""
    return _("⚠️ That question is not open any more. Choose again, please.")


def _back(_: Translator) -> Row:
    return (Press(_.label("‹ All doubts"), actions.doubts("list")),)


def _leave(_: Translator) -> Row:
    return (Press(_.label("Leave them as they are"), actions.doubts("list")),)


def _place(_: Translator, code: str) -> str:
    return f"{country_flag(code)} {country_name(code, 'ko' if _.language == 'ko' else 'en')}"


_SIGNS = {
    "running": "⏳",
    "done": "🗄",
    "cancelled": "✋",
    "restoring": "⏳",
    "restored": "↩️",
    "asked": "🔎",
    "counted": "🔎",
}

"""Conditions of the review: choosing them with buttons or typed words, and describing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.review.filter import ReviewFilter, SetAside
from chatbot.petition.rounding import FEW
from chatbot.screens import callbacks, times
from chatbot.screens.countries import flagged
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.rounded_counts import about_signatures
from chatbot.screens.screen import ButtonRow, Press, Screen

NamesByHash = Mapping[str, str]
"""Names by their hashes. Empty for members who may not see names."""
_IDS_SHOWN: Final = 100_000_000
"""Ids are rounded to this unit."""
_LONGEST_LINK: Final = 40
"""Longer links do not fit into the data of a button."""


@dataclass(frozen=True, slots=True)
class MatchingSignature:
    """One of the signatures that match a name."""

    number: int
    line: str
    """When and where it was given."""


def title(_: Translator, review_filter: ReviewFilter, names: NamesByHash) -> str:
    """Name a filter by its first condition. Plain text, for a button."""
    first, *more = _name_conditions(_, review_filter, names)
    return f"{first} …" if more else first


def _name_conditions(_: Translator, review_filter: ReviewFilter, names: NamesByHash) -> list[str]:
    parts = []
    if review_filter.number is not None:
        parts.append(_.label("One signature"))
    if review_filter.name is not None:
        name = names.get(review_filter.name)
        parts.append(_.label("One name “{name}”", name=shorten(_, name)) if name else _.label("One name"))
    if review_filter.source:
        source = source_name(_, review_filter.source)
        is_group = review_filter.source.startswith("+")
        parts.append(source if is_group else _.label("Link {link}", link=source))
    if review_filter.faster_than is not None:
        parts.append(_.label("Under {count} s", count=_.number(review_filter.faster_than)))
    if review_filter.ids_from is not None:
        parts.append(_.label("New accounts"))
    if review_filter.country:
        parts.append(flagged(_, review_filter.country))
    day = review_filter.since or review_filter.before
    return parts or [times.brief(_, day) if day else "–"]


def described(_: Translator, review_filter: ReviewFilter, names: NamesByHash) -> Markup:
    """Describe a filter, a line for each condition; all must match."""
    lines = []
    if review_filter.number is not None:
        lines.append(_("• one signature, by its number"))
    if review_filter.since:
        lines.append(_("• signed from {moment} on", moment=times.full(_, review_filter.since)))
    if review_filter.before:
        lines.append(_("• signed before {moment}", moment=times.full(_, review_filter.before)))
    if review_filter.country:
        lines.append(_("• from {country}", country=flagged(_, review_filter.country)))
    if review_filter.source:
        lines.append(_("• by this link: {source}", source=source_name(_, review_filter.source)))
    if review_filter.name is not None:
        name = names.get(review_filter.name)
        lines.append(
            _("• all with the same name: “{name}”", name=shorten(_, name)) if name else _("• all with the same name")
        )
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
    return times.name_zone_once(_, Markup("\n").join(lines))


def source_name(_: Translator, source: str) -> str:
    """Name a source; describe those that are no link of their own."""
    known = {
        "+direct": _.label("came directly"),
        "+friends": _.label("links of friends"),
        "+other": _.label("other links"),
    }
    return known.get(source, shorten(_, source))


def ask_conditions(_: Translator, problem: Markup | None = None) -> Screen:
    """Ask for conditions, which are buttons; typed ones are understood as well."""
    question = _(
        "🔎 <b>Which signatures?</b>\n\nTap what they have in common; several conditions can be combined. "
        "They are only counted, in round numbers, and each question stands in the log."
    )
    rows = (*condition_rows(_, ReviewFilter()), way_to_review(_))
    return Screen(Markup("\n\n").join(part for part in (problem, question) if part), rows)


def condition_rows(_: Translator, chosen: ReviewFilter) -> tuple[ButtonRow, ...]:
    """Return a button for each condition; those chosen are marked, and a tap takes them away."""

    def button(label: str, what: str, *, on: bool, asks: bool = False) -> Press:
        if on:
            return Press(f"✓ {label}", callbacks.REVIEW("with", what, "off"))
        return Press(label, callbacks.REVIEW("ask", what) if asks else callbacks.REVIEW("with", what, "on"))

    days = chosen.since is not None or chosen.before is not None
    link, country, name = chosen.source is not None, chosen.country is not None, chosen.name is not None
    first: ButtonRow = (
        button(_.label("📅 Today"), "today", on=False),
        button(_.label("📅 Yesterday"), "yesterday", on=False),
        button(_.label("📅 Days …"), "days", on=False, asks=True),
    )
    return (
        (button(_.label("📅 Days"), "days", on=True),) if days else first,
        (
            button(_.label("🔗 Link") if link else _.label("🔗 Link …"), "link", on=link, asks=True),
            button(_.label("🌍 Country") if country else _.label("🌍 Country …"), "country", on=country, asks=True),
        ),
        (
            button(_.label("⚡ Faster than 10 s"), "fast", on=chosen.faster_than is not None),
            button(_.label("🆕 New accounts"), "new", on=chosen.ids_from is not None),
        ),
        (
            Press(_.label("№ Number …"), callbacks.REVIEW("ask", "number")),
            button(_.label("👤 Name") if name else _.label("👤 Name …"), "name", on=name, asks=True),
            Press(_.label("⌨️ Type …"), callbacks.REVIEW("ask", "typed")),
        ),
    )


def ask_typed(_: Translator, problem: Markup | None = None) -> Screen:
    """Explain the conditions that can be typed in one line."""
    question = _(
        "⌨️ <b>Conditions in one line</b>\n\n<code>2026-11-24 – 2026-11-25</code> days\n"
        "<code>{country}</code> a country\n<code>source: flyer</code> the link that brought them\n"
        "<code>&lt;10s</code> faster than 10 seconds\n<code>id&gt;7000000000</code> new Telegram accounts\n"
        "<code>name: …</code> one and the same name, at the end\n<code>№ {number}</code> one signature",
        country=_.country("CA"),
        number=_.number(179_962),
    )
    return _ask(_, question, problem)


def ask_days(_: Translator, problem: Markup | None = None) -> Screen:
    return _ask(_, _("📅 <b>Which days?</b>\n\nFor example: <code>2026-11-24 – 2026-11-25</code>"), problem)


def ask_number(_: Translator, problem: Markup | None = None) -> Screen:
    text = _(
        "№ <b>Which number?</b>\n\nType the number of the signature, for example {number}. "
        "Signers see theirs under /me.",
        number=_.number(179_962),
    )
    return _ask(_, text, problem)


def ask_name(_: Translator, problem: Markup | None = None, *, sealed: bool = False) -> Screen:
    """Ask for a name. Sealed names cannot be searched."""
    if sealed:
        text = _(
            "🔒 <b>Names are sealed</b>, so I can't search them. Export the signatures, open the file with the private "
            "key, find the number there, and type the number here."
        )
    else:
        text = _(
            "👤 <b>Which name?</b>\n\nType it as the person signed. "
            "The question stands in the log, and the other owners are told."
        )
    return _ask(_, text, problem)


def ask_link(_: Translator, links: Sequence[str], problem: Markup | None = None) -> Screen:
    """Offer the links with the most signatures."""
    rows = [
        (Press(source_name(_, link), callbacks.REVIEW("with", "link", link)),)
        for link in links
        if len(link) <= _LONGEST_LINK
    ]
    return _ask(_, _("🔗 <b>Which link brought them?</b>\n\nTap it, or type its name."), problem, rows)


def ask_country(_: Translator, countries: Sequence[str], problem: Markup | None = None) -> Screen:
    """Offer the countries with the most signatures."""
    buttons = [Press(flagged(_, each), callbacks.REVIEW("with", "country", each)) for each in countries]
    rows = [tuple(buttons[nth : nth + 2]) for nth in range(0, len(buttons), 2)]
    return _ask(_, _("🌍 <b>Which country?</b>\n\nTap it, or type its name."), problem, rows)


def _ask(_: Translator, text: Markup, problem: Markup | None, rows: Sequence[ButtonRow] = ()) -> Screen:
    back = (Press(_.label("‹ Back"), callbacks.REVIEW("ask", "back")),)
    return Screen(Markup("\n\n").join(part for part in (problem, text) if part), (*rows, back))


def not_understood(_: Translator) -> Markup:
    """Say that the text is no condition."""
    return _("⚠️ I could not read that as a condition. Try one of these:")


def no_such_link(_: Translator) -> Markup:
    return _("⚠️ That is no name of a link.")


def no_new_accounts(_: Translator) -> str:
    """Notice: there are too few signatures to know which accounts are new. Plain text."""
    return _.label("Too few people have signed to know which accounts are new.")


def is_counting(_: Translator, review_filter: ReviewFilter, names: NamesByHash) -> Screen:
    text = _("⏳ <b>I'm counting them.</b>\n\n{conditions}", conditions=described(_, review_filter, names))
    return Screen(text, (way_to_review(_),))


def counted(
    _: Translator,
    asked: SetAside,
    total: int,
    seen: int | None,
    names: NamesByHash,
    matching: Sequence[MatchingSignature] = (),
    *,
    may: bool,
    is_owner: bool,
) -> Screen:
    """Show the rounded count; for a signal, also how many were `seen` then. `total` are those signed here."""
    conditions = described(_, asked.review_filter, names)
    more = condition_rows(_, asked.review_filter) if is_owner and seen is None else ()
    if is_owner and asked.review_filter.name and not asked.found:
        nobody = _("🔎 <b>No signature that counts matches.</b>\n\n{conditions}", conditions=conditions)
        return Screen(nobody, (*more, way_to_review(_)))
    if seen is None:
        found, whole = about_signatures(_, asked.found or 0), _.number(total)
        head = _("🔎 Matching: <b>{count}</b> of {total} signed here", count=found, total=whole)
    else:
        counted, whole = seen_count(_, seen), _.number(total)
        head = _("🔎 Pointed out: <b>{count}</b> of {total} signed here", count=counted, total=whole)
    parts = [head, conditions]
    if not may and is_owner:
        parts.append(_("So few can be excluded only by one name or by their number."))
    if not may and not is_owner:
        parts.append(_("Only an owner can exclude so few."))
    rows: list[ButtonRow] = [
        (Press(_.label("№ {number} · {line}", number=_.number(each.number), line=each.line), _one(each.number)),)
        for each in matching
    ]
    if may:
        rows.insert(0, (Press(_.label("Exclude them …"), callbacks.REVIEW("why", asked.id), "primary"),))
    rows += [*more, leave_as_they_are(_) if may and not more else way_to_review(_)]
    return Screen(Markup("\n\n").join(parts), tuple(rows))


def seen_count(_: Translator, value: int) -> str:
    """Return the signal's count; it was counted with noise, so it is not round."""
    return _.label("about {count}", count=_.number(value)) if value >= FEW else about_signatures(_, value)


def _one(number: int) -> str:
    return callbacks.REVIEW("one", number)


def way_to_review(_: Translator) -> ButtonRow:
    return (Press(_.label("‹ All signatures to review"), callbacks.REVIEW("list")),)


def leave_as_they_are(_: Translator, *, one: bool = False) -> ButtonRow:
    label = _.label("Leave it as it is") if one else _.label("Leave them as they are")
    return (Press(label, callbacks.REVIEW("list")),)

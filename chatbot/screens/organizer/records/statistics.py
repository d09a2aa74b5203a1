"""Statistics: one short screen for each question, edited in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.live_card import IN_GROUPS, START
from chatbot.petition.countries.names import rank
from chatbot.petition.exports.share_card import SHAPES, CardShape, ShareCard
from chatbot.petition.funnel import FUNNEL_STEPS
from chatbot.petition.languages import Language
from chatbot.petition.period import PERIODS, Period
from chatbot.petition.rounding import STEP, round_all, share_out
from chatbot.screens import callbacks, times
from chatbot.screens.context import goal_line
from chatbot.screens.countries import flagged
from chatbot.screens.funnel import name_steps
from chatbot.screens.organizer.places.places import shorten
from chatbot.screens.rounded_counts import about, exactly
from chatbot.screens.screen import ButtonRow, Press, Screen

MOST_LINES = 10
_NAMED = 3
"""So many of a closed list are named although they count few: "others" would be one or two that everybody can name."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of the first screen."""

    total: int
    """Includes the supporters carried over."""
    here: int
    today: int
    yesterday: int
    week: int
    subscribers: int
    milestone: int | None
    """The next one; None once the petition has ended."""
    days_to_go: int | None
    """Days until the milestone at last week's pace; None if it has none."""


def overview(_: Translator, numbers: Overview, at: datetime) -> Screen:
    """Show the total and recent growth at a moment, with buttons to details."""
    lines = [
        _("📊 <b>{count}</b> in total", count=_.number(numbers.total)),
        "",
        _("Today: <b>{count}</b>", count=signed(_, numbers.today)),
        _("Yesterday: {count}", count=signed(_, numbers.yesterday)),
        _("Last 7 days: <b>{count}</b>", count=signed(_, numbers.week)),
        *([_("Signed here: {count}", count=_.number(numbers.here))] if numbers.here != numbers.total else []),
        _("Subscribed to updates: {count}", count=_.number(numbers.subscribers)),
    ]
    if numbers.milestone is not None:
        lines += ["", goal_line(_, numbers.total, numbers.milestone)]
        if numbers.days_to_go is not None:
            lines.append(
                _.plural(
                    "about {count} day at last week's pace",
                    "about {count} days at last week's pace",
                    numbers.days_to_go,
                )
            )
    lines += ["", _("<i>As of {moment}</i>", moment=times.named(_, at))]
    rows: tuple[ButtonRow, ...] = (
        (
            Press(_.label("🌍 Countries"), callbacks.STATISTICS("country", "all")),
            *(() if _.is_alone else (Press(_.label("🗣 Languages"), callbacks.STATISTICS("language", "all")),)),
        ),
        (
            Press(_.label("🔗 Sources"), callbacks.STATISTICS("source", "all")),
            Press(_.label("👣 Steps of signing"), callbacks.STATISTICS("steps", "all")),
        ),
        (Press(_.label("📈 Charts"), callbacks.STATISTICS("pictures", "all"), "primary"),),
        (Press(_.label("🔄 Refresh"), callbacks.STATISTICS("overview", "all")),),
    )
    return Screen(Markup("\n").join(lines), rows)


def by_country(_: Translator, counts: Mapping[str, int], period: Period, total: int) -> Screen:
    """List the countries with the most signatures in a period; `total` is the growth of all countries."""
    names = {code: flagged(_, code) for code in counts}
    return _list(_, _("🌍 <b>By country</b>"), "country", names, counts, period, total)


def by_language(_: Translator, counts: Mapping[str, int], period: Period, total: int) -> Screen:
    """List the languages of signatures in a period."""
    names = {each: _.language_name(each) for each in (*_.languages, *round_all(counts))}
    return _list(_, _("🗣 <b>By language</b>"), "language", names, counts, period, total, is_closed=True)


def by_source(
    _: Translator,
    counts: Mapping[str, int],
    period: Period,
    total: int,
    titles: Mapping[str, str] | None = None,
) -> Screen:
    """List the sources of signatures in a period; `titles` are those of linked channels and groups, by their codes."""
    known = {
        "+direct": _.label("came directly"),
        "+friends": _.label("links of friends"),
        "+other": _.label("other links"),
        START: _.label("cards in chats"),
        IN_GROUPS: _.label("cards in groups"),
    }
    known |= {code: _.isolate(shorten(title)) for code, title in (titles or {}).items()}
    names = {each: known.get(each, f"?start={each}") for each in counts}
    screen = _list(_, _("🔗 <b>By source</b>"), "source", names, counts, period, total)
    new = (Press(_.label("➕ New link and QR code"), callbacks.LINK("new"), "primary"),)
    passed_on = (Press(_.label("🌱 Passed on by friends"), callbacks.STATISTICS("friends", "all")),)
    return replace(screen, rows=(*screen.rows[:-1], passed_on, new, screen.rows[-1]))


def by_generation(_: Translator, counts: Mapping[str, int], period: Period, total: int) -> Screen:
    """List how many signed on their own, through a friend, through a friend of a friend, and so on."""
    names = {
        "0": _.label("on their own"),
        "1": _.label("through a friend"),
        "2": _.label("through a friend of a friend"),
        "3": _.label("one friend further"),
        "4": _.label("even further"),
    }
    screen = _list(_, _("🌱 <b>Passed on by friends</b>"), "friends", names, counts, period, total, is_closed=True)
    sources = (Press(_.label("🔗 Sources"), callbacks.STATISTICS("source", "all")),)
    return replace(screen, rows=(*screen.rows[:-1], (*sources, *screen.rows[-1])))


def _list(
    _: Translator,
    title: Markup,
    view: str,
    names: Mapping[str, str],
    counts: Mapping[str, int],
    period: Period,
    total: int,
    *,
    is_closed: bool = False,
) -> Screen:
    """List the largest counts, and the others in one line. `is_closed`: `names` has all there can be."""
    # Rounded, and in the order of the rounded numbers: a small difference would reveal a person.
    shown = round_all(counts)
    ordered = sorted(shown.items(), key=lambda each: (-each[1], each[0]))[:MOST_LINES]
    if view == "country":
        ordered = rank(shown, MOST_LINES)
    if view == "friends":
        ordered = sorted(shown.items())
    total, rest = split(ordered, total)
    lines = [
        title,
        _("<i>{period}: {count}</i>", period=period_name(_, period), count=about(_, total) if total else exactly(_, 0)),
        "",
    ]
    few = [name for key, name in names.items() if key not in shown] if is_closed and len(shown) <= MOST_LINES else None
    if few == [] and rest < STEP * len(shown):
        rest = 0  # what was rounded off, and nobody else
    rows = [(names[key], count) for key, count in ordered] + ([(_.label("others"), rest)] if rest else [])
    shares = share_out([count for _name, count in rows])
    rough = [_rough_line(_, name, count, share) for (name, count), share in zip(rows, shares, strict=True)]
    if total and few and len(few) <= _NAMED:
        rough = [*rough[: len(ordered)], *(_("{name}: <b>{few}</b>", name=name, few=about(_, 0)) for name in few)]
    lines += rough
    if not total:
        lines.append(_("In this period no more people signed than withdrew."))
    else:
        lines += ["", _("<i>Rounded, so that nobody can be picked out.</i>")]
    return Screen(Markup("\n").join(lines), (*_periods(_, view, period), (_back(_),)))


def split(shown: Sequence[tuple[str, int]], total: int) -> tuple[int, int]:
    """Return growth in total and of lines not `shown`, derived from the public total.

    Counters of their own would not do: a withdrawn signature lowers its country's counter only, so the next signer
    from there could see which country that was.
    """
    named = sum(count for _key, count in shown)
    total = max(total, named)
    return total, total - named


def _rough_line(_: Translator, name: str, count: int, share: int) -> Markup:
    return _("{name}: <b>{count}</b> · {share}", name=name, count=about(_, count), share=_.percent(share / 100))


def _line(_: Translator, name: str, count: int, total: int) -> Markup:
    return _("{name}: <b>{count}</b> · {share}", name=name, count=exactly(_, count), share=_.percent(count / total))


def by_step(_: Translator, counts: Mapping[str, int], period: Period) -> Screen:
    """Show how many people reached each funnel step, as shares of those who began to sign."""
    began = counts.get("began", 0)
    names = name_steps(_)
    lines = [
        _("👣 <b>Steps of signing</b>"),
        _("<i>{period}, each person once per step</i>", period=period_name(_, period)),
        "",
    ]
    for milestone in FUNNEL_STEPS:
        count = counts.get(milestone, 0)
        line = _("{name}: <b>{count}</b>", name=names[milestone], count=_.number(count))
        if began and milestone in ("country", "reason", "check", "signed"):
            line = _line(_, names[milestone], count, began)
        lines.append(line)
    if began:
        lines += ["", _("<i>Percentages are of those who began to sign.</i>")]
    return Screen(Markup("\n").join(lines), (*_periods(_, "steps", period), (_back(_),)))


def signed(_: Translator, change: int) -> str:
    """Write a change with its sign: +1,204, or −3 if more were withdrawn."""
    return f"{'+' if change >= 0 else '−'}{_.number(abs(change))}"


def being_drawn(_: Translator) -> str:
    return _.label("🖌 Your chart is on its way.")


def period_name(_: Translator, period: Period) -> str:
    return {
        "day": _.label("Today"),
        "week": _.label("7 days"),
        "month": _.label("30 days"),
        "all": _.label("All time"),
    }[period]


def pictures(_: Translator) -> Screen:
    """Offer the charts."""
    growth = [Press(f"📈 {period_name(_, period)}", callbacks.STATISTICS("growth", period)) for period in PERIODS]
    ranks = [Press(f"🌍 {period_name(_, period)}", callbacks.STATISTICS("ranks", period)) for period in PERIODS]
    text = _(
        "📈 <b>Charts</b>\n\n📈 signatures over time\n🌍 the countries with the most\n"
        "🖼 a picture to share, with a QR code"
    )
    cards = [
        Press(f"🖼 {_name_card(_, language, shape)}", callbacks.STATISTICS("card", ShareCard(shape, language).to_code()))
        for language in _.languages
        for shape in SHAPES
    ]
    return Screen(text, (*_by_twos(growth), *_by_twos(ranks), *_by_twos(cards), (_back(_),)))


def _name_card(_: Translator, language: Language, shape: CardShape) -> str:
    name = {"portrait": _.label("upright"), "square": _.label("square")}[shape]
    return name if _.is_alone else _.row([_.language_name(language), name])


def _by_twos(buttons: Sequence[Press]) -> tuple[ButtonRow, ...]:
    return tuple(tuple(buttons[nth : nth + 2]) for nth in range(0, len(buttons), 2))


def _periods(_: Translator, view: str, period: Period) -> tuple[ButtonRow, ...]:
    return _by_twos(
        [
            Press(f"{'✓ ' if each == period else ''}{period_name(_, each)}", callbacks.STATISTICS(view, each))
            for each in PERIODS
        ]
    )


def _back(_: Translator) -> Press:
    return Press(_.label("‹ Back"), callbacks.STATISTICS("overview", "all"))

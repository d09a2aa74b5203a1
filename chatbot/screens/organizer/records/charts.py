"""Words and numbers of a chart; `chatbot.documents.charts` draws it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import unescape
from itertools import pairwise
from typing import Any, Final

from babel.dates import format_skeleton
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.countries.names import UNTOLD, rank
from chatbot.petition.model import Campaign
from chatbot.petition.period import Period
from chatbot.petition.rounding import FEW, round_all, round_down, share_out
from chatbot.screens import times
from chatbot.screens.organizer.records.statistics import period_name, signed, split
from chatbot.screens.rounded_counts import about

_MOST_RANKS: Final = 8
_ISOLATES: Final = "\u2068\u2069\u200f"
"""Those beside the number would have their other half in another part."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def growth(
    _: Translator,
    campaign: Campaign,
    period: Period,
    now: datetime,
    boundaries: Sequence[datetime],
    totals: Sequence[int],
) -> dict[str, Any]:
    """Describe the curve of total signatures, at each past boundary of `boundaries` and now."""
    totals = [campaign.carried_over + total for total in totals]
    whole = (boundaries[-1] - boundaries[0]) / _HOUR
    places = [(min(at, now) - boundaries[0]) / _HOUR / whole for at in (*boundaries[: len(totals) - 1], now)]
    added = [max(after - before, 0) for before, after in pairwise(totals)]
    bars = added + [0] * (len(boundaries) - 1 - len(added))
    levels = _levels(min(totals), max(totals))
    parts = len(boundaries) - 1
    # A week is divided into quarters of a day; its marks are midnights.
    marks = [0, 8, 16, 24] if period == "week" else [round(nth * parts / 3) for nth in range(4)]
    return {
        "kind": "growth",
        **_head(_, campaign, period, now),
        "figure": divide_figure(_.plural("{count} signature", "{count} signatures", totals[-1]), _.number(totals[-1])),
        "remark": signed(_, totals[-1] - totals[0]),
        "curve": list(zip(places, totals, strict=True)),
        "bars": bars,
        "most": _most(_, _measure(_, *boundaries[:2]), max(bars)),
        "levels": [(level, _.number(level)) for level in levels],
        "marks": [(nth / parts, _mark(_, period, boundaries[nth], ends=nth == parts)) for nth in marks],
    }


def ranks(
    _: Translator,
    campaign: Campaign,
    period: Period,
    now: datetime,
    counts: Mapping[str, int],
    total: int,
) -> dict[str, Any]:
    """Describe the countries with the most signatures in a period; `total` is the growth of all countries."""
    shown = round_all(counts)
    # Rounded, and in the order of the rounded numbers: a small difference would reveal a person.
    ordered = rank(shown, _MOST_RANKS)
    rows = [(_.country(code), count) for code, count in ordered]
    total, rest = split(ordered, total)
    if rest:
        rows.append((_.label("other countries"), rest))
    shares = share_out([count for _name, count in rows])
    return {
        "kind": "ranks",
        **_head(_, campaign, period, now),
        "figure": _about_figure(_, total),
        "remark": _countries(_, len(shown.keys() - {UNTOLD})),
        "none": _.label("No country has {few} signatures in this period yet.", few=_.number(FEW)),
        "ranks": [
            (name, count, about(_, count), _.percent(share / 100))
            for (name, count), share in zip(rows, shares, strict=True)
        ],
    }


def _head(_: Translator, campaign: Campaign, period: Period, now: datetime) -> dict[str, str]:
    """Say of which petition, period and moment a chart is."""
    words = campaign.words[campaign.find_offered(_.language)]
    return {
        "direction": _.direction,
        "heading": words.hashtag or words.title,
        "period": period_name(_, period),
        # Spaces that do not break a line have no glyph in some typefaces.
        "foot": _.label("As of {moment}", moment=times.moment(_, now)).replace("\u202f", " ").replace("\u00a0", " "),
    }


def divide_figure(text: str, number: str) -> tuple[str, str, str]:
    """Divide a text at its number, which is drawn larger than the words before and after it."""
    before, found, after = unescape(str(text)).partition(number)
    return before.strip(_ISOLATES), found, after.strip(_ISOLATES)


def _about_figure(_: Translator, count: int) -> tuple[str, str, str]:
    """Write a count without revealing a single person."""
    rounded = round_down(count)
    if not rounded:
        few = _.number(FEW)
        return divide_figure(_.label("fewer than {count} signatures", count=few), few)
    text = _.plural("{count} signature or more", "{count} signatures or more", rounded)
    return divide_figure(text, _.number(rounded))


def _countries(_: Translator, count: int) -> str:
    """Say how many countries have enough signatures to be named."""
    told = _.plural("{count} country with {few} or more", "{count} countries with {few} or more", count, few=FEW)
    return str(told.unescape()) if count else ""


def caption(_: Translator, view: str, period: Period) -> Markup:
    """Write the caption of a chart."""
    what = _("🌍 Countries with the most signatures") if view == "ranks" else _("📈 Signatures over time")
    return Markup(" · ").join((what, period_name(_, period)))


def _measure(_: Translator, begin: datetime, end: datetime) -> timedelta:
    """Return the length of an interval by the clock: a day is one also when the clock is changed."""
    by_clock = end.astimezone(_.zone).replace(tzinfo=None) - begin.astimezone(_.zone).replace(tzinfo=None)
    return _HOUR if end - begin == _HOUR else by_clock


def _most(_: Translator, part: timedelta, count: int) -> str:
    number = _.number(count)
    if part == _HOUR:
        return _.label("most in an hour: {count}", count=number)
    if part == 6 * _HOUR:
        return _.label("most in six hours: {count}", count=number)
    if part == _DAY:
        return _.label("most in a day: {count}", count=number)
    return _.label("most in {days} days: {count}", days=_.number(part // _DAY), count=number)


def _mark(_: Translator, period: Period, at: datetime, *, ends: bool) -> str:
    """Name a position below the curve; the end is named by its last day."""
    if period == "day":
        shown = times.hour(_, at.astimezone(_.zone))
        return shown.replace("00", "24", 1) if ends else shown
    local = (at - _HOUR if ends else at).astimezone(_.zone)
    return str(format_skeleton("MMMd", local, locale=_.locale))


def _levels(low: int, high: int) -> list[int]:
    """Return three to six round numbers from below `low` to above `high`."""
    step, nth = 1, 0
    while (high - low) / step > 4:
        step = (1, 2, 5)[(nth + 1) % 3] * 10 ** ((nth + 1) // 3)
        nth += 1
    first = low // step * step
    last = max(-(-high // step) * step, first + 2 * step)
    return list(range(first, last + 1, step))

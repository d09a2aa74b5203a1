"""Numbers of a broadcast report: a bar, outcomes, languages and reasons.

If people get it because they signed, counts are rounded and small ones omitted: comparing two broadcasts that
differ in one country would otherwise reveal whether somebody there signed. So are the counts of any broadcast that
has not reached all, because some may wait for their morning, whose hour belongs to their country.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.rounding import FEW, group_few, round_down
from chatbot.screens import times
from chatbot.screens.organizer.team.members import shorten
from chatbot.screens.rounded_counts import about, exactly, people

_BAR: Final = 12
_MOST_MORNINGS: Final = 6


def is_rounded(broadcast: Broadcast, tally: Tally) -> bool:
    """Whether exact counts would tell of single people: that they signed, or that it is night where they are."""
    return broadcast.is_by_signature or broadcast.tells_nights(tally)


def counted(_: Translator, broadcast: Broadcast, tally: Tally, count: int) -> str:
    """Write a count of deliveries; rounded where an exact one would tell of single people."""
    if not is_rounded(broadcast, tally):
        return exactly(_, count)
    return about(_, count, 0 if broadcast.is_by_signature or tally.is_partial else tally.total)


def counted_all(_: Translator, broadcast: Broadcast, tally: Tally, count: int) -> str:
    """Write a number of recipients; rounded where that of all would tell of single people."""
    return about(_, count) if tally.is_partial else people(_, broadcast, count)


def bar(_: Translator, broadcast: Broadcast, tally: Tally) -> Markup:
    done = tally.total - tally.left
    is_round = is_rounded(broadcast, tally)
    if is_round and not (broadcast.is_by_signature or tally.is_partial) and not round_down(tally.total):
        return _.plural("👥 <b>{count}</b> person", "👥 <b>{count}</b> people", tally.total)
    is_over = broadcast.state is BroadcastState.ENDED and not tally.left
    shown = round_down(done) if is_round and not is_over else done
    percent = shown * 100 // tally.total if tally.total else 100
    if is_round:
        percent -= percent % 10
    filled = percent * _BAR // 100 if is_round else done * _BAR // tally.total if tally.total else _BAR
    return _(
        "{bar} {percent}\n{done} of {total}",
        bar=_.direct("▮" * filled + "▯" * (_BAR - filled)),
        percent=_.percent(percent / 100),
        done=counted(_, broadcast, tally, done),
        total=counted_all(_, broadcast, tally, tally.total),
    )


def steered(_: Translator, broadcast: Broadcast) -> list[Markup]:
    """Say who did something with it last, and when; of a broadcast that was only started, who started it."""
    done = broadcast.steered
    if done is None or (done.act == "started" and not done.name):
        return []
    name, moment = shorten(_, done.name), times.named(_, done.at)
    match done.act:
        case "paused":
            return [_("👤 {name} paused it, {moment}", name=name, moment=moment)]
        case "resumed":
            return [_("👤 {name} resumed it, {moment}", name=name, moment=moment)]
        case "cancelled":
            return [_("👤 {name} stopped it, {moment}", name=name, moment=moment)]
        case "again":
            return [_("👤 {name} continued it, {moment}", name=name, moment=moment)]
        case "recalled":
            return [_("👤 {name} began to delete it, {moment}", name=name, moment=moment)]
        case "woke":
            return [_("👤 {name} let it wake people, {moment}", name=name, moment=moment)]
        case "started":
            return [_("👤 by {name}", name=name)]


def outcomes(_: Translator, broadcast: Broadcast, tally: Tally) -> Markup:
    """Return one line for each outcome that occurred."""
    done = {"update": _("✅ arrived"), "correction": _("✅ corrected"), "recall": _("✅ deleted")}
    said = {
        "sent": done[broadcast.kind],
        "gone": _("🚪 not reachable"),
        "failed": _("⚠️ failed"),
        "unknown": _("❓ unknown"),
        "skipped": _("🔕 unsubscribed in the meantime"),
    }
    tally = _hide_reasons(tally)
    counts = {outcome: tally.count(outcome) for outcome in said}
    shown = [(said[each], n) for each, n in counts.items() if each == "sent" or _is_shown(broadcast, tally, n)]
    return _list(_, broadcast, tally, shown)


def is_asleep_shown(broadcast: Broadcast, tally: Tally) -> bool:
    """Whether it is said that people wait for their morning: of a few, only once nobody else is left."""
    asleep = broadcast.count_asleep(tally)
    is_resting = not broadcast.is_by_signature and 0 < asleep == tally.left
    return not broadcast.hides_outcomes(tally) and (is_resting or round_down(asleep) > 0)


def has_reached_nobody(broadcast: Broadcast, tally: Tally) -> bool:
    """Whether it ended without reaching anybody, which is told because it decides what can be done with it."""
    is_over = broadcast.kind == "update" and broadcast.ended_at is not None
    return is_over and not (broadcast.is_by_signature or tally.held or broadcast.is_in_places)


def asleep(_: Translator, broadcast: Broadcast, tally: Tally) -> list[Markup]:
    """Say how many wait for their morning and until when, or what becomes of them once it is paused or ended."""
    if not is_asleep_shown(broadcast, tally):
        return []
    count = about(_, tally.asleep)
    if broadcast.state is BroadcastState.ENDED:
        return [_("🌙 waited for their morning, and didn't get it: {count}", count=count)]
    if broadcast.state is BroadcastState.PAUSED:
        return [_("🌙 asleep: {count}. Paused, they don't get it in their morning either.", count=count)]
    last = find_last_morning(tally)
    if last is None:
        return [_("🌙 waiting for their morning: {count}", count=count)]
    return [
        _(
            "🌙 waiting for their morning: {count}, nearly all by {moment}",
            count=count,
            moment=times.named(_, last),
        ),
        *_list_mornings(_, tally),
    ]


def find_last_morning(tally: Tally) -> datetime | None:
    """Return the moment by which nearly all have their morning; None if there are so few that it would tell of them."""
    left = tally.asleep
    if not round_down(left):
        return None
    for at, count in sorted(tally.mornings.items()):
        left -= count
        if not round_down(left):
            return at
    return None


def _list_mornings(_: Translator, tally: Tally) -> list[Markup]:
    """Say how many wait until which hour. Hours belong to countries, so that their numbers are rounded like those."""
    known = [(at, round_down(count)) for at, count in sorted(tally.mornings.items()) if round_down(count)]
    if len(known) < 2:
        return []
    shown = known[:_MOST_MORNINGS]
    parts = [_("{moment}: {count}+", moment=times.brief(_, at), count=_.number(count)) for at, count in shown]
    return [Markup(" · ").join(parts)]


def languages(_: Translator, broadcast: Broadcast, tally: Tally) -> Markup:
    """Say how many people it reached, in total and by language."""
    if has_reached_nobody(broadcast, tally):
        return _("👥 Nobody has it.")
    count, total = counted(_, broadcast, tally, tally.count("sent")), counted_all(_, broadcast, tally, tally.total)
    done = {
        "update": _("<b>{count} of {total}</b> have it", count=count, total=total),
        "correction": _("<b>{count} of {total}</b> are corrected", count=count, total=total),
        "recall": _("<b>{count} of {total}</b> are deleted", count=count, total=total),
    }
    if broadcast.recalled_at:
        done["update"] = _("<b>{count} of {total}</b> had got it", count=count, total=total)
    lines = [done[broadcast.kind]]
    groups = _group_languages(_, broadcast, tally)
    if len(groups) > 1:
        lines += [
            _(
                "{language}: {count} of {total}",
                language=_.join(map(_.language_name, group)),
                count=counted(_, broadcast, tally, sum(tally.count("sent", each) for each in group)),
                total=counted_all(_, broadcast, tally, sum(tally.audience[each] for each in group)),
            )
            for group in groups
        ]
    return Markup("\n").join(lines)


def _group_languages(_: Translator, broadcast: Broadcast, tally: Tally) -> list[list[Language]]:
    """Group the languages for a line each. Those of a few people share one: theirs would tell what one of them did."""
    known = dict.fromkeys(each for each in (*_.languages, *tally.audience) if each in tally.audience)
    if is_rounded(broadcast, tally):
        return [[each] for each in known if _is_shown(broadcast, tally, tally.audience[each])]
    return group_few({each: tally.audience[each] for each in known})


def reasons(_: Translator, broadcast: Broadcast, tally: Tally) -> Markup | None:
    """Explain missing deliveries, one line for each reason; None if everyone has it."""
    names: dict[tuple[str, str], Markup] = {
        ("gone", "blocked"): _("🚪 blocked the bot"),
        ("gone", "deactivated"): _("🚪 left Telegram"),
        ("gone", "not_found"): _("🚪 not found"),
        ("gone", "message_gone"): _("🚪 deleted the message"),
        ("gone", ""): _("🚪 not reachable"),
        ("failed", "too_old"): _("⚠️ too old to change"),
        ("failed", "content"): _("⚠️ refused by Telegram"),
        ("failed", ""): _("⚠️ failed"),
        ("unknown", "crash"): _("❓ unknown, because the bot was stopped"),
        ("unknown", ""): _("❓ unknown, because the connection broke"),
        ("skipped", ""): _("🔕 unsubscribed in the meantime"),
    }
    counts: Counter[tuple[str, str]] = Counter()
    for (_language, outcome, reason), count in _hide_reasons(tally).outcomes.items():
        if outcome != "sent":
            counts[outcome, reason if (outcome, reason) in names else ""] += count
    lines = [(name, counts[each]) for each, name in names.items() if _is_shown(broadcast, tally, counts[each])]
    return _list(_, broadcast, tally, lines) if lines else None


def _hide_reasons(tally: Tally) -> Tally:
    """Of a few people count who cannot be reached, not what they did: that they blocked the bot, unsubscribed …"""
    if tally.total >= FEW:
        return tally
    outcomes: Counter[tuple[Language, str, str]] = Counter()
    for (language, outcome, reason), count in tally.outcomes.items():
        key = (language, "gone", "") if outcome in ("gone", "skipped") else (language, outcome, reason)
        outcomes[key] += count
    return replace(tally, outcomes=outcomes)


def _is_shown(broadcast: Broadcast, tally: Tally, count: int) -> bool:
    """Whether a count is shown: a small one would tell of single people."""
    return round_down(count) > 0 if is_rounded(broadcast, tally) else count > 0


def _list(_: Translator, broadcast: Broadcast, tally: Tally, lines: list[tuple[Markup, int]]) -> Markup:
    return Markup("\n").join(
        _("{what}: {count}", what=what, count=counted(_, broadcast, tally, count)) for what, count in lines
    )

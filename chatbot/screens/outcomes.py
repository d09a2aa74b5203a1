"""What became of a broadcast, counted: as a bar, by outcome, by language and by reason."""

from collections import Counter
from typing import Final

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcast import Kind, Tally
from chatbot.petition.model import LANGUAGES

_BAR: Final = 12


def bar(_: Translator, tally: Tally) -> Markup:
    """How far it is."""
    done = tally.total - tally.left
    filled = done * _BAR // tally.total if tally.total else _BAR
    return _(
        "{bar} {percent}%\n{done} of {total}",
        bar="▮" * filled + "▯" * (_BAR - filled),
        percent=done * 100 // tally.total if tally.total else 100,
        done=_.number(done),
        total=_.number(tally.total),
    )


def outcomes(_: Translator, kind: Kind, tally: Tally) -> Markup:
    """One line for each outcome that there is."""
    done = {"update": _("✅ arrived"), "correction": _("✅ corrected"), "recall": _("✅ deleted")}
    said = {
        "sent": done[kind],
        "gone": _("🚪 not reachable"),
        "failed": _("⚠️ failed"),
        "unknown": _("❓ unknown"),
        "skipped": _("🔕 unsubscribed meanwhile"),
    }
    counts = {outcome: tally.count(outcome) for outcome in said}
    return _list(_, [(said[each], count) for each, count in counts.items() if count or each == "sent"])


def languages(_: Translator, kind: Kind, tally: Tally) -> Markup:
    """How many it reached, in all and in each language."""
    count, total = _.number(tally.count("sent")), _.number(tally.total)
    done = {
        "update": _("<b>{count} of {total}</b> have it", count=count, total=total),
        "correction": _("<b>{count} of {total}</b> are corrected", count=count, total=total),
        "recall": _("<b>{count} of {total}</b> are deleted", count=count, total=total),
    }
    lines = [done[kind]]
    if len(tally.audience) > 1:
        lines += [
            _(
                "{language}: {count} of {total}",
                language=_.language_name(language),
                count=_.number(tally.count("sent", language)),
                total=_.number(tally.audience[language]),
            )
            for language in LANGUAGES
            if language in tally.audience
        ]
    return Markup("\n").join(lines)


def reasons(_: Translator, tally: Tally) -> Markup | None:
    """Why the others do not have it, one line for each reason; None where everybody has."""
    names: dict[tuple[str, str], Markup] = {
        ("gone", "blocked"): _("🚪 blocked the bot"),
        ("gone", "deactivated"): _("🚪 left Telegram"),
        ("gone", "not_found"): _("🚪 not to be found"),
        ("gone", "message_gone"): _("🚪 deleted the message"),
        ("gone", ""): _("🚪 not reachable"),
        ("failed", "too_old"): _("⚠️ too old to be changed by now"),
        ("failed", "content"): _("⚠️ refused by Telegram"),
        ("failed", ""): _("⚠️ failed"),
        ("unknown", "crash"): _("❓ unknown, because the bot was stopped"),
        ("unknown", ""): _("❓ unknown, because the connection broke"),
        ("skipped", ""): _("🔕 unsubscribed meanwhile"),
    }
    counts: Counter[tuple[str, str]] = Counter()
    for (_language, outcome, reason), count in tally.outcomes.items():
        if outcome != "sent":
            counts[outcome, reason if (outcome, reason) in names else ""] += count
    lines = [(name, counts[each]) for each, name in names.items() if counts[each]]
    return _list(_, lines) if lines else None


def _list(_: Translator, lines: list[tuple[Markup, int]]) -> Markup:
    return Markup("\n").join(_("{what}: {count}", what=what, count=_.number(count)) for what, count in lines)

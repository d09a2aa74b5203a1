"""Every screen of the review of signatures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chatbot.i18n import Translator
from chatbot.petition.review.filter import ReviewFilter, SetAside, Signal, hash_name
from chatbot.screens.organizer import notices
from chatbot.screens.organizer.records import review
from chatbot.screens.screen import Screen

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "abcdefghijk"
WHOLE = ReviewFilter(AT, AT + timedelta(minutes=10), "CA", "s" * 64, hash_name("Mallory"), 6, 7_000_000_000)
ONE = SetAside(
    2**48 - 1, 3003, ReviewFilter(source="flyer"), 9, "A flood by one link", AT, "counted", 1204, 900, 9, 5000
)


def review_screens(_: Translator) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    kinds = {
        "source": ReviewFilter(AT, AT, source="+friends"),
        "name": ReviewFilter(AT, AT, name="0" * 32),
        "speed": ReviewFilter(AT, AT, faster_than=6),
        "new": ReviewFilter(AT, AT, ids_from=7_000_000_000),
    }
    signals = [Signal(2**48 - 1, kind, review_filter, 412, 3.2, AT) for kind, review_filter in kinds.items()]
    states = [replace(ONE, state=state) for state in ("running", "done", "cancelled", "restoring", "restored")]
    signals[1] = replace(signals[1], value=12)
    yield "doubts", review.overview(_, signals, states, 900, is_owner=True)
    yield "doubts-none", review.overview(_, [], [], 0, review.gone(_))
    yield "doubts-conditions", review.ask_conditions(_, review.not_understood(_))
    yield "doubts-counting", review.is_counting(_, WHOLE)
    whole, few = replace(ONE, review_filter=WHOLE), replace(ONE, found=7)
    yield "doubts-counted", review.counted(_, whole, 5000, None, may=True, is_owner=True)
    yield "doubts-counted-few", review.counted(_, few, 5000, None, may=False, is_owner=True)
    yield "doubts-counted-none", review.counted(_, replace(whole, found=0), 5000, None, may=True, is_owner=True)
    yield "doubts-pointed-out", review.counted(_, ONE, 5000, 1_207, may=True, is_owner=False)
    yield "doubts-pointed-out-few", review.counted(_, ONE, 5000, 12, may=False, is_owner=False)
    yield "doubts-reason", review.ask_reason(_, review.no_reason(_))
    yield "doubts-confirm", review.confirm(_, replace(ONE, reason="&" * review.MOST_WORDS), CODE)
    for each in states:
        yield f"doubts-{each.state}", review.show_set_aside(_, each)
    yield "doubts-decided", review.show_set_aside(_, states[1], review.used_up(_))
    yield "doubts-back", review.confirm_back(_, states[1], CODE)
    known = {"id": 2**48 - 1, "by": "유나", "count": 900, "reason": ONE.reason}
    for what in ("started", "done", "stopped", "back", "restored"):
        yield f"notice-set-aside-{what}", notices.write(_, "set_aside", known | {"what": what})
    for name in (0, 1):
        yield f"notice-many-asked-{name}", notices.write(_, "many_asked", {"by": "유나", "count": 20, "name": name})
    signal = {"id": 2**48 - 1, "kind": "speed", "conditions": '{"faster_than":6}', "value": 412, "usual": 3200}
    yield "notice-signal", notices.write(_, "signal", signal | {"found_at": AT.isoformat()})

"""Every screen of the review of signatures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chatbot.i18n import Translator
from chatbot.petition.review.filter import ReviewFilter, SetAside, Signal, hash_name
from chatbot.petition.review.merging import SignalGroup
from chatbot.screens.organizer import notices
from chatbot.screens.organizer.records import one_signature, review, review_conditions
from chatbot.screens.organizer.records.one_signature import SignatureCard
from chatbot.screens.screen import Screen

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
CODE = "abcdefghijk"
WHOLE = ReviewFilter(AT, AT + timedelta(minutes=10), "CA", "s" * 64, hash_name("Mallory"), 6, 7_000_000_000)
NAMES = {hash_name("Mallory"): "Mallory", "0" * 32: "박철수"}
TOTALS = review.Totals(4100, 178_921)
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
    groups = [SignalGroup((signals[1], signals[0]), 12), *(SignalGroup((each,), 412) for each in signals[2:])]
    states[0] = replace(states[0], review_filter=ReviewFilter(number=179_962), done=1)
    yield "doubts", review.overview(_, groups, states, 900, NAMES, is_owner=True)
    yield "doubts-organizer", review.overview(_, groups, states, 900, {})
    yield "doubts-none", review.overview(_, [], [], 0, {}, review.gone(_))
    yield "doubts-conditions", review_conditions.ask_conditions(_, review_conditions.not_understood(_))
    yield "doubts-typed", review_conditions.ask_typed(_)
    yield "doubts-days", review_conditions.ask_days(_)
    yield "doubts-number", review_conditions.ask_number(_, one_signature.not_found(_, 179_999))
    yield "doubts-name", review_conditions.ask_name(_)
    yield "doubts-name-sealed", review_conditions.ask_name(_, sealed=True)
    yield "doubts-link", review_conditions.ask_link(_, ["flyer", "+friends"], review_conditions.no_such_link(_))
    yield "doubts-country", review_conditions.ask_country(_, ["KR", "CA", "US"])
    yield "doubts-counting", review_conditions.is_counting(_, WHOLE, NAMES)
    whole, few = replace(ONE, review_filter=WHOLE), replace(ONE, found=7)
    counted = review_conditions.counted
    matching = [review_conditions.MatchingSignature(179_962, "Nov 25, 12:00 · Canada")]
    yield "doubts-counted", counted(_, whole, 5000, None, NAMES, matching, may=True, is_owner=True)
    yield "doubts-counted-few", counted(_, few, 5000, None, {}, may=False, is_owner=True)
    yield "doubts-counted-none", counted(_, replace(whole, found=0), 5000, None, {}, may=True, is_owner=True)
    yield "doubts-pointed-out", counted(_, ONE, 5000, 1_207, {}, may=True, is_owner=False)
    yield "doubts-pointed-out-few", counted(_, ONE, 5000, 12, {}, may=False, is_owner=False)
    yield "doubts-reason", review.ask_reason(_, review.no_reason(_))
    yield "doubts-confirm", review.confirm(_, replace(ONE, reason="&" * review.MOST_WORDS), 69, {}, TOTALS, CODE)
    single = replace(ONE, review_filter=ReviewFilter(number=179_962), found=1, done=1, state="done")
    yield "doubts-confirm-one", review.confirm(_, single, None, {}, TOTALS, CODE)
    yield "doubts-done-one", review.show_set_aside(_, single, {}, TOTALS, number=179_962)
    card = SignatureCard(179_962, "하나", "CA", AT, may_be_named=True, set_aside_id=None)
    yield "doubts-one", one_signature.show(_, card)
    sealed = replace(card, name=None, may_be_named=False, set_aside_id=7, reason=ONE.reason)
    yield "doubts-one-excluded", one_signature.show(_, sealed, one_signature.counts_again(_))
    yield "doubts-one-erased", one_signature.show(_, replace(card, name=""))
    yield "doubts-one-again", one_signature.confirm_again(_, 179_962, CODE)
    for each in states:
        yield f"doubts-{each.state}", review.show_set_aside(_, each, {}, TOTALS)
    yield (
        "doubts-decided",
        review.show_set_aside(_, states[1], NAMES, replace(TOTALS, carried_over=0), review.used_up(_)),
    )
    yield "doubts-restored-one", review.show_set_aside(_, replace(single, state="restored"), {}, TOTALS)
    yield "doubts-stopped-one", review.show_set_aside(_, replace(single, state="cancelled", done=0), {}, TOTALS)
    yield "doubts-back", review.confirm_back(_, states[1], NAMES, CODE)
    yield "doubts-back-one", review.confirm_back(_, single, {}, CODE)
    yield "doubts-reason-one", review.ask_reason(_, for_one=True)
    known = {"id": 2**48 - 1, "by": "유나", "count": 900, "reason": ONE.reason}
    for what in ("started", "done", "stopped", "back", "restored", "one_back"):
        yield f"notice-set-aside-{what}", notices.write(_, "set_aside", known | {"what": what})
    for what in ("started", "done", "stopped", "back", "restored"):
        one = known | {"what": what, "one": True, "count": int(what != "started")}
        yield f"notice-set-aside-{what}-one", notices.write(_, "set_aside", one)
    for name in (0, 1):
        yield f"notice-many-asked-{name}", notices.write(_, "many_asked", {"by": "유나", "count": 20, "name": name})
    signal = {"id": 2**48 - 1, "kind": "speed", "conditions": '{"faster_than":6}', "value": 412, "usual": 3200}
    yield "notice-signal", notices.write(_, "signal", signal | {"found_at": AT.isoformat()})
